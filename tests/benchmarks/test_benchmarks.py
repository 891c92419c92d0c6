"""Every benchmark once at tiny sizes: what it reports, and that all libraries agree."""

from __future__ import annotations

import json
import re

import pytest

pytest.importorskip("psutil", reason="the peers are missing: ./run sync --group benchmark")

from benchmarks import imbalance, machine
from benchmarks.__main__ import BENCHMARKS, JSON_NAME, MARKDOWN_NAME, TINY_NOTE, main, parsed
from benchmarks.measuring import ROOT, dadapy_available
from benchmarks.report import Report, from_json, machine_text, markdown
from benchmarks.settings import Settings
from gmd.structures import load_lps

PARTS = {
    "imbalance": {"gmd", "floor: matrix products", "DADApy", "NumPy, sorting"},
    "imbalance_growth": {"gmd", "floor: matrix products", "DADApy"},
    "separate": {
        "gmd",
        "floor: matrix products",
        "DADApy",
        "scikit-learn, neighbour lists",
        "NumPy, counting",
    },
    "laed": {
        "gmd",
        "floor: neighbour search",
        "vesin alone",
        "dscribe, G2 within 6 Å and G4 within 3 Å, 1 process",
    },
    "soap": {"gmd", "quippy", "dscribe"},
    "moments": {"gmd", "floor: read and write once", "pandas"},
    "fits": {"gmd", "LightGBM", "scikit-learn"},
}
CHECKS = {
    "imbalance": 3,
    "imbalance_growth": 1,
    "separate": 3,
    "laed": 4,
    "soap": 1,
    "moments": 1,
    "fits": 2,
}
DADAPY_CHECKS = {"imbalance": 2, "imbalance_growth": 1, "separate": 1}
RATE = {
    "imbalance": "ns per pair",
    "imbalance_growth": "ns per pair",
    "separate": "ns per pair",
    "laed": "µs per atom",
    "soap": "µs per atom",
    "moments": "ns per atom",
    "fits": "ns per value",
}


@pytest.fixture
def embedded(monkeypatch) -> None:
    """No structures but those that the package ships with."""
    monkeypatch.delenv("GMD_LIPS20", raising=False)


def test_all_are_known() -> None:
    assert list(BENCHMARKS) == list(PARTS) == list(CHECKS) == list(RATE)


@pytest.mark.parametrize("name", BENCHMARKS)
@pytest.mark.usefixtures("embedded")
def test_tiny(name, tmp_path, capsys) -> None:
    # nonzero where two libraries disagree
    assert main([name, "--tiny", "--output", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert printed == (tmp_path / MARKDOWN_NAME).read_text(encoding="utf-8") + "\n"
    assert TINY_NOTE in printed
    text = (tmp_path / JSON_NAME).read_text(encoding="utf-8")
    assert not [path for path in (ROOT, tmp_path) if str(path) in text]
    found = json.loads(text)
    assert (found["format"], found["tiny"], list(found["benchmarks"])) == (1, True, [name])
    report = from_json(found["benchmarks"][name])
    assert report.as_json() == found["benchmarks"][name]
    assert markdown(report) in printed
    with_dadapy = dadapy_available()
    missing = set() if with_dadapy else {"DADApy"}
    assert {row.part for row in report.rows} == PARTS[name] - missing
    for row in report.rows:
        assert row.seconds > 0
        assert set(row.rates) >= {RATE[name]}
        assert (row.peak_mib is None) == (row.warm_s is None) == row.estimated
        assert row.peak_mib is None or 10 < row.peak_mib < 4000
    assert len(report.checks) == CHECKS[name] - (0 if with_dadapy else DADAPY_CHECKS.get(name, 0))
    assert all(check.passed for check in report.checks)
    assert all(target.value > 0 for target in report.targets)
    if not with_dadapy:
        pytest.skip("DADApy was left out: ./run sync --group benchmark")


def test_the_machine_is_described_without_names_and_paths() -> None:
    described = machine.describe(1)
    assert described["cores"] == 1
    assert set(described["threads"].values()) == {1}
    assert re.match(r"\d+\.\d+", described["packages"]["numpy"])
    assert described["blas"]
    assert described["processor"] in machine_text(described)
    assert ("dadapy" in described["dadapy"]) == dadapy_available()


@pytest.mark.usefixtures("embedded")
def test_a_second_run_keeps_what_the_first_found(tmp_path, monkeypatch, capsys) -> None:
    def report(number: int):
        return lambda settings: Report(f"title {number}", "data", raw={"number": number})

    def numbers() -> dict[str, int]:
        found = json.loads((tmp_path / JSON_NAME).read_text(encoding="utf-8"))
        return {name: entry["raw"]["number"] for name, entry in found["benchmarks"].items()}

    monkeypatch.setattr("benchmarks.__main__.BENCHMARKS", {"a": report(1), "b": report(2)})
    assert main(["--tiny", "--output", str(tmp_path)]) == 0
    monkeypatch.setattr("benchmarks.__main__.BENCHMARKS", {"a": report(3), "b": report(4)})
    assert main(["a", "--tiny", "--output", str(tmp_path)]) == 0
    assert numbers() == {"a": 3, "b": 2}
    capsys.readouterr()
    # full sizes beside tiny ones would mislead
    assert main(["a", "--output", str(tmp_path)]) == 0
    assert numbers() == {"a": 3}
    assert "is of another machine or kind and is replaced" in capsys.readouterr().err


def test_structures_that_are_named_are_put_through_the_imbalance_too(tmp_path) -> None:
    import ase.io

    path = tmp_path / "few.extxyz"
    ase.io.write(path, load_lps()[:12])
    report = Report("title", "data")
    settings = Settings(True, 1, path, 8000, tmp_path)
    imbalance._add_real(report, settings)
    assert [(row.group, row.part) for row in report.rows] == [("N = 12, real", "gmd")]
    assert "few.extxyz: " in report.notes[0]
    assert str(tmp_path) not in report.notes[0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["imbalances"], "no benchmark imbalances; there are imbalance, "),
        (["--cores", "0"], "--cores 0: this machine gives 1 to "),
        (["--largest", "1000"], "--largest 1000: more than 1000 is needed"),
    ],
)
def test_the_command_line_is_checked(arguments, message, capsys) -> None:
    with pytest.raises(SystemExit):
        parsed(arguments)
    assert message in capsys.readouterr().err
