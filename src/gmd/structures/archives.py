"""Files in folders and archives, one after the other and never unpacked to disk."""

from __future__ import annotations

import io
import re
import stat
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from gmd.structures.checks import StructureError
from gmd.structures.unpacking import (
    DECOMPRESSORS,
    Metered,
    check_member_name,
    check_number_of_members,
    damage_named,
    decompressed,
    not_a_file,
    packed_size,
    plain_name,
)

_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")  # no text has these
_PEEK = 50_000  # bytes that are looked at to tell text from other contents
_LONGEST_NAME = 100  # characters of a file's own name that a temporary file keeps

_TAR_COMPRESSIONS = {b"\xfd7zXZ\x00": ".xz", b"\x1f\x8b": ".gz", b"BZh": ".bz2"}

_SPECIAL = {
    stat.S_IFLNK: "link",
    stat.S_IFIFO: "pipe",
    stat.S_IFCHR: "device",
    stat.S_IFBLK: "device",
    stat.S_IFSOCK: "socket",
}


class _StrictInfo(tarfile.TarInfo):
    """A member's header that must be whole: the archive does not simply end at a bad one."""

    @classmethod
    def frombuf(cls, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().frombuf(*args, **kwargs)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]
            raise
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(str(error)) from None


class FoundFile(NamedTuple):
    """A file wherever it was found.

    Attributes
    ----------
    where : str
        Its place for messages: the archive's name and the member's.
    name : str
        The file's own name without a compression's ending, from which formats are told.
    path : Path or None
        Where it lies on disk, if it does so as it is.
    contents : bytes or None
        What it holds, if it does not.
    """

    where: str
    name: str
    path: Path | None = None
    contents: bytes | None = None

    @contextmanager
    def opened(self) -> Iterator[Any]:
        """The contents as a stream of bytes."""
        if self.path is None:
            yield io.BytesIO(self.contents or b"")
        else:
            with self.path.open("rb") as stream:
                yield stream

    def head(self, n_bytes: int) -> bytes:
        """The first bytes."""
        if self.path is not None and self.path.is_dir():
            return b""
        with self.opened() as stream:
            beginning: bytes = stream.read(n_bytes)
        return beginning

    def text(self) -> str:
        """The contents as text.

        Raises
        ------
        StructureError
            Where they are not text in UTF-8, nor in Latin-1 or its variant of Windows.
        """
        with self.opened() as stream:
            contents = stream.read()
        text = _as_text(contents)
        if text is None:
            raise StructureError(
                f"{self.where}: not a text file; give the format, or a pattern that leaves this "
                f"file out"
            )
        return text

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        """Where a real file with the contents lies, for readers that take nothing else.

        Text in Latin-1 is given as UTF-8.
        """
        converted = self._converted()
        if self.path is not None and converted is None:
            yield self.path
            return
        with tempfile.TemporaryDirectory(prefix="gmd-") as folder:
            name = re.sub(r"[^\w.+-]", "_", self.name)[-_LONGEST_NAME:]
            path = Path(folder) / (name if name.strip(".") else "file")
            path.write_bytes(self.contents or b"" if converted is None else converted)
            yield path

    def _converted(self) -> bytes | None:
        """The contents in UTF-8 if they are text in Latin-1."""
        if (self.path is not None and not self.path.is_file()) or b"\0" in self.head(_PEEK):
            return None
        with self.opened() as stream:
            contents = stream.read()
        text = _as_text(contents)
        return None if text is None or contents.isascii() else text.encode()


def _as_text(contents: bytes) -> str | None:
    """UTF-8, else Latin-1 in the variant of Windows, None for what is not text."""
    try:
        return str(contents, "utf-8-sig")
    except UnicodeDecodeError:
        if _CONTROL.search(contents):
            return None
        return contents.decode("cp1252", "replace")


def found_files(path: Path, pattern: str = "*") -> Iterator[FoundFile]:
    """Files at `path`: itself, decompressed, or the files in a folder or archive.

    Parameters
    ----------
    path : Path
        A file (plain, .xz, .gz, .bz2), a folder (searched through), or a tar or zip archive.
    pattern : str
        File names to take from folders and archives, such as ``"*.xsf"``.

    Yields
    ------
    FoundFile
        In natural order of their names, so that 2 comes before 10. Hidden files and folders are
        passed over.

    Raises
    ------
    FileNotFoundError
        Where there is nothing at `path`.
    StructureError
        Where a file is damaged, nothing matches `pattern`, an archive unpacks to more than the
        limits of :mod:`gmd.structures.unpacking`, or holds links, devices, absolute names or names
        that lead out of it.
    """
    if not path.exists():
        raise FileNotFoundError(f"{path}: there is no such file or folder; correct the path")
    if path.is_dir():
        found: Iterator[FoundFile] = _folder(path, pattern)
    elif not path.is_file():
        raise StructureError(f"{path}: neither a file nor a folder; correct the path")
    elif path.suffix == ".zip" or zipfile.is_zipfile(path):
        found = _zip(path, pattern)
    elif _looks_like_tar(path):
        found = _tar(path, pattern)
    else:
        yield _on_disk(path.name, path)
        return
    empty = True
    for file in found:
        empty = False
        yield file
    if empty:
        raise StructureError(f"{path}: no file in it matches {pattern!r}; correct the pattern")


