"""What a person answered, as FHIR resources for their own export or an operator's."""

from django.conf import settings

from healing.accounts.models import User
from healing.questionnaires import instruments
from healing.questionnaires.fhir_export import Resource, bundle, questionnaire, response
from healing.questionnaires.instrument import Instrument
from healing.questionnaires.models import Submission
from healing.vault.keyring import SealBroken


def address_of(instrument: Instrument) -> str:
    """The questionnaire's canonical address."""
    return f"{settings.SITE_URL}/questionnaires/{instrument.id}/"


def submissions_as_fhir(
    owner: User, instrument: Instrument, url: str
) -> tuple[list[Resource], int]:
    """One QuestionnaireResponse for each submission, oldest first, and how many do not fit.

    Those of another version or range are not answers to the questionnaire as it is; nor is one
    whose seal is broken.
    """
    found, rows = [], list(Submission.objects.of(owner).to(instrument).reverse())
    for row in rows:
        try:
            if row.fits(instrument):
                found.append(response(instrument, row.answered(), url))
        except SealBroken:
            continue
    return found, len(rows) - len(found)


def person_as_fhir(*, owner: User, release: str) -> Resource:
    """A Bundle of every questionnaire the person answered, each with the answers."""
    resources = []
    answered = set(Submission.objects.of(owner).values_list("instrument", flat=True))
    for name, instrument in sorted(instruments.every().items()):
        if name in answered:
            url = address_of(instrument)
            found, _left = submissions_as_fhir(owner, instrument, url)
            resources += [questionnaire(instrument, release, url), *found]
    return bundle(resources)
