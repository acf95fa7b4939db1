"""The check of templates finds each thing it is there to find."""

import pytest

from tests.check_templates import faults, main


def test_no_template_breaks_the_content_policy() -> None:
    assert main() == 0


@pytest.mark.parametrize(
    ("markup", "what"),
    [
        ('<p>\n<b style="color:red">', "an inline style"),
        ('<a onclick="go()">', "an inline handler"),
        ("<script>go()</script>", "an inline script"),
        ("<style>p{}</style>", "a style element"),
        ("{{ text|safe }}", "unescaped markup"),
        ("{% autoescape off %}", "unescaped markup"),
        ('<img src="https://cdn.example/a.png">', "a foreign host"),
    ],
)
def test_each_rule_finds_its_fault(markup: str, what: str) -> None:
    assert [fault.partition(" ")[2] for fault in faults(markup, "page.html")] == [what]


@pytest.mark.parametrize(
    "markup",
    [
        '<script type="module" src="/static/js/base.js"></script>',
        '<script type="application/json" id="d">{}</script>',
        '<a href="https://doi.org/1">source</a>',
        '<p class="style">stylish, on=off</p>',
    ],
)
def test_what_is_allowed_is_left_alone(markup: str) -> None:
    assert faults(markup, "page.html") == []
