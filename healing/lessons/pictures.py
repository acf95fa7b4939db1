"""The pictures a lesson can show: small SVG files shipped with the site, for light and dark."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Picture:
    """A static file, its size in CSS pixels, and what editors see; not meant as its alt text."""

    file: str
    width: int
    height: int
    label: str | Promise


PICTURES: dict[str, Picture] = {
    "steady-zone": Picture(
        "img/lessons/steady-zone.svg",
        640,
        300,
        _("The steady zone between high alarm and shut-down"),
    ),
    "long-out-breath": Picture(
        "img/lessons/long-out-breath.svg", 640, 300, _("A short breath in, a longer breath out")
    ),
    "wave": Picture(
        "img/lessons/wave.svg", 640, 300, _("A wave that rises, crests and falls, with a boat")
    ),
    "chain": Picture("img/lessons/chain.svg", 640, 220, _("A chain of seven links, one lit")),
    "two-sliders": Picture(
        "img/lessons/two-sliders.svg", 640, 220, _("Two sliders at different places")
    ),
    "loop": Picture("img/lessons/loop.svg", 640, 300, _("A loop of four arrows with two exits")),
    "branches": Picture(
        "img/lessons/branches.svg", 640, 300, _("A tree with several branches and a bird")
    ),
    "ladder": Picture("img/lessons/ladder.svg", 640, 300, _("A ladder with its lowest rung lit")),
    "open-door": Picture(
        "img/lessons/open-door.svg", 640, 300, _("An open door with warm light at dusk")
    ),
    "night-window": Picture(
        "img/lessons/night-window.svg", 640, 300, _("A lit window under a night sky")
    ),
    "harbour": Picture("img/lessons/harbour.svg", 640, 300, _("A small boat tied to a quay")),
    "two-cups": Picture("img/lessons/two-cups.svg", 640, 300, _("Two cups on a table by a window")),
}
