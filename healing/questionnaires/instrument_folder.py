"""The questionnaires that stand in files: those that ship, and what lies in INSTRUMENTS_DIR."""

from functools import cache
from pathlib import Path

from django.conf import settings

from healing.questionnaires.instrument import Instrument
from healing.questionnaires.instrument_file import read, read_wording

FOLDER = Path(__file__).parent / "instruments"


def from_files() -> dict[str, Instrument]:
    """All of them by id; raises BadContent for the first file that is wrong.

    Files are read once for each process.
    """
    return _from_files(settings.INSTRUMENTS_DIR)


@cache
def _from_files(added: Path | None) -> dict[str, Instrument]:
    found = {file.stem: read(file) for file in sorted(FOLDER.glob("*.yaml"))}
    for file in sorted(added.glob("*.yaml")) if added else ():
        known = found.get(file.stem)
        found[file.stem] = read_wording(file, known) if known else read(file)
    return found
