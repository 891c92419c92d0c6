"""Data that a study reads from outside of its results: where they are, and whether they changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def data_param(paths: Iterable[str]) -> dict[str, Any]:
    """Data files as a rule's parameter.

    They are a parameter and not inputs, since Snakemake takes braces in a path for a wildcard, and
    looks at a folder's own date alone, which does not change when a file in it does.

    Parameters
    ----------
    paths : iterable of str
        Files or folders that exist.

    Returns
    -------
    dict
        ``paths``, and ``state``, which changes whenever a file is added, removed or written to.
    """
    paths = list(paths)
    digest = hashlib.sha256()
    for path in map(Path, paths):
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            try:
                status = file.stat()
            except FileNotFoundError:  # a link to nowhere, as editors leave them
                continue
            digest.update(f"{file.as_posix()}\0{status.st_size} {status.st_mtime_ns}\n".encode())
    return {"paths": paths, "state": digest.hexdigest()[:16] if paths else ""}
