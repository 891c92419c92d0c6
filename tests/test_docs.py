"""The examples of the pages run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


PAGES = (
    "README.md",
    "docs/transformer.md",
    "docs/recommendation.md",
    "docs/sweep.md",
    "docs/compressions.md",
)


@pytest.mark.parametrize("page", PAGES)
def test_examples_run(page, monkeypatch) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    examples = re.findall(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    assert examples
    monkeypatch.chdir(ROOT)
    exec(compile("\n".join(examples), page, "exec"), {"__name__": "example"})
