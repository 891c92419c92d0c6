"""The page on formats against what is tried and refused."""

from __future__ import annotations

import sys

from tools import document_formats as tool


def test_page_is_up_to_date(monkeypatch, capsys) -> None:
    monkeypatch.setattr(sys, "argv", ["document_formats.py", "--check"])
    assert tool.main() == 0, capsys.readouterr().err


def test_check_finds_a_page_that_is_not(tmp_path, monkeypatch, capsys) -> None:
    page = tmp_path / "formats.md"
    page.write_text(
        tool.PAGE.read_text(encoding="utf-8").replace("| `aims` | preserved", "| `aims` | -")
    )
    monkeypatch.setattr(tool, "PAGE", page)
    monkeypatch.setattr(sys, "argv", ["document_formats.py", "--check"])
    assert tool.main() == 1
    assert "formats.md is out of date: ./run python tools" in capsys.readouterr().err
