"""/my-data/export/ and `export_person`: everything, opened, in one file."""

import json
import stat
from io import StringIO
from pathlib import Path

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from healing.privacy.records import private_models
from healing.questionnaires import instruments
from healing.questionnaires.actions import submit
from healing.questionnaires.fhir import fault_of
from healing.questionnaires.models import Submission
from tests.privacy.walk import SAID, fill_everything, make_row

EXPORT = "/my-data/export/"


def test_it_is_one_file_with_a_neutral_name_that_nobody_keeps(client_of, mara):
    answer = client_of(mara).post(EXPORT)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == 'attachment; filename="steady-ground-data.json"'
    assert answer["Cache-Control"] == "no-store, private"


def test_her_questionnaires_stand_there_as_fhir_too(client_of, mara, theo):
    for owner, step in ((mara, 4), (theo, 1)):
        submit(
            owner=owner,
            instrument=instruments.find("starting-picture"),
            row=Submission().id,
            answers={"q01": step, "q02": 3},
            choices={},
        )
    forms = client_of(mara).post(EXPORT).json()["fhir"]
    assert set(forms) == {"R5", "R4B"}
    for release, data in forms.items():
        assert fault_of(data, release) is None
        asked, filled = (entry["resource"] for entry in data["entry"])
        assert asked["title"] == "Starting picture"
        (score,) = (one for one in filled["item"] if one["linkId"].startswith("score-"))
        assert score["answer"] == [{"valueDecimal": 3.5}]


def test_it_holds_what_she_said_and_who_she_is(client_of, mara):
    fill_everything(mara, private_models())
    data = client_of(mara).post(EXPORT, headers={"user-agent": "A browser"}).json()
    (row,) = data["records"]["questionnaires.submission"]
    assert row["said"] == {"said": SAID}
    assert row["local_date"] == mara.today().isoformat()
    assert "owner" not in row
    assert data["account"]["email"] == mara.email
    assert data["account"]["time_zone"] == "Europe/Berlin"
    assert data["account"]["addresses"] == [
        {"email": mara.email, "verified": True, "primary": True}
    ]
    assert [one["kind"] for one in data["records"]["accounts.consent"]] == ["storing"]


def test_it_says_where_she_is_signed_in(mara):
    client = Client(headers={"user-agent": "A browser"})
    client.post("/accounts/login/", {"login": mara.email, "password": "a long walk by the river"})
    (place,) = client.post(EXPORT).json()["account"]["signed_in_on"]
    assert (place["user_agent"], place["ip"]) == ("A browser", "127.0.0.1")
    assert client.session.session_key not in json.dumps(place)


def test_it_leaves_out_what_would_let_others_in_and_says_so(client_of, mara):
    secret = generate_totp_secret()
    TOTP.activate(mara, secret)
    codes = RecoveryCodes.activate(mara)
    answer = client_of(mara).post(EXPORT)
    data, text = answer.json(), answer.content.decode()
    assert [one["kind"] for one in data["account"]["ways_to_prove_it_is_you"]] == [
        "totp",
        "recovery_codes",
    ]
    assert mara.password not in text
    assert secret not in text
    assert codes.instance.data["seed"] not in text
    assert not any(code in text for code in codes.get_unused_codes())
    assert any("password" in one["what"] for one in data["left_out"])
    assert all(one["why"] for one in data["left_out"])


def test_nothing_of_another_person_is_in_it(client_of, mara, theo):
    fill_everything(mara, private_models())
    answer = client_of(theo).post(EXPORT)
    assert SAID not in answer.content.decode()
    assert mara.email not in answer.content.decode()
    rows = answer.json()["records"]
    assert {label for label, found in rows.items() if found} == {"accounts.consent"}


def test_one_damaged_row_does_not_hide_the_rest(client_of, mara):
    good, bad = make_row(Submission, mara), make_row(Submission, mara)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, said FROM questionnaires_submission")
        raw = dict(cursor.fetchall())
        keys = {str(key).replace("-", ""): key for key in raw}
        cursor.execute(
            "UPDATE questionnaires_submission SET said = %s WHERE id = %s",
            [raw[keys[good.pk.hex]], keys[bad.pk.hex]],
        )
    rows = client_of(mara).post(EXPORT).json()["records"]["questionnaires.submission"]
    said = {row["id"]: row["said"] for row in rows}
    assert said == {str(good.pk): {"said": SAID}, str(bad.pk): {"could_not_be_opened": True}}


def test_a_link_alone_starts_no_download(client_of, mara):
    assert client_of(mara).get(EXPORT).status_code == 405


def test_signed_out_there_is_nothing(db, client):
    answer = client.post(EXPORT)
    assert answer.status_code == 403
    assert "records" not in answer.content.decode()


def test_the_operators_file_is_readable_by_its_maker_alone(mara, tmp_path: Path):
    fill_everything(mara, private_models())
    file, said = tmp_path / "data.json", StringIO()
    call_command("export_person", "MARA@example.org", "--to", str(file), stdout=said)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    data = json.loads(file.read_text())
    assert data["records"]["questionnaires.submission"][0]["said"] == {"said": SAID}
    assert SAID not in said.getvalue()
    assert str(file) in said.getvalue()


def test_a_file_that_is_there_is_never_written_over(mara, tmp_path: Path):
    file = tmp_path / "data.json"
    file.write_text("something else")
    with pytest.raises(CommandError, match="File exists"):
        call_command("export_person", mara.email, "--to", str(file))
    assert file.read_text() == "something else"


def test_an_unknown_address_is_refused(db, tmp_path: Path):
    with pytest.raises(CommandError, match="no person"):
        call_command("export_person", "nobody@example.org", "--to", str(tmp_path / "x"))
    assert list(tmp_path.iterdir()) == []
