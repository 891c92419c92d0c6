"""What every message about a file must be like."""

from __future__ import annotations

import re

INTERNALS = re.compile(
    r"[a-z](?:Error|Exception|Iteration)\b|object (?:has|is)|NoneType|_io\.|index out|out of range"
    r"|unpack \(|subscript|positional|<class|<_|dtype|np\.|\(: |: \)|0x[0-9a-f]{6}"
    r"|invalid literal|could not (?:convert|broadcast|assign)"
)


def check_message(message: str, name: str) -> None:
    """The file first, what is wrong and what to do, and nothing of a library's inside."""
    assert message.startswith(name), message
    what, semicolon, way = message.partition("; ")
    assert semicolon, message
    assert len(what) > len(name) + 10, message
    assert len(way) > 10, message
    assert not INTERNALS.search(message), message
