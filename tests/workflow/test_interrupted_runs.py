"""Runs that fail after a setting was changed: what comes next is of the new setting, or an error.

Two of twenty random combinations are part of the suite; `./run test -m on_demand` runs the others.
"""

from __future__ import annotations

import copy
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from check_results import check_study
from study import Study
from workflow_checkout import CONFIG, Checkout

pytestmark = pytest.mark.workflow

SMALL: dict[str, Any] = {
    **copy.deepcopy(CONFIG),
    "study": "interrupted",
    "laeds": {"short": {"family": "chebyshev", "n_radial": 3, "n_angular": 2}},
    "descriptors": {"max_outer": 1, "max_inner": 1},
    "recommendation": {"resamples": 20, "subsets": {"fractions": [0.5], "repeats": 2}},
}
SMALL["energy"]["subsets"] = ["whole"]
SMALL["datasets"]["toy"]["subsets"] = {"whole": {}}
for model in ("lightgbm", "linear"):
    SMALL["energy"][model]["sigmas"] = ["100", "110"]
del SMALL["comparison"]

AFTER_IMBALANCE = ("ranking", "tables", "figure", "recommendation")
AFTER_FIT = ("energy", "figure", "recommendation")
AFTER_DESCRIPTORS = ("columns", "imbalance", "stability", "energy_fit", *AFTER_IMBALANCE)
AFTER_SITES = ("sites", "descriptors", *AFTER_DESCRIPTORS)
CHANGES: list[tuple[str, Any, tuple[str, ...]]] = [
    ("datasets.toy.source.minimum_distance", 0.2, ("ingest", "subset", *AFTER_SITES)),
    ("datasets.toy.subsets.whole", {"max_atoms": 12}, ("subset", "formation", *AFTER_SITES)),
    ("datasets.toy.weights", {"Li": -2, "P": 1, "S": 1}, AFTER_SITES),
    ("laeds.short.radial_cutoff", 5.0, AFTER_SITES),
    ("laeds.short.n_radial", 4, AFTER_SITES),
    ("descriptors.absent_elements", "exclude", ("descriptors", *AFTER_DESCRIPTORS)),
    ("descriptors.max_inner", 2, ("descriptors", *AFTER_DESCRIPTORS)),
    ("imbalance.normalization", "minmax", ("imbalance", "stability", *AFTER_IMBALANCE)),
    ("imbalance.n_neighbours", 2, ("imbalance", "stability", *AFTER_IMBALANCE)),
    ("recommendation.seed", 1, ("stability", "recommendation")),
    ("recommendation.resamples", 30, ("recommendation",)),
    ("energy.references", {"mode": "elements", "potentials": {"Li": -1.0, "P": -2.0, "S": -3.0}},
     ("formation", "energy_fit", *AFTER_FIT)),
    ("energy.lightgbm.learning_rate", 0.2, ("energy_fit", *AFTER_FIT)),
    ("energy.lightgbm.seeds", [2, 3], ("energy_fit", *AFTER_FIT)),
]  # fmt: skip
FAILURES = ("killed", "disk full", "bad input")

# in the place of workflow/job.py: one rule fails, its results already written or half way
FAILING_JOB = """
import os, resource, signal, sys
import job_itself
from job_itself import *


def run(work):
    job = sys.modules["__main__"].snakemake
    failure = os.environ.get("FAILURE") if os.environ.get("FAILING_RULE") == job.rule else None

    def failing(job):
        if failure == "bad input":
            raise ValueError("bad input")
        if failure == "disk full":
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (400, resource.RLIM_INFINITY))
        work(job)
        if failure == "killed":
            os.kill(os.getpid(), signal.SIGKILL)

    job_itself.run(failing)
"""


def combinations(n: int = 20, seed: int = 0) -> list[Any]:
    """Random settings, rules that depend on them, and failures; the first two always run."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(n):
        key, value, rules = CHANGES[rng.integers(len(CHANGES))]
        rule = rules[rng.integers(len(rules))]
        failure = FAILURES[number % len(FAILURES)]
        marks = [pytest.mark.on_demand] if number >= 2 else []
        found.append(pytest.param(key, value, rule, failure, marks=marks))
    return found


def with_setting(config: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    config = copy.deepcopy(config)
    *parents, last = key.split(".")
    inner = config
    for name in parents:
        inner = inner.setdefault(name, {})
    inner[last] = value
    return config


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Checkout:
    checkout = Checkout(tmp_path_factory.mktemp("interrupted"))
    workflow = checkout.root / "workflow"
    shutil.move(workflow / "job.py", workflow / "job_itself.py")
    (workflow / "job.py").write_text(FAILING_JOB)
    result = checkout.snakemake(config=SMALL, check=False)
    assert result.returncode == 0, result.stdout[-3000:]
    return checkout


def tables_of(study: Study) -> list[str]:
    """All results with numbers in them."""
    return [file for file in study.targets() if Path(file).suffix in (".parquet", ".csv", ".json")]


@pytest.mark.parametrize(("key", "value", "rule", "failure"), combinations())
def test_what_follows_a_failure_is_of_the_new_setting(
    finished, tmp_path, monkeypatch, key, value, rule, failure
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(finished.root, folder, symlinks=True)
    checkout = Checkout(folder, make=False)
    config = with_setting(SMALL, key, value)
    failed = checkout.snakemake(config=config, check=False, FAILURE=failure, FAILING_RULE=rule)
    assert failed.returncode != 0, failed.stdout[-3000:]
    again = checkout.snakemake(config=config, check=False)
    assert again.returncode == 0, again.stdout[-3000:]
    monkeypatch.chdir(checkout.root)
    study = Study(config)
    assert check_study(study)
    # the numbers are those of a run that was never interrupted
    shutil.rmtree(finished.root.parent / "fresh", ignore_errors=True)
    fresh = Checkout(finished.root.parent / "fresh", make=False)
    made = shutil.ignore_patterns("results", ".snakemake")
    shutil.copytree(finished.root, fresh.root, symlinks=True, ignore=made)
    fresh.snakemake(*tables_of(study), config=config)
    differ = [
        file
        for file in tables_of(study)
        if (checkout.root / file).read_bytes() != (fresh.root / file).read_bytes()
    ]
    assert differ == []


def test_a_failure_is_not_hidden_by_running_again_without_records(finished, tmp_path) -> None:
    """Snakemake's own memory may be lost: what it takes for finished is then found by the check."""
    folder = tmp_path / "copy"
    shutil.copytree(finished.root, folder, symlinks=True)
    shutil.rmtree(folder / ".snakemake")
    checkout = Checkout(folder, make=False)
    config = with_setting(SMALL, "laeds.short.radial_cutoff", 5.0)
    result = checkout.snakemake(config=config, check=False)
    assert result.returncode != 0
    assert "sites.laed.radial_cutoff was 6.0, is 5.0" in result.stdout
