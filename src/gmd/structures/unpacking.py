"""Decompression and members of archives, within limits that no honest file reaches."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from gmd.structures.checks import StructureError
from gmd.structures.explanations import reason_of

LARGEST_UNPACKED = 32 * 2**30
"""Bytes that one compressed file or archive may unpack to; they are held in memory."""

LARGEST_RATIO = 300
"""Unpacked over packed bytes; long trajectories as text reach some 20, zeros some 1000."""

RATIO_COUNTS_FROM = 64 * 2**20
"""Unpacked bytes below which the ratio is not looked at: small files may repeat themselves."""

LARGEST_NUMBER_OF_MEMBERS = 1_000_000
"""Files, folders and all else that an archive may list."""

_PIECE = 2**20  # bytes unpacked at once, after which the limits are looked at

DECOMPRESSORS: dict[str, Callable[..., Any]] = {
    ".xz": lzma.open,
    ".gz": gzip.open,
    ".bz2": bz2.open,
}
"""From a file's ending to what opens it."""

# an OSError is gzip's and bz2's word for bad contents; zipfile says RuntimeError of a password, and
# what a damaged header makes of lengths, dates and names ends in the others
_DAMAGES = (
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
    IndexError,
    KeyError,
    OverflowError,
    lzma.LZMAError,
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
)


class Metered:
    """A stream whose bytes are counted, and refused beyond the limits.

    Parameters
    ----------
    stream : binary stream
        What is read from.
    where : str
        File, as the message's beginning.
    packed : int
        Bytes that it takes before it is unpacked.
    """

    def __init__(self, stream: Any, where: str, packed: int) -> None:
        self._stream = stream
        self._where = where
        self._packed = packed
        self._unpacked = 0

    def read(self, size: int = -1) -> bytes:
        """As a stream's own; all of it if `size` is negative."""
        if size < 0:
            return b"".join(iter(lambda: self.read(_PIECE), b""))
        pieces = []
        while size > 0:
            piece: bytes = self._stream.read(min(size, _PIECE))
            if not piece:
                break
            self.count(len(piece))
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def count(self, n_bytes: int) -> None:
        """Take account of bytes that were unpacked.

        Raises
        ------
        StructureError
            Beyond :data:`LARGEST_UNPACKED` or :data:`LARGEST_RATIO`.
        """
        self._unpacked += n_bytes
        if self._unpacked > LARGEST_UNPACKED:
            raise StructureError(
                f"{self._where}: unpacks to more than {LARGEST_UNPACKED:,} bytes; unpack it if "
                f"you trust it, and give the folder or file"
            )
        check_ratio(self._unpacked, self._packed, self._where)


def check_ratio(unpacked: int, packed: int, where: str) -> None:
    """Refuse what unpacks to more than :data:`LARGEST_RATIO` times its size.

    Raises
    ------
    StructureError
        Beyond :data:`RATIO_COUNTS_FROM` bytes.
    """
    if unpacked > RATIO_COUNTS_FROM and unpacked > LARGEST_RATIO * max(packed, 1):
        raise StructureError(
            f"{where}: unpacks to more than {LARGEST_RATIO} times its size, as a decompression "
            f"bomb does; unpack it if you trust it, and give the folder or file"
        )


@contextmanager
def damage_named(where: str) -> Iterator[None]:
    """Have errors of decompression name the file.

    Raises
    ------
    StructureError
        In place of them.
    """
    try:
        yield
    except (PermissionError, FileNotFoundError, StructureError):
        raise
    except _DAMAGES as error:
        raise StructureError(
            f"{where}: cannot be unpacked ({reason_of(error)}); the file may be cut off, or not "
            f"be what its ending says"
        ) from error


def decompressed(stream: Any, ending: str, where: str, packed: int) -> bytes:
    """All that a compressed stream holds; the stream's own bytes for any other ending.

    Raises
    ------
    StructureError
        For a stream that is damaged or unpacks to more than the limits.
    """
    with damage_named(where):
        if ending not in DECOMPRESSORS:
            contents: bytes = stream.read()
            return contents
        with DECOMPRESSORS[ending](stream, "rb") as opened:
            return Metered(opened, where, packed).read()


@contextmanager
def opened_metered(path: Path) -> Iterator[io.BufferedReader]:
    """A file as a stream of bytes, decompressed if its ending says so, within the limits.

    Raises
    ------
    StructureError
        As :func:`decompressed`, from within the reading.
    """
    with path.open("rb") as file, damage_named(path.name):
        if path.suffix not in DECOMPRESSORS:
            yield file
            return
        with DECOMPRESSORS[path.suffix](file, "rb") as opened:
            yield io.BufferedReader(_Raw(Metered(opened, path.name, packed_size(path))))


class _Raw(io.RawIOBase):
    """What a buffer wants to see of a metered stream."""

    def __init__(self, stream: Metered) -> None:
        super().__init__()
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def check_number_of_members(n: int, where: str) -> None:
    """Refuse archives that list more than :data:`LARGEST_NUMBER_OF_MEMBERS`.

    Raises
    ------
    StructureError
        For such an archive.
    """
    if n > LARGEST_NUMBER_OF_MEMBERS:
        raise StructureError(
            f"{where}: lists more than {LARGEST_NUMBER_OF_MEMBERS:,} members; unpack it if you "
            f"trust it, and give the folder"
        )


def check_member_name(name: str, where: str) -> None:
    """Refuse names that lead out of the archive, wherever it would be unpacked.

    Raises
    ------
    StructureError
        For absolute names and those with ``..``, of Windows too.
    """
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not parts:
        return
    if parts[0] == "/" or (len(parts[0]) > 1 and parts[0][1] == ":"):
        raise StructureError(
            f"{where}, member {name!r}: an absolute name, which no archive of structures has; "
            f"make the archive anew from the folder's files"
        )
    if ".." in parts:
        raise StructureError(
            f"{where}, member {name!r}: its name leads out of the archive; make the archive anew "
            f"from the folder's files"
        )


def not_a_file(name: str, kind: str, where: str) -> StructureError:
    """The error for a member that is neither a file nor a folder."""
    return StructureError(
        f"{where}, member {name!r}: a {kind}, not a file; make the archive anew with the files "
        f"themselves (tar --dereference)"
    )


def plain_name(name: str) -> str:
    """A file's name without a compression's ending."""
    return PurePosixPath(name).stem if PurePosixPath(name).suffix in DECOMPRESSORS else name


def packed_size(path: Path) -> int:
    """Bytes of a file on disk."""
    return path.stat().st_size
