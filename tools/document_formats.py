"""Write the tables of docs/formats.md.

``./run python tools/document_formats.py`` writes the text between the markers of the page; with
``--check`` it only compares.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from gmd.structures.foreign import FOREIGN  # noqa: E402
from gmd.structures.format_table import KEEPS, NOT_TRIED, OUTCOMES  # noqa: E402
from gmd.structures.formats import REFUSED  # noqa: E402
from tools.pages import update_pages  # noqa: E402

MAKER = "tools/document_formats.py"
PAGE = ROOT / "docs" / "formats.md"


def text() -> str:
    """Both tables, in Markdown."""
    kept = [
        (
            f"`{kind}`",
            *(OUTCOMES[one] for one in (keeps.crystal, keeps.slab, keeps.molecule)),
            f"{keeps.tolerance:g}",
        )
        for kind, keeps in sorted(KEEPS.items())
    ]
    not_tried = "; ".join(f"`{kind}`: {reason}" for kind, reason in sorted(NOT_TRIED.items()))
    refused = [
        *((form.what, form.way) for form in FOREIGN.values()),
        *((f"`{kind}`", reason) for kind, reason in sorted(REFUSED.items())),
    ]
    return "\n".join(
        (
            "### What each format preserves\n",
            _table(("format", "crystal", "slab", "molecule", "position error, at most (Å)"), kept),
            f"Not tested: {not_tried}.\n",
            "### Files that are not read\n",
            _table(("files", "what to do instead, or the reason"), refused).rstrip("\n"),
        )
    )


def _table(heading: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [heading, ("---",) * len(heading), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main() -> int:
    parser = argparse.ArgumentParser(description="Write the tables of docs/formats.md.")
    parser.add_argument(
        "--check", action="store_true", help="change nothing; fail if a table is out of date"
    )
    return update_pages(
        {PAGE: text},
        maker=MAKER,
        command=f"./run python {MAKER}",
        check=parser.parse_args().check,
    )


if __name__ == "__main__":
    sys.exit(main())
