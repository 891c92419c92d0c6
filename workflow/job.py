"""What every script of a rule does around its work: a log, a number of threads, clear errors."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

from run_lock import StudyInUseError, job_at_work


def run(work: Callable[[Any], None]) -> None:
    """Do a rule's work with its log in place of standard error.

    Numba reads its number of threads when it is imported, hence scripts import what is compiled
    inside `work`.

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
                work(job)
        except Exception as error:
            traceback.print_exc(file=stream)
            # bad input is the user's to mend: say what is wrong, without where it was noticed
            known = isinstance(error, ValueError | FileNotFoundError | StudyInUseError)
            message = str(error) if known else traceback.format_exc()
            print(f"{job.rule}: {message}", file=sys.__stderr__)
            raise SystemExit(1) from None
        finally:
            sys.stderr = sys.__stderr__
