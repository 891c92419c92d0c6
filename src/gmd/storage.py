"""Files of results: written atomically, with their provenance and a checksum of every byte.

Parquet's own page checksums cover the pages, but neither their headers nor the footer, and most
readers do not verify them. Every file written here therefore also holds the CRC-32 of the whole
file, which is verified wherever the project opens one: a changed bit is an error and never another
number.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from gmd import __version__

_PREFIX = "gmd."

# The checksum stands in the footer, as Thrift writes the entry of a map: the key, then the type and
# length of the value, then the value. It is computed with the placeholder in its place.
_CHECKSUM_KEY = _PREFIX + "crc32"
_PLACEHOLDER = b"-" * 8
_CHECKSUM = re.compile(re.escape(_CHECKSUM_KEY.encode()) + rb"\x18\x08(.{8})", re.DOTALL)
_TAIL = 8  # bytes at the end of a Parquet file: the footer's length and the magic number
_WRITTEN_HERE = re.compile(rb"gmd\.(version|settings|inputs|crc32)")
_CHUNK = 2**20


@contextmanager
def written_whole(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a temporary name beside `path`, and rename it to `path` if all went well.

    Parameters
    ----------
    path : path-like
        The file to be; its folder is made if need be.

    Yields
    ------
    Path
        The name to write to; it ends as `path` does, since many writers go by the ending.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.stem}.{os.getpid()}.partial{path.suffix}")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def sha256_of(path: str | os.PathLike[str]) -> str:
    """SHA-256 of a file, or of the names and contents of all files of a folder."""
    path = Path(path)
    if not path.is_dir():
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    digest = hashlib.sha256()
    for file in sorted(p for p in path.rglob("*") if p.is_file()):
        digest.update(f"{file.relative_to(path).as_posix()}\0{sha256_of(file)}\n".encode())
    return digest.hexdigest()


def check_sha256(path: str | os.PathLike[str], sha256: str) -> None:
    """Make sure that a file, or a folder's files, are those that are meant.

    Raises
    ------
    ValueError
        Where the checksum of :func:`sha256_of` is another.
    """
    found = sha256_of(path)
    if found != sha256:
        raise ValueError(
            f"{path}: its SHA-256 is {found}, not {sha256}; it was changed or is another file: "
            f"fetch it again, or correct the checksum"
        )


def provenance(
    settings: Mapping[str, Any],
    inputs: Iterable[str | os.PathLike[str]] = (),
    step: Mapping[str, Any] | None = None,
) -> dict[str, str]:
    """What a file carries about its making.

    Parameters
    ----------
    settings : mapping
        Everything the result depends on beside its inputs; values that JSON can hold.
    inputs : iterable of path-like
        Files or folders that were read.
    step : mapping, optional
        The step of a workflow that made the file, with the settings of all steps before it.

    Returns
    -------
    dict of str to str
        ``gmd.version``, and as JSON ``gmd.settings``, ``gmd.inputs`` (path to SHA-256) and
        ``gmd.step``.
    """
    found = {
        _PREFIX + "version": __version__,
        _PREFIX + "settings": json.dumps(settings, sort_keys=True),
        _PREFIX + "inputs": json.dumps(input_digests(inputs), sort_keys=True),
    }
    if step is not None:
        found[_PREFIX + "step"] = json.dumps(step, sort_keys=True)
    return found


def input_digests(inputs: Iterable[str | os.PathLike[str]]) -> dict[str, str]:
    """SHA-256 of files or folders by path; by name where the path is absolute.

    A user's own folders are not part of a result.
    """
    digests: dict[str, str] = {}
    for path in dict.fromkeys(map(Path, inputs)):
        name = path.name if path.is_absolute() else path.as_posix()
        while name in digests:
            name += " (another)"
        digests[name] = sha256_of(path)
    return digests


class DamagedFileError(ValueError):
    """A file whose contents are not those that were written."""


@contextmanager
def open_parquet(path: str | os.PathLike[str]) -> Iterator[pq.ParquetFile]:
    """Open a Parquet file after verifying its checksum.

    Parameters
    ----------
    path : path-like
        A file written by :func:`write_parquet`, or any other Parquet file; of the latter only the
        page checksums are verified, if it has any.

    Yields
    ------
    pyarrow.parquet.ParquetFile

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    DamagedFileError
        If the file was changed after it was written, is cut off, or is not a Parquet file.
    """
    path = Path(path)
    verify_checksum(path)
    try:
        file = pq.ParquetFile(path, page_checksum_verification=True)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path, f"it cannot be read as Parquet ({_first_line(error)})") from error
    with file:
        yield file


def read_table(path: str | os.PathLike[str], columns: list[str] | None = None) -> pa.Table:
    """Read a whole Parquet file, or some of its columns, after verifying its checksum.

    Raises
    ------
    FileNotFoundError, DamagedFileError
        As :func:`open_parquet`.
    """
    with open_parquet(path) as file:
        return file.read(columns)


def read_frame(path: str | os.PathLike[str]) -> pd.DataFrame:
    """Read a whole Parquet file as a DataFrame; otherwise as :func:`read_table`."""
    frame: pd.DataFrame = read_table(path).to_pandas()
    return frame


def count_rows(path: str | os.PathLike[str]) -> int:
    """Number of rows of a Parquet file; errors as in :func:`open_parquet`."""
    with open_parquet(path) as file:
        n_rows: int = file.metadata.num_rows
    return n_rows


def verify_checksum(path: str | os.PathLike[str]) -> None:
    """Compare the contents of a Parquet file with the checksum stored in it.

    The file is read once, at some GB/s, and not again by the same process unless it changes.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    DamagedFileError
        If the contents are not those that were written. A file that was not written by this project
        has no checksum and passes.
    """
    path = Path(path)
    status = path.stat()
    problem = _checksum_problem(path, status.st_size, status.st_mtime_ns, status.st_ino)
    if problem:
        raise _damaged(path, problem)


@lru_cache(maxsize=1024)
def _checksum_problem(path: Path, size: int, mtime_ns: int, inode: int) -> str | None:
    """What the checksum shows; the arguments beyond the path identify this state of the file."""
    with path.open("rb") as stream:
        begin, footer = _footer(stream, size)
        found = _CHECKSUM.search(footer)
        if found is None:
            ours = _WRITTEN_HERE.search(footer)
            return "its checksum is missing" if ours or begin < 0 else None
        if found[1] != _crc32(stream, begin + found.start(1)):
            return "its contents do not match its checksum"
    return None


def _footer(stream: BinaryIO, size: int) -> tuple[int, bytes]:
    """Where the footer of a Parquet file begins, or -1 if there is none, and its bytes."""
    stream.seek(max(0, size - _TAIL))
    tail = stream.read()
    length = int.from_bytes(tail[:4], "little")
    begin = size - _TAIL - length
    if len(tail) < _TAIL or tail[4:] != b"PAR1" or begin < 4:
        return -1, b""
    stream.seek(begin)
    return begin, stream.read(length)


def _crc32(stream: BinaryIO, place: int) -> bytes:
    """CRC-32 of a file, eight hexadecimal digits, with the placeholder in place of the checksum."""
    stream.seek(0)
    value, position = 0, 0
    while chunk := stream.read(min(_CHUNK, place - position)):
        value = zlib.crc32(chunk, value)
        position += len(chunk)
    value = zlib.crc32(_PLACEHOLDER, value)
    stream.seek(place + len(_PLACEHOLDER))
    while chunk := stream.read(_CHUNK):
        value = zlib.crc32(chunk, value)
    return f"{value:08x}".encode()


def _write_checksum(path: Path) -> None:
    """Put the checksum of a Parquet file into the place that its footer holds for it."""
    with path.open("r+b") as stream:
        begin, footer = _footer(stream, path.stat().st_size)
        found = _CHECKSUM.search(footer)
        if found is None or found[1] != _PLACEHOLDER:
            raise RuntimeError(f"{path}: pyarrow wrote the footer in another way than expected")
        place = begin + found.start(1)
        checksum = _crc32(stream, place)
        stream.seek(place)
        stream.write(checksum)


def _damaged(path: Path, what: str) -> DamagedFileError:
    return DamagedFileError(
        f"{path}: the file is damaged: {what}; delete it and run again, which makes it again"
    )


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def read_provenance(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Version, settings, input digests and chain of steps that a Parquet file carries.

    Returns
    -------
    dict
        ``version``, ``settings`` and ``inputs``; files made by the workflow also have ``step``, as
        passed to :func:`write_parquet`.

    Raises
    ------
    FileNotFoundError, DamagedFileError
        As :func:`open_parquet`.
    ValueError
        For a file that was not written here.
    """
    with open_parquet(path) as file:
        metadata = file.schema_arrow.metadata or {}
    found = {key.decode(): value.decode() for key, value in metadata.items()}
    if _PREFIX + "version" not in found:
        raise ValueError(f"{path} does not say how it was made; it is no output of this project")
    return _record(found)


