"""The sources pages: what each publication can and cannot support, and where it is cited."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from healing.editorial.models import EditedText
from healing.sources.models import Source

# Looks up the lessons that cite each source, by its id. Lessons stand above this room, so
# `healing.urls`, which is above both, hands the question in.
Citing = Callable[[], Mapping[str, Sequence[EditedText]]]

LONGEST_QUERY = 100
# As many full entries as a page can hold within its 14 KB; further ones are named.
IN_FULL = 20


@login_not_required
@require_safe
def source_list(request: HttpRequest, citing: Citing = dict) -> HttpResponse:
    """The core works in short and all others by name, or the works that hold the words of `q`."""
    words = _words(request)
    sources = list(Source.objects.published().matching(words))
    context: dict[str, object] = {"query": " ".join(words), "longest": LONGEST_QUERY}
    if words:
        context["count"] = len(sources)
        context["found"] = _with_lessons(sources[:IN_FULL], citing)
        context["further"] = sources[IN_FULL:]
    else:
        context["core"] = [source for source in sources if source.core]
        context["further"] = [source for source in sources if not source.core]
    return render(request, "sources/source_list.html", context)


@login_not_required
@require_safe
def source_group(request: HttpRequest, group: str, citing: Citing = dict) -> HttpResponse:
    """Every work of one group, in full."""
    sources = [source for source in Source.objects.published() if source.group_slug == group]
    if not sources:
        raise Http404
    return render(request, "sources/source_group.html", {"sources": _with_lessons(sources, citing)})


def _words(request: HttpRequest) -> list[str]:
    """What is looked for, cut to a length; without the NUL that PostgreSQL refuses."""
    return request.GET.get("q", "").replace("\0", " ")[:LONGEST_QUERY].split()


def _with_lessons(sources: Iterable[Source], citing: Citing) -> list[Source]:
    lessons, filled = citing(), list(sources)
    for source in filled:
        source.cited_by = lessons.get(source.content_id, ())
    return filled
