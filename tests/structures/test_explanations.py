"""Errors of readers in plain words, with the line where it is known."""

from __future__ import annotations

import re
import warnings
import zlib
from pathlib import Path

import ase
import numpy as np
import pytest

from gmd.structures import StructureError, read_structures
from gmd.structures.explanations import reason_of
from structures.format_samples import TEXTS
from structures.messages import check_message
from structures.sample_files import POSCAR, sample_files


def damages(text: str) -> list[str]:
    """A text in the ways in which files go wrong."""
    lines = text.splitlines(keepends=True)
    spoiled = [text[: len(text) * part // 8] for part in range(1, 8)]
    for number, line in enumerate(lines):
        before, after = "".join(lines[:number]), "".join(lines[number + 1 :])
        spoiled.append(before + after)
        spoiled.append(before + re.sub(r"-?\d[\d.]*", "x", line) + after)
        spoiled.append(before + re.sub(r"\b(Li|F|S)\b", "Qq", line) + after)
        spoiled.append(before + " ".join(line.split()[:-1]) + "\n" + after)
    return sorted({one for one in spoiled if one != text})


def some(texts: list[str], name: str, count: int = 24) -> list[str]:
    """A few of many, always the same."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    return [texts[i] for i in rng.permutation(len(texts))[:count]]


def is_text(contents: bytes) -> bool:
    return b"\0" not in contents and contents.isascii()


SAMPLES = {
    # some damages keep the regular expressions of NWChem's reader busy for half a minute
    **{f"a.{kind}": (text, kind) for kind, text in TEXTS.items() if kind != "nwchem-in"},
    **{
        f"sample-{name}": (contents.decode(), None)
        for name, contents in sample_files().items()
        if is_text(contents) and not name.endswith(".train.ascii")
    },
}


def refusal(path: Path, kind: str | None) -> StructureError | None:
    try:
        read_structures(path, format=kind)
    except StructureError as error:
        return error
    return None


@pytest.mark.parametrize("name", SAMPLES)
def test_messages_are_plain(tmp_path, name) -> None:
    text, kind = SAMPLES[name]
    path = tmp_path / name
    for spoiled in some(damages(text), name):
        path.write_text(spoiled)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            error = refusal(path, kind)
        if error is not None:
            check_message(str(error), name)
            assert "cannot be read as" not in str(error) or error.__cause__ is not None
            assert not isinstance(error.__cause__, StructureError)


def raised(call) -> Exception:
    try:
        call()
    except Exception as error:
        return error
    raise AssertionError


def fail(error: Exception) -> None:
    raise error


def lookup() -> None:
    {}["D"]


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: float("x"), "'x' is not a number"),
        (lambda: int("1 2\t3\n"), "'1 2 3' is not a whole number"),
        (lambda: int("1.5"), "'1.5' is not a whole number"),
        (lambda: [][0], "a line has another number of entries than expected, or the file ends"),
        (lambda: ase.Atoms("Qq"), "'Qq' is not a chemical symbol"),
        (lambda: {}["energy"], "'energy' is missing or unknown"),
        (lookup, "'D' is not a chemical symbol"),
        (lambda: {}[3], "it does not follow the rules of the format"),
        (lambda: fail(AssertionError()), "it does not follow the rules of the format"),
        (lambda: None.name, "it does not follow the rules of the format"),
        (lambda: fail(EOFError("x")), "it ends too early"),
        (lambda: fail(MemoryError()), "it asks for more memory than there is"),
        (lambda: np.zeros(3).reshape(2, 2), "lines that belong together have different numbers"),
        (lambda: b"\xff".decode(), "it holds bytes that are not text"),
        (lambda: 1 / 0, "a number in it is zero or too large"),
        (lambda: fail(ValueError("ase.io.x: Frame has 1 atoms.")), "Frame has 1 atoms"),
        (lambda: fail(RuntimeError("Failed to read it: ", ValueError("x"))), "Failed to read it"),
        (lambda: fail(RuntimeError("no such file: /tmp/gmd-1/a b c")), "it does not follow"),
    ],
)
def test_reasons(call, reason) -> None:
    assert reason_of(raised(call)).startswith(reason)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "POSCAR",
            POSCAR.replace("0 5 0\n", "0 b 0\n"),
            "'b' is not a number, at or before line 5",
        ),
        (
            "a.xyz",
            "2\n\nLi 0 0 0\nQq 0 0 2\n1\n\nLi 0 0 0\n",
            "'Qq' is not a chemical symbol, at or before line 4",
        ),
    ],
)
def test_lines_are_named(tmp_path, name, text, message) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(StructureError) as caught:
        read_structures(tmp_path / name, format={"POSCAR": "vasp"}.get(name))
    assert message in str(caught.value)