def provenance_record(
    settings: Mapping[str, Any],
    inputs: Iterable[str | os.PathLike[str]] = (),
    step: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The same as :func:`provenance` gives, for a file of JSON.

    Parameters
    ----------
    settings, inputs, step
        As in :func:`provenance`.

    Returns
    -------
    dict
        As :func:`read_provenance` returns it.
    """
    return _record(provenance(settings, inputs, step))


def _record(found: Mapping[str, str]) -> dict[str, Any]:
    record = {"version": found[_PREFIX + "version"]}
    for key in ("settings", "inputs", "step"):
        if _PREFIX + key in found:
            record[key] = json.loads(found[_PREFIX + key])
    return record


def with_checksum(document: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON document with its own CRC-32 as the last entry, ``checksum``.

    Parameters
    ----------
    document : mapping
        Values that JSON can hold; an old ``checksum`` is replaced.

    Returns
    -------
    dict
        To be verified by :func:`verify_document`.
    """
    content = {key: value for key, value in document.items() if key != "checksum"}
    return {**content, "checksum": _document_crc32(content)}


def verify_document(document: Mapping[str, Any], path: str | os.PathLike[str]) -> None:
    """Compare a JSON document with its checksum.

    Parameters
    ----------
    document : mapping
        As read from JSON, with the entry ``checksum``.
    path : path-like
        Where it was read from, for the message.

    Raises
    ------
    DamagedFileError
        If the contents are not those that were written.
    """
    if with_checksum(document)["checksum"] != document.get("checksum"):
        raise _damaged(Path(path), "its contents do not match its checksum")


def _document_crc32(content: Mapping[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return f"{zlib.crc32(canonical.encode()):08x}"


def write_parquet(
    table: pa.Table | pd.DataFrame,
    path: str | os.PathLike[str],
    *,
    settings: Mapping[str, Any],
    inputs: Iterable[str | os.PathLike[str]] = (),
    step: Mapping[str, Any] | None = None,
) -> None:
    """Write a table with its provenance in the schema metadata.

    Parameters
    ----------
    table : pyarrow.Table or pandas.DataFrame
        The data; a frame's index is dropped.
    path : path-like
        The file.
    settings, inputs, step
        As in :func:`provenance`.
    """
    if isinstance(table, pd.DataFrame):
        table = pa.Table.from_pandas(table, preserve_index=False)
    write_parquet_chunks([table], path, settings=settings, inputs=inputs, step=step)


def write_parquet_chunks(
    tables: Iterable[pa.Table],
    path: str | os.PathLike[str],
    *,
    settings: Mapping[str, Any],
    inputs: Iterable[str | os.PathLike[str]] = (),
    step: Mapping[str, Any] | None = None,
) -> None:
    """Write tables of one schema as the row groups of one file, holding one at a time.

    Raises
    ------
    ValueError
        For no tables at all: there is no schema to write.
    """
    # pyarrow keeps two entries for a key given as text and as bytes
    metadata = {k.encode(): v for k, v in provenance(settings, inputs, step).items()}
    with written_whole(path) as partial:
        writer: pq.ParquetWriter | None = None
        try:
            for table in tables:
                # of a table that was read, the provenance is that of another file
                metadata_now = {**(table.schema.metadata or {}), **metadata}
                table = table.replace_schema_metadata(metadata_now)
                if writer is None:
                    # Floating-point columns hardly repeat, and zeros compress to nothing as they
                    # are: a dictionary would only cost time, and statistics, which nobody
                    # searches by, half of what the file says of thousands of columns.
                    others = [f.name for f in table.schema if not pa.types.is_floating(f.type)]
                    writer = pq.ParquetWriter(
                        partial,
                        table.schema,
                        compression="zstd",
                        use_dictionary=others,
                        write_statistics=others,
                        write_page_checksum=True,
                    )
                writer.write_table(table)
                del table  # before the next one is made
            if writer is not None:
                writer.add_key_value_metadata({_CHECKSUM_KEY: _PLACEHOLDER.decode()})
        finally:
            if writer is not None:
                writer.close()
        if writer is None:
            raise ValueError(f"{path}: there are no rows to write")
        _write_checksum(partial)
