"""Pages of which a part is made by a program and the rest by hand."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

BEGIN = "<!-- made by {maker}: begin -->\n"
END = "<!-- made by {maker}: end -->\n"


def with_made_text(page: str, text: str, *, maker: str, name: str) -> str:
    """A page with the text between its markers replaced.

    Parameters
    ----------
    page, text : str
        The page as it is, and what belongs between the markers.
    maker : str
        The program that the markers name.
    name : str
        The page's, for messages.

    Raises
    ------
    ValueError
        For a page that lacks the markers.
    """
    begin, end = BEGIN.format(maker=maker), END.format(maker=maker)
    before, found_begin, rest = page.partition(begin)
    _, found_end, after = rest.partition(end)
    if not found_begin or not found_end:
        raise ValueError(f"{name}: no lines {begin.strip()} and {end.strip()}, in this order")
    return f"{before}{begin}\n{text}\n{end}{after}"


def update_pages(
    pages: Mapping[Path, Callable[[], str]], *, maker: str, command: str, check: bool
) -> int:
    """Write the made part of some pages anew, or only compare.

    Parameters
    ----------
    pages : mapping of Path to callable
        Pages, and what makes the text between their markers.
    maker, command : str
        The program that the markers name, and how it is called.
    check : bool
        Change nothing.

    Returns
    -------
    int
        1 where a page was out of date and stays so, 0 otherwise.
    """
    outdated = 0
    for path, make in pages.items():
        name = f"{path.parent.name}/{path.name}"
        old = path.read_text(encoding="utf-8")
        new = with_made_text(old, make(), maker=maker, name=name)
        if old == new:
            continue
        if check:
            outdated = 1
            print(f"{name} is out of date: {command}", file=sys.stderr)
        else:
            path.write_text(new, encoding="utf-8")
            print(f"{name} is up to date again")
    return outdated
