"""Taking it with you: choose, look, strike out, take; and a link for a therapist."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from healing.accounts.access import PersonRequest
from healing.accounts.refill import refills
from healing.sharing import actions, files
from healing.sharing.choosing import Choice, choice_of
from healing.sharing.forms import PacketForm, PassphraseForm, ShareForm
from healing.sharing.kinds import TooMany
from healing.sharing.models import Share

# Names that say nothing: the file may lie in a shared folder.
TABLE_NAME, DATA_NAME = "notes.csv", "notes.json"

Taking = Callable[[PersonRequest, Choice], HttpResponse]
View = Callable[[PersonRequest], HttpResponse]


@require_safe
def packet(request: PersonRequest) -> HttpResponse:
    """Chooses days and kinds, and lists the links there are."""
    return _choose(request, PacketForm.empty(request.user.today()))


def _choose(request: PersonRequest, form: PacketForm) -> HttpResponse:
    shares = list(Share.objects.of(request.user).listed())
    return render(request, "sharing/packet.html", {"form": form, "shares": shares})


def _chosen(request: PersonRequest) -> Choice | HttpResponse:
    """What was chosen, or the form again with what to mend."""
    form = PacketForm(request.POST)
    if form.is_valid():
        try:
            return choice_of(owner=request.user, form=form)
        except TooMany:
            form.add_error(
                "first", _("This is more than fits. Choose fewer days or fewer kinds at a time.")
            )
    return _choose(request, form)


@refills(PacketForm)
def preview(request: PersonRequest) -> HttpResponse:
    """Shows a packet as it will look, page by page, with a box beside each line."""
    if request.method != "POST":
        return redirect("sharing:packet")
    choice = _chosen(request)
    return choice if isinstance(choice, HttpResponse) else _look(request, choice)


def _look(request: PersonRequest, choice: Choice) -> HttpResponse:
    """The page asked for; the first one, with a word about it, if the rows changed meanwhile."""
    changed = choice.was_seen and not choice.is_settled
    asked = request.POST.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    number = 1 if changed else min(max(number, 1), max(len(choice.pages), 1))
    shown = choice.pages[number - 1] if choice.pages else []
    context = {
        "changed": changed,
        "choice": choice,
        "number": number,
        "rows": shown,
        "state": PacketForm(initial=choice.hidden(shown)),
    }
    return render(request, "sharing/preview.html", context)


def _takes(take: Taking) -> View:
    """A view that takes the packet away: only as it was looked at, and only if there is any."""

    @wraps(take)
    def view(request: PersonRequest) -> HttpResponse:
        choice = _chosen(request)
        if isinstance(choice, HttpResponse):
            return choice
        if not choice.is_settled or not choice.packet.rows:
            return _look(request, choice)
        return take(request, choice)

    return view


@require_POST
@refills(PacketForm)
@_takes
def paper(request: PersonRequest, choice: Choice) -> HttpResponse:
    """The packet as a page to print, or to save as a PDF."""
    context = {"packet": choice.packet, "state": PacketForm(initial=choice.hidden())}
    return render(request, "sharing/paper.html", context)


@require_POST
@refills(PacketForm)
@_takes
def as_table(request: PersonRequest, choice: Choice) -> HttpResponse:
    heads = (_("date"), _("kind"), _("question"), _("answer"))
    body = files.table(choice.packet, heads=heads, note=_not_included())
    return _download(body, "text/csv; charset=utf-8", TABLE_NAME)


@require_POST
@refills(PacketForm)
@_takes
def as_data(request: PersonRequest, choice: Choice) -> HttpResponse:
    body = files.plain(choice.packet, note=_not_included())
    return _download(body, "application/json", DATA_NAME)


def _not_included() -> str:
    return _("Some entries are not included.")


def _download(body: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@refills(ShareForm)
@_takes
def share_create(request: PersonRequest, choice: Choice) -> HttpResponse:
    """Warns and asks, then shows link and passphrase, which stand nowhere else."""
    if "token" not in request.POST:
        return _ask(request, ShareForm.fresh(choice.hidden()))
    form = ShareForm(request.POST)
    if not form.is_valid():
        return _ask(request, form)
    made = {name: form.cleaned_data[name] for name in ("label", "days", "token", "passphrase")}
    try:
        share = actions.make_share(
            owner=request.user,
            form_id=form.cleaned_data["form_id"],
            packet=choice.packet,
            **made,
        )
    except Share.DoesNotExist:
        raise Http404 from None
    if not share.is_open:
        messages.info(request, _("This link has ended. Make a new one if you need it."))
        return redirect("sharing:packet")
    link = settings.SITE_URL + reverse("sharing:share_open", args=[made["token"]])
    context = {"share": share, "link": link, "passphrase": made["passphrase"]}
    return render(request, "sharing/share_create.html", context)


def _ask(request: PersonRequest, form: ShareForm) -> HttpResponse:
    return render(request, "sharing/share_create.html", {"form": form})


@require_POST
def share_end(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Ends a link at once."""
    try:
        actions.end_share(owner=request.user, pk=pk)
    except Share.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("The link has ended. It opens nothing any more."))
    return redirect("sharing:packet")


@require_POST
def share_forget(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Takes a link off the list, with its log; one that still opens ends with it."""
    try:
        actions.forget_share(owner=request.user, pk=pk)
    except Share.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("The link is off the list."))
    return redirect("sharing:packet")


def _outside(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Keeps a page that holds a token, and perhaps a packet, out of caches, logs and searches."""

    @wraps(view)
    def quiet(request: HttpRequest, token: str) -> HttpResponse:
        response = view(request, token)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return quiet


# As behind a mail's link, the token is the whole authority, and here the passphrase with it: there
# is no session that a foreign page could misuse, and a CSRF token would set a cookie on a visitor.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@_outside
def share_open(request: HttpRequest, token: str) -> HttpResponse:
    """Asks for the passphrase; with it, shows what the person chose to share.

    A GET looks nothing up, so it changes nothing and does not say whether the link lives.
    """
    form = PassphraseForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _show(request, "ask", form=form)
    try:
        shown, ends = actions.open_share(token=token, passphrase=form.cleaned_data["passphrase"])
    except actions.NoSuchLink:
        return _show(request, "gone", status=404)
    except actions.Resting:
        return _show(request, "resting", status=429)
    except actions.WrongPassphrase:
        form.add_error(
            "passphrase", _("This is not the passphrase of this link. Look at each word once more.")
        )
        return _show(request, "ask", status=403, form=form)
    return _show(request, "open", packet=shown, ends=ends)


def _show(request: HttpRequest, stage: str, status: int = 200, **context: object) -> HttpResponse:
    return render(request, "sharing/share_open.html", {"stage": stage, **context}, status=status)
