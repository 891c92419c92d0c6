"""Every format that ASE both writes and reads, and what it keeps."""

from __future__ import annotations

import pytest
from ase.io.formats import UnknownFileTypeError, ioformats

from gmd.structures.format_table import KEEPS, NOT_TRIED, OUTCOMES
from structures.round_trips import MADE, outcome


def both_ways() -> set[str]:
    found = set()
    for name, form in ioformats.items():
        try:
            if form.module_name.startswith("ase.") and form.can_read and form.can_write:
                found.add(name)
        except UnknownFileTypeError:  # its module wants a package that is not there
            continue
    return found


def test_every_format_of_ase_is_in_the_table() -> None:
    """A new ASE brings formats, which someone has to try."""
    assert both_ways() == KEEPS.keys() | NOT_TRIED.keys()
    assert not KEEPS.keys() & NOT_TRIED.keys()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("made", MADE)
@pytest.mark.parametrize("kind", KEEPS)
def test_round_trip(kind, made, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    expected = getattr(KEEPS[kind], made)
    assert expected in OUTCOMES
    assert outcome(kind, made, KEEPS[kind].tolerance) == expected
