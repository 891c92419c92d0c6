"""Times, memory and failures of parts, and what is made of them."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("psutil", reason="the peers are missing: ./run sync --group benchmark")

from benchmarks import document, plain_parts
from benchmarks.growth import growing_sizes
from benchmarks.imbalance import COMPLEXITIES, LABELS, N_PAIRS, DadapyTimes, width_of
from benchmarks.measuring import PartFailed, measure
from benchmarks.report import Check, Report, Row, Target, markdown, power_law, rows_table, short
from benchmarks.worker import run_part
from tools.pages import BEGIN, END

PARTS = """
import time
import numpy as np
from benchmarks.worker import Part

def large(folder, *, mib):
    def run():
        ones = np.ones(mib * 2**17)
        return {"sum": ones.sum(), "step_s": [next(times), 2.0], "last": next(times)}
    times = iter([3.0, 10.0, 1.0, 20.0])
    return Part(lambda: time.sleep(0.05), run)

def broken(folder):
    raise ValueError("no such luck")
"""


@pytest.fixture
def parts(tmp_path, monkeypatch):
    """A folder on the path, with parts of its own."""
    (tmp_path / "parts_of_a_test.py").write_text(PARTS, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path


def test_time_memory_and_results(parts) -> None:
    found = measure("parts_of_a_test:large", parts, {"mib": 200}, cores=1, repeats=2)
    assert found.results["sum"] == 200 * 2**17
    # the least of all repeats for times, the last for others
    assert found.results["step_s"].tolist() == [1.0, 2.0]
    assert found.results["last"] == 20.0
    assert 220 < found.peak_mib < 400
    assert len(found.all_seconds) == 2
    assert found.seconds == min(found.all_seconds)
    assert found.warm_s >= 0.05


def test_failures_tell_what_happened(parts) -> None:
    with pytest.raises(PartFailed, match="no such luck"):
        measure("parts_of_a_test:broken", parts, {}, cores=1, repeats=1)


def test_the_floor_in_strips_is_the_floor(tmp_path, monkeypatch) -> None:
    arguments = {"n": 70, "blocks": 1, "width": 4}
    task = {"part": "benchmarks.plain_parts:floor", "folder": str(tmp_path)}
    task |= {"arguments": arguments, "repeats": 1, "cores": 64}
    rng = np.random.default_rng(0)
    product = rng.normal(size=(70, 4)) @ rng.normal(size=(4, 70))
    last_strip = {2**30: 0, 16 * 8 * 70: 64}
    for size, row in last_strip.items():
        monkeypatch.setattr(plain_parts, "FLOOR_BYTES", size)
        found = run_part(task)["results"]["last"]
        assert found == pytest.approx(product[row, :2])


def test_power_laws_are_found() -> None:
    assert power_law([10, 20, 80], [3 * 10**1.5, 3 * 20**1.5, 3 * 80**1.5]) == pytest.approx(
        (3, 1.5)
    )


def test_dadapys_table_from_its_pieces() -> None:
    """Lists linear in the width, all pairs over the cores, and both as powers of N."""
    times = DadapyTimes(cores=2)
    widths = np.array([width_of(label) for label in LABELS])
    for n in (100, 200):
        times.add(n, 1e-6 * n**2 * widths, 1e-5 * n)

    def expected(n: int) -> float:
        return 1e-6 * n**2 * sum(COMPLEXITIES) + N_PAIRS * 1e-5 * n / 2

    for n in (100, 200, 1000):
        assert times.table_seconds(n) == pytest.approx(expected(n))
    powers = times.raw()["powers_of_n"]
    assert powers == pytest.approx({f"list of {label}": 2 for label in LABELS} | {"pair": 1})


def test_sizes_double_up_to_the_largest() -> None:
    assert growing_sizes(1000, 8000) == [1000, 2000, 4000, 8000]
    assert growing_sizes(1000, 5000) == [1000, 2000, 4000, 5000]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.0001234, "0.000123"),
        (0.00000012, "1.20e-07"),
        (1.005, "1.00"),
        (12.34, "12.3"),
        (99.96, "100"),
        (12345.6, "12 346"),
        (float("inf"), "inf"),
    ],
)
def test_numbers_are_short(value, text) -> None:
    assert short(value) == text


def test_ratios_are_taken_within_a_size() -> None:
    rows = [
        Row("N = 1", "gmd", "gmd", 2.0, {"ns": 4.0}, 0.5, 100.0, [2.0]),
        Row("N = 1", "floor", "floor", 1.0),
        Row("N = 2", "gmd", "gmd", 8.0),
        Row("N = 2", "peer", "peer", 80.0, estimated=True),
    ]
    lines = rows_table(rows).splitlines()[2:]
    assert lines == [
        "| N = 1 | gmd | 2.00 | 4.00 | 1.00 | 2.00 | 100 | 0.500 |",
        "|  | floor | 1.00 | – | 0.500 | 1.00 | – | – |",
        "| N = 2 | gmd | 8.00 | – | 1.00 | – | – | – |",
        "|  | peer | 80.0 (estimate) | – | 10.0 | – | – | – |",
    ]


def test_verdicts() -> None:
    assert Target("a", 3.0, 3.0, "<=").met
    assert not Target("a", 3.1, 3.0, "<=").met
    assert Target("a", 51.0, 50.0, ">=").met
    assert Check("a", 0.0, 0.0).passed
    assert not Check("a", float("nan"), 1.0).passed
    report = Report("title", "data", targets=[Target("speed", 51.0, 50.0, ">=", "s")])
    assert "| speed | ≥ 50.0 s | 51.0 s | yes |" in markdown(report)


def test_the_page_is_up_to_date(capsys) -> None:
    assert document.main(["--check"]) == 0, capsys.readouterr().err


def test_only_the_text_between_the_markers_is_made(tmp_path, monkeypatch, capsys) -> None:
    page = tmp_path / "performance.md"
    begin, end = (marker.format(maker=document.MAKER) for marker in (BEGIN, END))
    page.write_text(f"before\n{begin}{end}after\n", encoding="utf-8")
    for name, value in (
        ("PAGE", page),
        ("IMAGES", tmp_path),
        ("MEASURED", tmp_path / "measured.json"),
    ):
        monkeypatch.setattr(document, name, value)
    folder = tmp_path / "found"
    folder.mkdir()
    machine = {
        "processor": "abacus",
        "cores": 1,
        "cores_of_the_machine": 2,
        "memory_GiB": 4.0,
        "system": "Linux",
        "python": "3.11.0",
        "packages": {"gmd": "1"},
        "dadapy": {},
        "blas": ["openblas"],
    }
    report = Report("growth", "data", rows=[Row("N = 1", "gmd", "gmd", 2.0)])
    entry = report.as_json()
    found = {"tiny": True, "machine": machine, "benchmarks": {"imbalance_growth": entry}}
    (folder / document.JSON_NAME).write_text(document.json.dumps(found), encoding="utf-8")
    with pytest.raises(ValueError, match="is of a run with --tiny"):
        document.main([str(folder)])
    found["tiny"] = False
    (folder / document.JSON_NAME).write_text(document.json.dumps(found), encoding="utf-8")
    (folder / "performance_growth.png").write_bytes(b"picture")
    assert document.main([str(folder)]) == 0
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"before\n{begin}\nMachine: abacus, 1 of 2 cores")
    assert "### growth" in text
    assert "(images/performance_growth.png)" in text
    assert text.endswith(f"{end}after\n")
    assert (tmp_path / "performance_growth.png").read_bytes() == b"picture"
    assert document.main(["--check"]) == 0
    page.write_text(text.replace("abacus", "slide rule"), encoding="utf-8")
    assert document.main(["--check"]) == 1
    assert "out of date" in capsys.readouterr().err
