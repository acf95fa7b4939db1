"""The hourly job: links whose time is over lose what they showed."""

from datetime import timedelta

from django.utils import timezone

from healing.sharing.actions import expire_shares
from healing.sharing.models import Share
from healing.sharing.tasks import expire_shares as job
from tests.sharing.conftest import Make


def test_what_they_showed_goes_and_their_log_stays(make: Make) -> None:
    (late, _token), (living, _other) = make(), make()
    Share.objects.filter(pk=late.pk).update(due=timezone.now() - timedelta(seconds=1))
    job()
    late.refresh_from_db()
    assert (late.state, late.packet, late.key) == (Share.State.EXPIRED, None, None)
    assert late.label == "for Dr Weiss"
    living = Share.objects.get(pk=living.pk)
    assert living.is_open
    assert living.packet


def test_a_second_run_finds_nothing_left_to_do(make: Make) -> None:
    share, _token = make()
    assert expire_shares(share.due) == 1
    assert expire_shares(share.due) == 0
