"""Runs that exclude each other, and runs after one that was killed, with real processes."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from run_lock import JOBS, RUN, VARIABLE, StudyInUseError, begin_run, job_at_work

WORKFLOW = Path(__file__).resolve().parents[2] / "workflow"

SNAKEFILE = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(WORKFLOW)!r})
from run_lock import StudyInUseError, begin_run
from snakemake.exceptions import WorkflowError

onstart:
    try:
        begin_run(Path("results/toy"))
    except StudyInUseError as error:
        raise WorkflowError(str(error))

rule slow:
    output: "results/toy/made"
    script: "slow.py"
"""

SLOW = """
import os, pathlib, sys, time
from job import run

def slow(job):
    out = pathlib.Path(job.output[0])
    partial = out.with_name(f".made.{os.getpid()}.partial")
    partial.write_text("half")
    with open("begun", "a") as stream:
        stream.write(f"{os.getpid()}\\n")
    while not pathlib.Path("go").exists():
        time.sleep(0.05)
    partial.rename(out)

if __name__ == "__main__":
    run(slow)
"""

HOLDER = """
import sys, time
from pathlib import Path
from run_lock import begin_run
begin_run(Path(sys.argv[1]))
print("begun", flush=True)
time.sleep(60)
"""

WORKER = """
import os, sys, time
from run_lock import VARIABLE, job_at_work
with job_at_work():
    print("at work", flush=True)
    time.sleep(float(sys.argv[1]))
"""

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(WORKFLOW)}
ENVIRONMENT.pop(VARIABLE, None)


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start Python with a program; whatever still runs in the end is killed."""
    begun: list[subprocess.Popen[str]] = []

    def start(*arguments: object, **options: object) -> subprocess.Popen[str]:
        settings = {"env": ENVIRONMENT, "text": True, "stdout": subprocess.PIPE, **options}
        process = subprocess.Popen([sys.executable, *map(str, arguments)], **settings)
        begun.append(process)
        return process

    yield start
    for process in begun:
        process.kill()
        process.communicate()


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.delenv(VARIABLE, raising=False)
    return tmp_path / "results" / "toy"


def run_in_its_own_process(folder: Path, start, program: str = HOLDER) -> subprocess.Popen[str]:
    process = start("-c", program, folder)
    assert process.stdout.readline() == "begun\n"
    return process


def test_two_runs_exclude_each_other_and_the_holder_is_named(folder, start) -> None:
    holder = run_in_its_own_process(folder, start)
    with pytest.raises(StudyInUseError) as caught:
        begin_run(folder)
    for word in (f"process {holder.pid} on {socket.gethostname()}", f"-c {folder}", "started 20"):
        assert word in str(caught.value)
    run_in_its_own_process(folder.with_name("another"), start)


def test_a_killed_run_leaves_no_lock(folder, start) -> None:
    holder = run_in_its_own_process(folder, start)
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert json.loads((folder / RUN).read_text())["pid"] == holder.pid
    run_in_its_own_process(folder, start)


def test_a_run_that_ends_leaves_no_record(folder, start) -> None:
    start("-c", HOLDER.replace("sleep(60)", "sleep(0)"), folder).wait()
    assert (folder / RUN).read_text() == ""


def test_another_process_of_the_same_number_is_no_run(folder, start) -> None:
    """The number of a killed run may belong to any other process by now."""
    folder.mkdir(parents=True)
    record = {"host": socket.gethostname(), "pid": os.getpid(), "started": "x", "command": "y"}
    (folder / RUN).write_text(json.dumps(record))
    run_in_its_own_process(folder, start)


def test_a_run_of_another_host_is_not_ours_to_judge(folder) -> None:
    folder.mkdir(parents=True)
    record = {"host": "node17", "pid": 1, "started": "yesterday", "command": "snakemake -c1"}
    (folder / RUN).write_text(json.dumps(record))
    with pytest.raises(
        StudyInUseError, match=r"process 1 on node17.*: snakemake -c1.*delete .*run"
    ):
        begin_run(folder)


def test_jobs_of_a_killed_run_are_waited_for(folder, start) -> None:
    folder.mkdir(parents=True)
    (folder / RUN).write_text(json.dumps({"host": socket.gethostname(), "run": "old"}))
    job = start("-c", WORKER, 2, env={**ENVIRONMENT, VARIABLE: f"old@{folder}"})
    assert job.stdout.readline() == "at work\n"
    leftover = folder / "part" / ".sites.7.partial.parquet"
    leftover.parent.mkdir()
    leftover.write_text("half")
    second = start("-c", HOLDER, folder, stderr=subprocess.PIPE)
    assert "jobs of a run that was killed are still at work" in second.stderr.readline()
    assert leftover.exists()
    assert job.poll() is None
    assert "removing" in second.stderr.readline()
    assert job.wait() == 0
    assert second.stdout.readline() == "begun\n"
    assert not leftover.exists()


def test_a_job_that_comes_late_does_nothing(folder, start, monkeypatch) -> None:
    run_in_its_own_process(folder, start)
    monkeypatch.setenv(VARIABLE, f"old@{folder}")
    with (
        pytest.raises(StudyInUseError, match="the run that started this job is gone"),
        job_at_work(),
    ):
        pytest.fail("it worked")


def test_finished_files_and_links_stay(folder, start, tmp_path) -> None:
    folder.mkdir(parents=True)
    (tmp_path / "elsewhere.partial").write_text("mine")
    (folder / ".a.1.partial.svg").symlink_to(tmp_path / "elsewhere.partial")
    for name in ("a.partial.csv", ".hidden", "b.parquet"):
        (folder / name).write_text("whole")
    (folder / ".b.12.partial.parquet").write_text("half")
    run_in_its_own_process(folder, start)
    left = {path.name for path in folder.iterdir()} - {RUN, JOBS}
    assert left == {".a.1.partial.svg", "a.partial.csv", ".hidden", "b.parquet"}


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_snakemake_goes_on_after_a_kill(tmp_path, start) -> None:
    """A run is killed while its job works on; the next one waits for the job, then works."""
    (tmp_path / "Snakefile").write_text(SNAKEFILE)
    (tmp_path / "slow.py").write_text(SLOW)
    command = ["-m", "snakemake", "--nolock", "-c1", "--rerun-incomplete", "results/toy/made"]
    options = {"cwd": tmp_path, "stderr": subprocess.STDOUT}

    def begun() -> list[str]:
        file = tmp_path / "begun"
        return file.read_text().split() if file.exists() else []

    first = start(*command, **options)
    wait_for(lambda: len(begun()) == 1)
    busy = start(*command, **options)
    output, _ = busy.communicate(timeout=60)
    assert busy.returncode == 1
    assert f"another run of this study is at work, process {first.pid} on" in output
    first.send_signal(signal.SIGKILL)
    first.wait()
    second = start(*command, **options)
    said = [second.stdout.readline()]
    while "are still at work; waiting" not in said[-1]:
        assert said[-1], "".join(said)
        said.append(second.stdout.readline())
    assert len(begun()) == 1
    (tmp_path / "go").write_text("")
    output, _ = second.communicate(timeout=60)
    assert second.returncode == 0, output
    assert len(begun()) == 2
    assert (tmp_path / "results/toy/made").read_text() == "half"
    assert not list((tmp_path / "results/toy").glob(".made*"))
