"""Which lessons cite which source."""

from healing.lessons.models import Lesson


def citing() -> dict[str, list[Lesson]]:
    """The published lessons that name each source, by the source's id, in the programme's order."""
    found: dict[str, list[Lesson]] = {}
    for lesson in Lesson.objects.published().only("slug", "title", "content_id", "sources"):
        for source_id in lesson.source_ids:
            found.setdefault(source_id, []).append(lesson)
    return found
