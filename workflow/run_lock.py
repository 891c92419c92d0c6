"""One run of a study at a time, whatever became of the runs before it.

A run locks a file in the study's folder for as long as its process lives, and every job shares the
lock of a second file while it works. The operating system releases such locks (``flock``) with
the process that holds them, so that a killed run leaves nothing that has to be unlocked, and
processes need not be recognised by their numbers. On network file systems the locks hold
between hosts as far as these are mounted to pass them on, as NFS is by default; where they are not,
the record of another host's run that did not end properly is left to the user to judge.
"""

from __future__ import annotations

import atexit
import fcntl
import json
import os
import socket
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

RUN, JOBS = ".run.lock", ".jobs.lock"
"""Files in a study's folder: held by the run, and shared by its jobs."""

VARIABLE = "GMD_RUN"
"""Tells jobs which run they belong to, and the folder of its study."""

PARTIAL_FILES = ".*.partial*"
"""Names of files that are being written, below a study's folder (:mod:`gmd.storage`)."""


class StudyInUseError(RuntimeError):
    """Another run of the study is at work, or may be."""


def begin_run(folder: Path) -> None:
    """Keep other runs out of a study's folder until this process ends, and tidy up.

    Jobs of a run that was killed are waited for, since they go on writing; then the partial files
    of killed jobs are removed.

    Parameters
    ----------
    folder : Path
        The study's results.

    Raises
    ------
    StudyInUseError
        Naming the process that is at work there: host, number, start and command.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / RUN
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    is_locked = _lock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, path)
    before = _record(descriptor)
    if not is_locked:
        os.close(descriptor)
        raise StudyInUseError(
            f"{folder}: another run of this study is at work, {_described(before)}; wait for it, "
            f"or stop it"
        )
    if before and before.get("host") != socket.gethostname():
        os.close(descriptor)
        raise StudyInUseError(
            f"{folder}: another run of this study did not end properly, {_described(before)}. "
            f"Whether it still runs cannot be seen from {socket.gethostname()}; if it does not, "
            f"delete {path} and start again"
        )
    here = {
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "started": datetime.now().astimezone().isoformat(timespec="seconds"),
        "command": " ".join(sys.argv),
        "run": uuid.uuid4().hex,
    }
    _write(descriptor, json.dumps(here))
    os.environ[VARIABLE] = f"{here['run']}@{folder.absolute()}"
    # the descriptor stays open, and the lock held, for as long as the process lives
    atexit.register(_write, descriptor, "")
    _wait_for_jobs(folder)
    remove_partial_files(folder)


@contextmanager
def job_at_work() -> Iterator[None]:
    """Let no other run begin while a job works.

    Raises
    ------
    StudyInUseError
        Where the run that started the job was killed and another one has taken its place.
    """
    run, _, folder = os.environ.get(VARIABLE, "").partition("@")
    if not folder:  # started by something else than a run
        yield
        return
    descriptor = os.open(Path(folder) / JOBS, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _lock(descriptor, fcntl.LOCK_SH, Path(folder) / JOBS)
        current = _current_run(Path(folder))
        if current and current.get("run") != run:
            raise StudyInUseError(
                f"{folder}: the run that started this job is gone, and another one has taken its "
                f"place, {_described(current)}; nothing was done"
            )
        yield
    finally:
        os.close(descriptor)


@contextmanager
def held_folder(folder: Path) -> Iterator[None]:
    """Work in a folder that several studies share while none of the others does."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder.with_name(f".{folder.name}.lock")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _lock(descriptor, fcntl.LOCK_EX, path)
        yield
    finally:
        os.close(descriptor)


def remove_partial_files(folder: Path) -> None:
    """Remove what killed jobs had begun to write; nobody else may be writing."""
    for path in folder.rglob(PARTIAL_FILES):
        if path.is_file() and not path.is_symlink():
            print(f"removing {path}, left by a job that was killed", file=sys.stderr)
            path.unlink(missing_ok=True)


def _wait_for_jobs(folder: Path) -> None:
    path = folder / JOBS
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if not _lock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, path):
            print(
                f"{folder}: jobs of a run that was killed are still at work; waiting for them",
                file=sys.stderr,
            )
            _lock(descriptor, fcntl.LOCK_EX, path)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, kind: int, path: Path) -> bool:
    """Take a lock; False where somebody else holds it."""
    try:
        fcntl.flock(descriptor, kind)
    except BlockingIOError:
        return False
    except OSError as error:
        print(
            f"{path} cannot be locked ({error.strerror}): nothing keeps two runs apart here; start "
            f"one at a time",
            file=sys.stderr,
        )
    return True


def _current_run(folder: Path) -> dict[str, Any]:
    try:
        descriptor = os.open(folder / RUN, os.O_RDONLY)
    except FileNotFoundError:
        return {}
    try:
        return _record(descriptor)
    finally:
        os.close(descriptor)


def _record(descriptor: int) -> dict[str, Any]:
    """What a run wrote of itself; nothing after one that ended properly."""
    text = os.pread(descriptor, os.fstat(descriptor).st_size, 0).decode("utf-8", "replace")
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _write(descriptor: int, text: str) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, text.encode(), 0)


def _described(record: dict[str, Any]) -> str:
    if not record:
        return "which is just starting"
    return (
        f"process {record.get('pid')} on {record.get('host')}, started "
        f"{record.get('started')}: {record.get('command')}"
    )
