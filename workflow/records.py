"""Records of jobs: what each has read and written, and by which settings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from gmd import __version__
from gmd.storage import (
    DamagedFileError,
    input_digests,
    read_provenance,
    sha256_of,
    verify_document,
    with_checksum,
    written_whole,
)


def digests_of(inputs: Iterable[str], data: Iterable[str] = ()) -> dict[str, Any]:
    """SHA-256 of what a job reads, as its record holds it.

    Parameters
    ----------
    inputs : iterable of str
        Files of the study's results, which are recorded by name.
    data : iterable of str
        Files from elsewhere, which are recorded in their order: where they are is not part of a
        result.
    """
    return {"inputs": input_digests(inputs), "data": [sha256_of(path) for path in data]}


def write_record(step: Mapping[str, Any], read: Mapping[str, Any], outputs: Iterable[str]) -> None:
    """Write the record of a job that has finished.

    Parameters
    ----------
    step : mapping
        As :meth:`steps.Step.as_param` makes it.
    read : mapping
        What the job has read, from :func:`digests_of`.
    outputs : iterable of str
        Files that the job has written.
    """
    document = {
        "version": __version__,
        "rule": step["rule"],
        "wildcards": dict(step["wildcards"]),
        "digest": step["digest"],
        "chain": step["chain"],
        **read,
        "outputs": {path: sha256_of(path) for path in outputs},
    }
    with written_whole(step["record"]) as partial:
        text = json.dumps(with_checksum(document), indent=1, ensure_ascii=False)
        partial.write_text(text + "\n", encoding="utf-8")


def remove_record(step: Mapping[str, Any]) -> None:
    """Remove the record of an earlier run of a job, before the job writes anything."""
    Path(step["record"]).unlink(missing_ok=True)


def read_record(path: Path) -> dict[str, Any]:
    """Read a record.

    Raises
    ------
    DamagedFileError
        If it is not what was written.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        verify_document(document, path)
    except (json.JSONDecodeError, UnicodeDecodeError, AttributeError, RecursionError):
        raise DamagedFileError(
            f"{path}: the file is damaged: it is not valid JSON; delete it and run again"
        ) from None
    found: dict[str, Any] = document
    return found


def check_inputs(step: Mapping[str, Any], inputs: Iterable[str]) -> None:
    """Make sure that a job's inputs were made with the settings that it will be labelled with.

    Parameters
    ----------
    step : mapping
        As in :func:`write_record`.
    inputs : iterable of str
        Files that the job is going to read.

    Raises
    ------
    gmd.storage.DamagedFileError
        If an input is not what was written.
    ValueError
        If an input was made by another step, or with other settings.
    """
    for path in inputs:
        if not path.endswith(".parquet"):
            continue
        made = read_provenance(path).get("step")
        if made is None or made["digest"] not in step["before"]:
            raise ValueError(
                f"{path}: it was made with other settings than those of this run; delete it and "
                f"run again, which makes it again"
            )
