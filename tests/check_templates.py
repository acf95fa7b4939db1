"""Finds in templates what the content policy forbids, and what would put markup past the escaping.

`make check` runs it: python -m tests.check_templates
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RULES = {
    "an inline style": re.compile(r"\sstyle\s*=", re.I),
    "an inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", re.I),
    "a style element": re.compile(r"<style", re.I),
    "unescaped markup": re.compile(r"\|\s*safe\b|autoescape\s+off|mark_safe|safeseq"),
    "a foreign host": re.compile(r"<(?:script|link|img|iframe|audio|video)[^>]+https?://", re.I),
}
# Wagtail's screens and mail bodies live outside our pages' policy.
OUTSIDE = ("wagtailadmin/", "mail/")


def faults(text: str, name: str) -> list[str]:
    """`name:line what` for each rule a template breaks."""
    return [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1} {what}"
        for what, rule in RULES.items()
        for match in rule.finditer(text)
    ]


def main() -> int:
    found = []
    for file in sorted((ROOT / "templates").rglob("*.html")):
        name = str(file.relative_to(ROOT / "templates"))
        if not name.startswith(OUTSIDE):
            found += faults(file.read_text(), name)
    for file in [*ROOT.glob("healing/**/*.py"), *ROOT.glob("journal/**/*.py"),
                 *ROOT.glob("exercises/**/*.py")]:  # fmt: skip
        if re.search(r"\bmark_safe\(|\bSafeString\(", file.read_text()):
            found.append(f"{file.relative_to(ROOT)} unescaped markup")
    print("\n".join(found) or "Templates: nothing inline, nothing unescaped.")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
