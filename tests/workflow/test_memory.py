"""Settings that would not fit into memory are refused before anything runs."""

from __future__ import annotations

import os
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from ase.data import chemical_symbols

import contradictions
import memory
from checking import load_yaml
from memory import HEAVY_RULES, JOB_MB, Memory, check_memory, job_memory, machine_memory
from registry import with_entries
from study import Study
from workflow.test_study import CONFIG, MINIMAL, changed, complaints

RULES = Path(memory.__file__).parent / "rules"

HUGE_SOAP = {"family": "soap", "cutoff": 8.0, "n_max": 12, "l_max": 12, "atom_sigma": 0.5}
FROM_ELSEWHERE = {"datasets__lps__source": {"path": "a.xyz"}}


@pytest.mark.parametrize("changes", [{}, FROM_ELSEWHERE], ids=["embedded", "of unknown size"])
def test_a_huge_power_spectrum_is_refused(changes, monkeypatch) -> None:
    large = Memory(16 * 10**9, "this machine has")
    monkeypatch.setattr(contradictions, "machine_memory", lambda: large)
    monkeypatch.setattr(memory, "machine_memory", lambda: large)
    (found,) = complaints(changed(MINIMAL, laeds__paper=HUGE_SOAP, **changes))
    n, needed, megabytes = (2, "4.26 GB", 4257) if changes else (423, "11.8 GB", 11839)
    assert found.startswith(
        f"laeds.paper: 8658 LAED components make 649350 columns of Σ_555, which for {n} "
        f"structures take about {needed} of memory, and mem_mb of its jobs is 4 GB. "
    )
    assert f"--set-resources descriptors:mem_mb={megabytes}" in found


def test_a_huge_number_of_coefficients_is_refused_at_once() -> None:
    (found,) = complaints(changed(MINIMAL, laeds__paper__n_radial=100_000_000))
    assert re.match(r"laeds.paper: 200000010 LAED components make 15000000750 columns", found)
    assert "273468 GB of memory" in found
    assert "set-resources" not in found  # no machine has that


def test_a_larger_machine_may_take_it() -> None:
    config = changed(MINIMAL, laeds__paper=HUGE_SOAP)
    assert Study(config, {}, memory=Memory(13 * 10**9, "this machine has"))
    (found,) = complaints(config, memory=Memory(8 * 10**9, "this machine has"))
    assert "and this machine has 8 GB" in found


@pytest.mark.parametrize("file", sorted(CONFIG.glob("*.yaml")), ids=lambda file: file.stem)
def test_shipped_studies_fit(file) -> None:
    config = load_yaml(file)
    if "datasets" not in config:
        pytest.skip("it holds no study")
    environment = dict.fromkeys(re.findall(r"\$\{?(\w+)", str(with_entries(config))), "/data")
    assert Study(config, environment, memory=Memory(JOB_MB * 10**6, "mem_mb of its jobs is"))


@pytest.mark.parametrize("file", sorted((CONFIG / "datasets").glob("*.yaml")), ids=lambda f: f.stem)
def test_registered_data_sets_fit(file) -> None:
    config = {**load_yaml(CONFIG / "dataset.yaml"), "dataset": file.stem}
    environment = dict.fromkeys(re.findall(r"\$\{?(\w+)", file.read_text()), "/data")
    assert Study(config, environment, memory=Memory(JOB_MB * 10**6, "mem_mb of its jobs is"))


def test_the_highest_degrees_of_all_elements_fit() -> None:
    elements = chemical_symbols[1:90]
    changes = {
        "datasets__lps": {
            "source": {"path": "mp.xyz"}, "elements": elements, "weights": "atomic_number"
        },
        "descriptors": {"max_outer": 9, "max_inner": 9},
    }  # fmt: skip
    assert Study(changed(MINIMAL, **changes), {})


def test_the_rules_ask_for_what_is_assumed() -> None:
    text = "".join(file.read_text() for file in RULES.glob("*.smk"))
    for rule in HEAVY_RULES:
        body = re.search(rf"^rule {rule}:\n((?:[ \n].*\n?)*)", text, re.MULTILINE)
        assert f"mem_mb={JOB_MB}," in body[1]


def test_what_the_profile_sets_counts(monkeypatch) -> None:
    machine = Memory(64 * 10**9, "this machine has")
    monkeypatch.setattr(memory, "machine_memory", lambda: machine)
    assert job_memory({}).n_bytes == JOB_MB * 10**6
    all_set = {rule: {"mem_mb": SimpleNamespace(value=16_000)} for rule in HEAVY_RULES}
    assert job_memory(all_set).n_bytes == 16 * 10**9
    assert job_memory({"imbalance": {"mem_mb": 16_000}}).n_bytes == JOB_MB * 10**6
    assert job_memory({"imbalance": {"mem_mb": 1000}}).n_bytes == 10**9
    assert job_memory({r: {"mem_mb": 128_000} for r in HEAVY_RULES}) == machine


def test_limits_of_control_groups_count(tmp_path, monkeypatch) -> None:
    physical = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert 10**8 < machine_memory().n_bytes <= physical
    monkeypatch.setattr(memory, "CGROUPS", tmp_path)
    assert machine_memory().n_bytes == physical
    (tmp_path / "memory.max").write_text("max\n")
    assert machine_memory().n_bytes == physical
    for name in ("memory.max", "memory/memory.limit_in_bytes"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("2000000000\n")
    assert machine_memory().n_bytes == 2 * 10**9


def test_a_job_that_does_not_fit_says_so(monkeypatch) -> None:
    monkeypatch.setattr(memory, "machine_memory", lambda: Memory(10**9, "this machine has"))
    check_memory(10**9, "all of it takes 1 GB")
    with pytest.raises(ValueError, match=r"it takes 2 GB, and this machine has 1 GB\. Choose"):
        check_memory(2 * 10**9, "it takes 2 GB")
