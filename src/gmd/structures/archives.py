"""Text files in folders and archives, one after the other and never unpacked to disk."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from gmd.structures.checks import StructureError

_DECOMPRESSORS: dict[str, Callable[..., Any]] = {
    ".xz": lzma.open,
    ".gz": gzip.open,
    ".bz2": bz2.open,
}
# an OSError is gzip's and bz2's word for bad contents; zipfile says RuntimeError of a password
_DAMAGES = (
    OSError,
    EOFError,
    RuntimeError,
    lzma.LZMAError,
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
)


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
        In natural order of their names, so that 2 comes before 10. Hidden files and folders are
        passed over, in archives also links and anything else that is not a regular file.

    Raises
    ------
    FileNotFoundError
        Where there is nothing at `path`.
    StructureError
        Where a file is not text or is damaged, or nothing matches `pattern`.
    """
    if not path.exists():
        raise FileNotFoundError(f"{path}: there is no such file or folder; correct the path")
    if path.is_dir():
        found: Iterator[TextFile] = _folder(path, pattern)
    elif path.suffix == ".zip" or zipfile.is_zipfile(path):
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
        raise StructureError(f"{path}: no file in it matches {pattern!r}; correct the pattern")


def natural_key(name: str) -> list[tuple[int, int | str]]:
    """Sort key under which ``frame2`` comes before ``frame10``."""
    return [(0, int(part)) if part.isdecimal() else (1, part) for part in re.split(r"(\d+)", name)]


def _looks_like_tar(path: Path) -> bool:
    return ".tar" in path.suffixes or path.suffix in (".tgz", ".txz", ".tbz2")


def _plain_name(name: str) -> str:
    return PurePosixPath(name).stem if PurePosixPath(name).suffix in _DECOMPRESSORS else name


def _contents(path: Path) -> bytes:
    opener = _DECOMPRESSORS.get(path.suffix, Path.open)
    with _damage_named(path), opener(path, "rb") as stream:
        contents: bytes = stream.read()
    return contents


@contextmanager
def _damage_named(path: Path) -> Iterator[None]:
    """Have errors of decompression name the file."""
    try:
        yield
    except (PermissionError, StructureError):
        raise
    except _DAMAGES as error:
        raise StructureError(
            f"{path.name}: cannot be unpacked ({type(error).__name__}: {error}); the file may be "
            f"cut off, or not be what its ending says"
        ) from error


def _decoded(where: str, name: str, contents: bytes) -> TextFile:
    try:
        return TextFile(where, PurePosixPath(name).name, contents.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise StructureError(
            f"{where}: not a text file in UTF-8 (byte {error.start}); give structures in a text "
            f"format, or a pattern that leaves this file out"
        ) from None


def _wanted(name: str, pattern: str) -> bool:
    parts = PurePosixPath(name).parts
    hidden = any(part.startswith(".") for part in parts)
    return not hidden and fnmatch(parts[-1], pattern)


def _folder(path: Path, pattern: str) -> Iterator[TextFile]:
    names = (p.relative_to(path).as_posix() for p in path.rglob("*") if p.is_file())
    for name in sorted((n for n in names if _wanted(n, pattern)), key=natural_key):
        yield _decoded(f"{path.name}/{name}", _plain_name(name), _contents(path / name))


def _zip(path: Path, pattern: str) -> Iterator[TextFile]:
    with _damage_named(path), zipfile.ZipFile(path) as archive:
        names = [m.filename for m in archive.infolist() if _is_regular(m)]
        for name in sorted((n for n in names if _wanted(n, pattern)), key=natural_key):
            yield _decoded(f"{path.name}/{name}", name, archive.read(name))


def _is_regular(member: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(member.external_attr >> 16)  # zero where the archive does not tell
    return not member.is_dir() and kind in (0, stat.S_IFREG)


def _tar(path: Path, pattern: str) -> Iterator[TextFile]:
    # a compressed archive can only be read forwards: take the contents as they come, then sort
    contents: dict[str, bytes] = {}
    with _damage_named(path), tarfile.open(path) as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.isreg() else None
            if stream is not None and _wanted(member.name, pattern):
                contents[member.name] = stream.read()
    for name in sorted(contents, key=natural_key):
        yield _decoded(f"{path.name}/{name}", name, contents.pop(name))
