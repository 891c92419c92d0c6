"""What every script of a rule does around its work: a log, threads, clear errors and a record."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

from run_lock import StudyInUseError, job_at_work


def run(work: Callable[[Any], None]) -> None:
    """Do a rule's work with its log in place of standard error.

    Numba reads its number of threads when it is imported, so scripts import what is compiled inside
    `work`.

    Parameters
    ----------
    work : callable
        Takes the job, Snakemake's object with inputs, outputs and parameters.
    """
    # Snakemake puts the job into the script that it starts
    job = sys.modules["__main__"].snakemake
    os.environ["NUMBA_NUM_THREADS"] = str(job.threads)
    log = job.log[0] if job.log else os.devnull
    with open(log, "w", buffering=1, encoding="utf-8") as stream:  # noqa: PTH123
        sys.stderr = stream
        try:
            with job_at_work():
                _recorded(work, job)
        except Exception as error:
            traceback.print_exc(file=stream)
            # bad input is the user's to mend: say what is wrong, without where it was noticed
            known = isinstance(error, ValueError | FileNotFoundError | StudyInUseError)
            message = str(error) if known else traceback.format_exc()
            print(f"{job.rule}: {message}", file=sys.__stderr__)
            raise SystemExit(1) from None
        finally:
            sys.stderr = sys.__stderr__


def settings_of(job: Any) -> dict[str, Any]:
    """The settings of a job's own step."""
    settings: dict[str, Any] = job.params.step["settings"]
    return settings


def made_by(job: Any) -> dict[str, Any]:
    """How a job's results are made, as arguments of :func:`gmd.storage.write_parquet`."""
    step = job.params.step
    return {
        "inputs": [*job.input, *data_files(job)],
        "step": {key: step[key] for key in ("rule", "wildcards", "digest", "chain")},
    }


def data_files(job: Any) -> list[str]:
    """Files from outside of the study that a job reads."""
    paths: list[str] = job.params.get("data", {}).get("paths", [])
    return paths


def _recorded(work: Callable[[Any], None], job: Any) -> None:
    """Do the work of a job whose inputs are those that are meant, and record it."""
    from records import check_inputs, digests_of, remove_record, write_record

    step = job.params.get("step")
    if step is None:  # a download, which its checksum identifies
        work(job)
        return
    remove_record(step)
    check_inputs(step, job.input)
    read = digests_of(job.input, data_files(job))
    work(job)
    if digests_of(job.input, data_files(job)) != read:
        raise ValueError(
            f"{', '.join(made_by(job)['inputs'])}: changed while they were being read; run again"
        )
    write_record(step, read, job.output)
