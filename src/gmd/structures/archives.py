"""Text files in folders and archives, one after the other and never unpacked to disk."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

_DECOMPRESSORS: dict[str, Callable[..., Any]] = {
    ".xz": lzma.open,
    ".gz": gzip.open,
    ".bz2": bz2.open,
}


class TextFile(NamedTuple):
    """A text file wherever it was found.

    Attributes
    ----------
    where : str
        Its place for messages: the archive's name and the member's.
    name : str
        The file's own name without a compression's ending, from which formats are told.
    text : str
        The contents.
    """

    where: str
    name: str
    text: str


def text_files(path: Path, pattern: str = "*") -> Iterator[TextFile]:
    """Files at `path`: itself, decompressed, or the files in a folder or archive.

    Parameters
    ----------
    path : Path
        A file (plain, .xz, .gz, .bz2), a folder (searched through), or a tar or zip archive.
    pattern : str
        File names to take from folders and archives, such as ``"*.xsf"``.

    Yields
    ------
    TextFile
        In natural order of their names, so that 2 comes before 10. Hidden files, links and
        anything that is not a regular file are passed over.

    Raises
    ------
    FileNotFoundError
        Where there is nothing at `path`.
    ValueError
        Where a file is not text, or nothing matches `pattern`.
    """
    if not path.exists():
        raise FileNotFoundError(f"{path}: there is no such file or folder")
    if path.is_dir():
        found: Iterator[TextFile] = _folder(path, pattern)
    elif zipfile.is_zipfile(path):
        found = _zip(path, pattern)
    elif _looks_like_tar(path):
        found = _tar(path, pattern)
    else:
        yield _decoded(path.name, _plain_name(path.name), _contents(path))
        return
    empty = True
    for file in found:
        empty = False
        yield file
    if empty:
        raise ValueError(f"{path}: no file in it matches {pattern!r}")


def natural_key(name: str) -> list[tuple[int, int | str]]:
    """Sort key under which ``frame2`` comes before ``frame10``."""
    return [(0, int(part)) if part.isdigit() else (1, part) for part in re.split(r"(\d+)", name)]


def _looks_like_tar(path: Path) -> bool:
    return ".tar" in path.suffixes or path.suffix in (".tgz", ".txz", ".tbz2")


def _plain_name(name: str) -> str:
    return PurePosixPath(name).stem if PurePosixPath(name).suffix in _DECOMPRESSORS else name


def _contents(path: Path) -> bytes:
    opener = _DECOMPRESSORS.get(path.suffix, Path.open)
    with opener(path, "rb") as stream:
        contents: bytes = stream.read()
    return contents


def _decoded(where: str, name: str, contents: bytes) -> TextFile:
    try:
        return TextFile(where, PurePosixPath(name).name, contents.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{where}: not a text file (byte {error.start}); give structures in a text format, or "
            f"a pattern that leaves this file out"
        ) from None


def _wanted(name: str, pattern: str) -> bool:
    base = PurePosixPath(name).name
    return not base.startswith(".") and fnmatch(base, pattern)


def _folder(path: Path, pattern: str) -> Iterator[TextFile]:
    files = (p for p in path.rglob("*") if p.is_file() and _wanted(p.name, pattern))
    for file in sorted(files, key=lambda p: natural_key(p.relative_to(path).as_posix())):
        where = f"{path.name}/{file.relative_to(path).as_posix()}"
        yield _decoded(where, _plain_name(file.name), _contents(file))


def _zip(path: Path, pattern: str) -> Iterator[TextFile]:
    with zipfile.ZipFile(path) as archive:
        names = [m.filename for m in archive.infolist() if not m.is_dir()]
        for name in sorted((n for n in names if _wanted(n, pattern)), key=natural_key):
            yield _decoded(f"{path.name}/{name}", name, archive.read(name))


def _tar(path: Path, pattern: str) -> Iterator[TextFile]:
    # a compressed archive can only be read forwards: take the contents as they come, then sort
    contents: dict[str, bytes] = {}
    with tarfile.open(path) as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.isreg() else None
            if stream is not None and _wanted(member.name, pattern):
                contents[member.name] = stream.read()
    for name in sorted(contents, key=natural_key):
        yield _decoded(f"{path.name}/{name}", name, contents.pop(name))
