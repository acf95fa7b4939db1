"""The questionnaires there are: from files, with the words that editors published for some."""

from healing.questionnaires.instrument import Instrument
from healing.questionnaires.instrument_folder import from_files
from healing.questionnaires.models import AddedWording


def find(slug: str) -> Instrument | None:
    """The questionnaire people may fill in under that name, if there is one.

    While its wording needs a licence there is none, and none that only scores files.
    """
    instrument = from_files().get(slug)
    if instrument is None or not instrument.for_people:
        return None
    if instrument.has_wording:
        return instrument
    added = AddedWording.objects.published().filter(instrument=slug).first()
    return added.worded() if added else None


def every() -> dict[str, Instrument]:
    """All questionnaires by id; raises BadContent for the first file that is wrong.

    Published words are asked for each time (one query), so every process knows them at once.
    """
    found = dict(from_files())
    for added in AddedWording.objects.published():
        if instrument := added.worded():
            found[instrument.id] = instrument
    return found
