"""What is served of our scripts and styles: the same thing, without comments and layout."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage

from healing.storage import StaticFiles, smaller

STATIC = Path(settings.BASE_DIR) / "static"
STYLES = sorted(STATIC.glob("css/*.css"))


def plain(css: str) -> str:
    """The style sheet with one space for every comment or run of spaces."""
    return re.sub(r"(?:/\*.*?\*/|\s)+", " ", css, flags=re.DOTALL).strip()


@pytest.mark.parametrize("file", STYLES, ids=lambda file: file.name)
def test_a_style_sheet_says_the_same_as_its_source(file: Path) -> None:
    small = smaller(f"css/{file.name}", file.read_text())
    assert len(small) < len(file.read_text())
    assert plain(small) == plain(file.read_text())


def test_a_space_that_means_something_stays() -> None:
    source = "@layer parts {\n  .a :is(.b, .c) { color: red; }\n}\n"
    assert ".a :is(.b, .c) { color: red; }" in smaller("css/x.css", source)


def test_a_script_loses_comments_and_keeps_its_words() -> None:
    source = 'const said = `a  // b ${"c"}`; // why\nexport const rule = /\\/\\*x/u;\n'
    small = smaller("js/x.js", source)
    assert "why" not in small
    assert '`a  // b ${"c"}`' in small
    assert "/\\/\\*x/u" in small


@pytest.mark.parametrize("name", ["wagtailadmin/js/core.js", "js.txt", "img/icon.svg"])
def test_what_is_not_ours_comes_as_it_is(name: str) -> None:
    source = "/* theirs */  x"
    assert smaller(name, source) == source


def test_imported_scripts_are_named_by_what_is_in_them(tmp_path: Path) -> None:
    source = StaticFilesStorage(location=str(STATIC))
    served = StaticFiles(location=str(tmp_path), base_url="/static/")
    names = ["js/player.js", "js/senses.js", "js/voice.js"]
    for name in names:
        with source.open(name) as file:
            served.save(name, file)
    list(served.post_process({name: (source, name) for name in names}))
    player = (tmp_path / served.stored_name("js/player.js")).read_text()
    assert Path(served.stored_name("js/senses.js")).name in player
    assert "One clock drives" not in player
