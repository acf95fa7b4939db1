"""After all journeys: a dump of the database holds none of the private words that were typed."""

import shutil
import sqlite3
import subprocess

from tests.browser.conftest import Site


def dump(site: Site) -> bytes:
    """Everything the database holds, as text and, where it is a file, as raw bytes too."""
    if site.on_servers:
        tool = shutil.which("pg_dump")
        assert tool, "pg_dump comes with PostgreSQL's client tools"
        command = [tool, "--dbname", site.env["DATABASE_URL"]]
        return subprocess.run(command, check=True, capture_output=True).stdout
    file = site.var / "steady.sqlite3"
    connection = sqlite3.connect(file)
    text = "\n".join(connection.iterdump()).encode()
    connection.close()
    raw = b"".join(part.read_bytes() for part in site.var.glob("steady.sqlite3*"))
    return text + raw


def test_no_private_word_is_in_the_dump(site: Site) -> None:
    held = dump(site)
    # It can find something: addresses and the lessons' texts are there in clear.
    assert b"@example.org" in held
    assert b"steadiness" in held
    if not site.typed:
        site.secret("nothing was typed in this run")
    found = [words for words in site.typed if words.encode() in held]
    assert found == []


def test_no_private_word_is_in_the_log_or_a_mail(site: Site) -> None:
    log = (site.var / "serve.log").read_bytes()
    mails = b"".join(bytes(message) for message in site.inbox.messages)
    mails += b"".join(file.read_bytes() for file in (site.var / "mail").glob("*"))
    assert [words for words in site.typed if words.encode() in log + mails] == []
    assert b"/c/" not in log
    assert b"/r/" not in log
