"""The questionnaires there are: those that ship, and what an operator adds in INSTRUMENTS_DIR."""

from functools import cache
from pathlib import Path

from django.conf import settings

from healing.questionnaires.instrument import Instrument
from healing.questionnaires.instrument_file import read, read_wording

FOLDER = Path(__file__).parent / "instruments"


def find(slug: str) -> Instrument | None:
    """The questionnaire people may fill in under that name, if there is one.

    While its wording needs a licence there is none, and none that only scores files.
    """
    instrument = every().get(slug)
    if instrument is None or not instrument.for_people:
        return None
    return instrument if instrument.has_wording else None


def every() -> dict[str, Instrument]:
    """All questionnaires by id; raises BadContent for the first file that is wrong."""
    return _every(settings.INSTRUMENTS_DIR)


@cache
def _every(added: Path | None) -> dict[str, Instrument]:
    found = {file.stem: read(file) for file in sorted(FOLDER.glob("*.yaml"))}
    for file in sorted(added.glob("*.yaml")) if added else ():
        known = found.get(file.stem)
        found[file.stem] = read_wording(file, known) if known else read(file)
    return found
