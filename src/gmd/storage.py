"""Parquet files that say where they come from, written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from gmd import __version__

_PREFIX = "gmd."


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
    settings: Mapping[str, Any], inputs: Iterable[str | os.PathLike[str]] = ()
) -> dict[str, str]:
    """What a file carries about its making.

    Parameters
    ----------
    settings : mapping
        Everything the result depends on beside its inputs; values that JSON can hold.
    inputs : iterable of path-like
        Files or folders that were read.

    Returns
    -------
    dict of str to str
        ``gmd.version``, and as JSON ``gmd.settings`` and ``gmd.inputs`` (path to SHA-256).
    """
    digests: dict[str, str] = {}
    for path in map(Path, inputs):
        # a user's own folders are no part of a result
        name = path.name if path.is_absolute() else path.as_posix()
        while name in digests:
            name += " (another)"
        digests[name] = sha256_of(path)
    return {
        _PREFIX + "version": __version__,
        _PREFIX + "settings": json.dumps(settings, sort_keys=True),
        _PREFIX + "inputs": json.dumps(digests, sort_keys=True),
    }


def read_provenance(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Version, settings and input digests that a Parquet file carries.

    Raises
    ------
    ValueError
        For a file that was not written here.
    """
    metadata = pq.read_schema(path).metadata or {}
    found = {key.decode(): value.decode() for key, value in metadata.items()}
    if _PREFIX + "version" not in found:
        raise ValueError(f"{path} does not say how it was made; it is no output of this project")
    return _record(found)


def provenance_record(
    settings: Mapping[str, Any], inputs: Iterable[str | os.PathLike[str]] = ()
) -> dict[str, Any]:
    """The same as :func:`provenance` gives, for a file of JSON.

    Parameters
    ----------
    settings, inputs
        As in :func:`provenance`.

    Returns
    -------
    dict
        ``version``, ``settings`` and ``inputs``, as :func:`read_provenance` returns them.
    """
    return _record(provenance(settings, inputs))


def _record(found: Mapping[str, str]) -> dict[str, Any]:
    return {
        "version": found[_PREFIX + "version"],
        "settings": json.loads(found[_PREFIX + "settings"]),
        "inputs": json.loads(found[_PREFIX + "inputs"]),
    }


def write_parquet(
    table: pa.Table | pd.DataFrame,
    path: str | os.PathLike[str],
    *,
    settings: Mapping[str, Any],
    inputs: Iterable[str | os.PathLike[str]] = (),
) -> None:
    """Write a table with its provenance in the schema metadata.

    Parameters
    ----------
    table : pyarrow.Table or pandas.DataFrame
        The data; a frame's index is dropped.
    path : path-like
        The file.
    settings, inputs
        As in :func:`provenance`.
    """
    if isinstance(table, pd.DataFrame):
        table = pa.Table.from_pandas(table, preserve_index=False)
    write_parquet_chunks([table], path, settings=settings, inputs=inputs)


def write_parquet_chunks(
    tables: Iterable[pa.Table],
    path: str | os.PathLike[str],
    *,
    settings: Mapping[str, Any],
    inputs: Iterable[str | os.PathLike[str]] = (),
) -> None:
    """Write tables of one schema as the row groups of one file, holding one at a time.

    Raises
    ------
    ValueError
        For no tables at all: there is no schema to write.
    """
    metadata = provenance(settings, inputs)
    with written_whole(path) as partial:
        writer: pq.ParquetWriter | None = None
        try:
            for table in tables:
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
                    )
                writer.write_table(table)
                del table  # before the next one is made
        finally:
            if writer is not None:
                writer.close()
        if writer is None:
            raise ValueError(f"{path}: there are no rows to write")
