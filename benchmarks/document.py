"""Write the measured part of docs/performance.md.

``./run python -m benchmarks.document results/benchmarks``, from the checkout's root, takes over
what ``./run benchmark`` left in that folder: its numbers as ``benchmarks/measured.json``, its
figure, and the text between the markers of the page. Without a folder the text is made again from
the numbers at hand, and with ``--check`` it is only compared.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.growth import FIGURE
from benchmarks.measuring import ROOT
from benchmarks.report import Report, from_json, machine_text, markdown, summary_table
from tools.pages import update_pages

PAGE = ROOT / "docs" / "performance.md"
IMAGES = ROOT / "docs" / "images"
MEASURED = ROOT / "benchmarks" / "measured.json"
JSON_NAME = "benchmarks.json"

MAKER = "benchmarks/document.py"

FIGURE_TEXT = (
    f"![Time and peak memory of all imbalances against the number of structures, both axes "
    f"logarithmic](images/{FIGURE}.png)\n"
)


def measured_text() -> str:
    """Tables of all benchmarks at hand, in Markdown."""
    found = json.loads(MEASURED.read_text(encoding="utf-8"))
    reports: dict[str, Report] = {
        name: from_json(entry) for name, entry in found["benchmarks"].items()
    }
    parts = [f"{machine_text(found['machine'])}\n", summary_table(reports)]
    for name, report in reports.items():
        parts.append(markdown(report, level=3))
        if name == "imbalance_growth":
            parts.append(FIGURE_TEXT)
    return "\n".join(parts)


def take_over(folder: Path) -> None:
    """Copy the numbers and the figure of a run.

    Raises
    ------
    ValueError
        For a run at tiny sizes, whose numbers say nothing.
    """
    found = json.loads((folder / JSON_NAME).read_text(encoding="utf-8"))
    if found["tiny"]:
        raise ValueError(f"{JSON_NAME} is of a run with --tiny; its times say nothing")
    shutil.copyfile(folder / JSON_NAME, MEASURED)
    for ending in ("svg", "png"):
        if (folder / f"{FIGURE}.{ending}").exists():
            shutil.copyfile(folder / f"{FIGURE}.{ending}", IMAGES / f"{FIGURE}.{ending}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Update the page; with ``--check`` returns 1 where it is out of date."""
    parser = argparse.ArgumentParser(description="Write the measured part of docs/performance.md.")
    parser.add_argument("folder", type=Path, nargs="?", help="what ./run benchmark wrote")
    parser.add_argument(
        "--check", action="store_true", help="change nothing; fail if the page is out of date"
    )
    chosen = parser.parse_args(arguments)
    if chosen.folder is not None and not chosen.check:
        take_over(chosen.folder)
    return update_pages(
        {PAGE: measured_text},
        maker=MAKER,
        command="./run python -m benchmarks.document",
        check=chosen.check,
    )


if __name__ == "__main__":
    sys.exit(main())
