"""How static files reach a browser: small, and named by what is in them, imported scripts too."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rjsmin import jsmin
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Comments and indentation. Not more: the known minifiers take the space out of `.a :is(.b)` inside
# a layer, and then it means something else.
LAYOUT = re.compile(r"/\*.*?\*/|^\s+", re.DOTALL | re.MULTILINE)


def _without_layout(text: str) -> str:
    return LAYOUT.sub("", text)


# Our own files; Wagtail's come as they are.
OURS = {"js/": jsmin, "css/": _without_layout}


def smaller(name: str, text: str) -> str:
    """What is served for a static file of this name: without comments and layout, if it is ours."""
    shrink = OURS.get(f"{name.partition('/')[0]}/", str)
    return str(shrink(text))


class StaticFiles(CompressedManifestStaticFilesStorage):
    """WhiteNoise's, with our scripts and styles made smaller.

    The names in `import … from "./voice.js"` are hashed like all others: else a browser would keep
    an imported module of an older version beside a new script.
    """

    support_js_module_import_aggregation = True

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        """Also shrinks what is collected, and goes on with that in place of the sources."""
        for name in () if dry_run else [one for one in paths if one.startswith(tuple(OURS))]:
            storage, source = paths[name]
            with storage.open(source) as file:
                small = smaller(name, file.read().decode())
            Path(self.path(name)).write_text(small)
            paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)