def natural_key(name: str) -> list[tuple[int, int | str]]:
    """Sort key under which ``frame2`` comes before ``frame10``."""
    return [
        # more digits than a number of frames has are no number, and long ones are not converted
        (0, int(part)) if part.isdecimal() and len(part) < 1000 else (1, part)
        for part in re.split(r"(\d+)", name)
    ]


def _looks_like_tar(path: Path) -> bool:
    return ".tar" in path.suffixes or path.suffix in (".tgz", ".txz", ".tbz2")


def _on_disk(where: str, path: Path) -> FoundFile:
    if path.suffix not in DECOMPRESSORS:
        return FoundFile(where, path.name, path=path)
    with path.open("rb") as stream:
        contents = decompressed(stream, path.suffix, where, packed_size(path))
    return FoundFile(where, plain_name(path.name), contents=contents)


def _member(archive: Path, name: str, contents: bytes) -> FoundFile:
    where = f"{archive.name}/{name}"
    own = PurePosixPath(name)
    contents = decompressed(io.BytesIO(contents), own.suffix, where, len(contents))
    return FoundFile(where, plain_name(own.name), contents=contents)


def _wanted(name: str, pattern: str) -> bool:
    parts = PurePosixPath(name).parts
    hidden = any(part.startswith(".") for part in parts)
    return bool(parts) and not hidden and fnmatch(parts[-1], pattern)


def _folder(path: Path, pattern: str) -> Iterator[FoundFile]:
    names = (p.relative_to(path).as_posix() for p in path.rglob("*") if p.is_file())
    for name in sorted((n for n in names if _wanted(n, pattern)), key=natural_key):
        yield _on_disk(f"{path.name}/{name}", path / name)


def _zip(path: Path, pattern: str) -> Iterator[FoundFile]:
    with damage_named(path.name), zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        check_number_of_members(len(members), path.name)
        for member in members:
            check_member_name(member.filename, path.name)
            # zero where the archive does not tell
            kind = _SPECIAL.get(stat.S_IFMT(member.external_attr >> 16))
            if kind is not None:
                raise not_a_file(member.filename, kind, path.name)
        names = [m.filename for m in members if not m.is_dir() and _wanted(m.filename, pattern)]
        packed = packed_size(path)
        meter = Metered(None, path.name, packed)
        for name in sorted(names, key=natural_key):
            with archive.open(name) as stream:
                contents = Metered(stream, path.name, packed).read()
            meter.count(len(contents))
            yield _member(path, name, contents)


def _tar(path: Path, pattern: str) -> Iterator[FoundFile]:
    # a compressed archive can only be read forwards: take the contents as they come, then sort
    contents: dict[str, bytes] = {}
    packed = packed_size(path)
    meter = Metered(None, path.name, packed)
    with damage_named(path.name), _unpacked_tar(path, packed) as archive:
        for number, member in enumerate(archive, start=1):
            check_number_of_members(number, path.name)
            # the archive remembers every member for the return to it that never comes
            archive.members.clear()  # type: ignore[attr-defined]
            check_member_name(member.name, path.name)
            if member.isdir():
                continue
            if not member.isreg():
                raise not_a_file(member.name, _kind(member), path.name)
            stream = archive.extractfile(member)
            if stream is not None and _wanted(member.name, pattern):
                contents[member.name] = Metered(stream, path.name, packed).read()
                meter.count(len(contents[member.name]))
    for name in sorted(contents, key=natural_key):
        yield _member(path, name, contents.pop(name))


@contextmanager
def _unpacked_tar(path: Path, packed: int) -> Iterator[tarfile.TarFile]:
    """A tar archive read forwards, all of its bytes counted, those of no interest too."""
    with path.open("rb") as file:
        beginning = file.read(6)
        file.seek(0)
        endings = [e for magic, e in _TAR_COMPRESSIONS.items() if beginning.startswith(magic)]
        opened = DECOMPRESSORS[endings[0]](file, "rb") if endings else file
        stream: Any = Metered(opened, path.name, packed)
        with opened, tarfile.open(fileobj=stream, mode="r|", tarinfo=_StrictInfo) as archive:
            yield archive


def _kind(member: tarfile.TarInfo) -> str:
    if member.issym():
        return "link"
    if member.islnk():
        return "hard link"
    return "pipe" if member.isfifo() else "device"
