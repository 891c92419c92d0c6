"""The page on compressions against what the code gives."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from gmd.compression import COMPRESSIONS
from tools import document_compressions as tool
from tools.pages import BEGIN, END

ROOT = Path(__file__).resolve().parents[1]


def page_of(**tables: str) -> str:
    """A page with both tables; empty where none is given."""
    parts = []
    for maker, name in zip(tool.TABLES, ("table", "spanning"), strict=True):
        begin, end = (marker.format(maker=maker) for marker in (BEGIN, END))
        text = tables.get(name)
        parts.append(f"{begin}{end}" if text is None else f"{begin}\n{text}\n{end}")
    return "\n".join(parts)


def test_tables_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / tool.MAKER, "--check"],
        check=False, timeout=120, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "old", "new"), [("table", "11 760", "11 761"), ("spanning", "0.3", "0.4")]
)
def test_check_finds_a_table_that_is_not(tmp_path, monkeypatch, capsys, name, old, new) -> None:
    page = tmp_path / "compressions.md"
    tables = {"table": tool.table(), "spanning": tool.spanning_table()}
    assert old in tables[name]
    monkeypatch.setattr(tool, "PAGE", page)
    monkeypatch.setattr(sys, "argv", ["document_compressions.py", "--check"])
    page.write_text(page_of(**tables))
    assert tool.main() == 0
    tables[name] = tables[name].replace(old, new)
    page.write_text(page_of(**tables))
    assert tool.main() == 1
    assert "compressions.md is out of date: ./run python tools" in capsys.readouterr().err


def test_figures_are_made_with_the_table(tmp_path, monkeypatch) -> None:
    page = tmp_path / "compressions.md"
    page.write_text(page_of())
    monkeypatch.setattr(tool, "PAGE", page)
    monkeypatch.setattr(tool, "IMAGES", tmp_path / "images")
    monkeypatch.setattr(tool, "N_SEEDS", 1)
    monkeypatch.setattr(sys, "argv", ["document_compressions.py"])
    assert tool.main() == 0
    assert "289 200" in page.read_text()
    assert "total density" in page.read_text()
    made = {file.name for file in (tmp_path / "images").iterdir()}
    assert made == {f"{name}.{ending}" for name in tool.FIGURES for ending in ("svg", "png")}


def test_rows_and_lengths_of_the_table() -> None:
    rows = [line.split(" | ") for line in tool.table().splitlines() if line.startswith("| $")]
    assert len(rows) == len(COMPRESSIONS)
    # S = 4, N = 12, L = 9, by hand from NS(NS+1)/2 (L+1) and so on
    assert [row[5] for row in rows[:4]] == ["11 760", "5760", "4800", "1920"]
    assert all(len(row) == len(rows[0]) for row in rows)


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_page_shows_every_figure(ending) -> None:
    page = tool.PAGE.read_text(encoding="utf-8")
    shown = re.findall(r"\]\(images/(\w+)\.png\)", page)
    assert sorted(shown) == sorted(tool.FIGURES)
    assert all((tool.IMAGES / f"{name}.{ending}").is_file() for name in shown)
