"""What happens around the work of a rule's script."""

from __future__ import annotations

import os
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from job import run


@pytest.fixture
def job(tmp_path, monkeypatch) -> SimpleNamespace:
    made = SimpleNamespace(
        rule="sites", threads=3, log=[str(tmp_path / "sites.log")], params={}, input=[], output=[]
    )
    monkeypatch.setattr(sys.modules["__main__"], "snakemake", made, raising=False)
    monkeypatch.setattr(sys, "stderr", sys.stderr)  # put back after the test
    monkeypatch.setenv("NUMBA_NUM_THREADS", "1")
    return made


def test_work_has_its_job_threads_and_log(job, tmp_path) -> None:
    def work(given: Any) -> None:
        assert given is job
        assert os.environ["NUMBA_NUM_THREADS"] == "3"
        print("half way", file=sys.stderr)
        # a log that is followed shows every line at once
        assert (tmp_path / "sites.log").read_text() == "half way\n"

    run(work)
    assert sys.stderr is sys.__stderr__


def test_work_without_a_log(job) -> None:
    job.log = []
    run(lambda _: print("nowhere", file=sys.stderr))


def fail(error: BaseException) -> Any:
    def work(_: Any) -> None:
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (ValueError("lps.extxyz, structure 17: no"), ["sites: lps.extxyz, structure 17: no"]),
        (FileNotFoundError("set: there is no such file"), ["sites: set: there is no such file"]),
        (KeyError("sigma"), ["sites: Traceback (most recent call last):", "KeyError: 'sigma'"]),
    ],
)
def test_failures_say_what_the_user_can_mend(job, tmp_path, capfd, error, shown) -> None:
    with pytest.raises(SystemExit) as caught:
        run(fail(error))
    assert caught.value.code == 1
    lines = capfd.readouterr().err.strip().splitlines()
    assert [lines[0], lines[-1]] == [shown[0], shown[-1]]
    # the log has all of it in any case
    log = (tmp_path / "sites.log").read_text()
    assert log.startswith("Traceback (most recent call last):")
    assert str(error) in log


def test_an_interrupt_is_no_failure_of_the_work(job) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(fail(KeyboardInterrupt()))
    assert sys.stderr is sys.__stderr__
