"""All rank information imbalances between the 97 descriptors, beside the floor and its peers."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import data
from benchmarks.measuring import DADAPY_PYTHON, dadapy_available
from benchmarks.report import Check, Report, Target, estimated_row, measured_row, power_law
from benchmarks.settings import Settings
from gmd.descriptors import DescriptorSpace, complexity, sigma_labels
from gmd.imbalance import glielmo_imbalance, information_imbalance

N_STRUCTURES = 6055
N_BLOCKS = 75
N_DESCRIPTORS = 97
N_PAIRS = N_DESCRIPTORS * (N_DESCRIPTORS - 1)
FLOOR = "floor: matrix products"
SORTING = "NumPy, sorting"
LABELS = ("100", "332", "550", "555")
"""Descriptors of four widths, whose neighbour lists DADApy makes."""

TOLERANCE = 1e-6
"""Of mean ranks, relative: distances from a product of matrices may swap neighbours that differ by
rounding alone."""

NEEDS_DADAPY = "DADApy was left out: its environment is not set up (`./run sync --group benchmark`)"


NOTES = (
    f"floor: {N_BLOCKS} products N × {data.N_COMPONENTS} by {data.N_COMPONENTS} × N in float64 "
    "into one N × N matrix (NumPy's BLAS), what the distances alone need if they are made by "
    "matrix products",
    "a pair is an ordered pair of structures; each time covers all descriptors",
    "DADApy, 1 nearest neighbour, maxk = N − 1: the neighbour lists of all descriptors once, from "
    f"those of Σ_{', Σ_'.join(LABELS)} linearly in their widths, then the time of one pair of "
    f"lists for each of {N_PAIRS} ordered pairs, divided by the cores as if they were shared out "
    "without loss; at the largest N by the growth, a power of N, of each of these times over the "
    "smaller ones. A pair is timed by the function `_return_imbalance`, which all of its methods "
    "call, since none of them takes two lists at hand",
    "NumPy: whole distance matrices (`sklearn.metrics.pairwise_distances`), rows sorted once, "
    "ranks looked up; at the largest N by its growth",
)


def width_of(label: str) -> int:
    """Complexity of a descriptor, in columns per component."""
    return complexity(label, len(data.ELEMENTS))


COMPLEXITIES = [width_of(label) for label in sigma_labels()]


def ns_per_pair(n: int) -> dict[str, float]:
    """From seconds to nanoseconds per ordered pair of structures."""
    return {"ns per pair": 1e9 / (n * (n - 1))}


def relative_difference(found: Any, expected: Any) -> float:
    """Largest difference between two arrays, relative to the expected one."""
    found, expected = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    return float(np.max(np.abs(found - expected) / np.abs(expected)))


class DadapyTimes:
    """DADApy's times at several sizes, and what they say of the whole table.

    Parameters
    ----------
    cores : int
        By which the time of the pairs is divided.
    """

    def __init__(self, cores: int) -> None:
        self._cores = cores
        self.sizes: list[int] = []
        self._lists: list[NDArray[np.float64]] = []
        self._pairs: list[float] = []

    def add(self, n: int, lists_s: NDArray[np.float64], pair_s: float) -> None:
        """Take in the times at one size: lists in the order of ``LABELS``."""
        self.sizes.append(n)
        self._lists.append(np.asarray(lists_s))
        self._pairs.append(float(pair_s))

    def table_seconds(self, n: int) -> float:
        """Time of the whole table, by growth where the size was not measured."""
        return self._all_lists(self._at(n)) + N_PAIRS * self._pair_at(n) / self._cores

    def exponents(self) -> dict[str, float]:
        """Fitted powers of N, of each list and of a pair."""
        found = {
            f"list of {label}": power_law(self.sizes, [lists[i] for lists in self._lists])[1]
            for i, label in enumerate(LABELS)
        }
        return found | {"pair": power_law(self.sizes, self._pairs)[1]}

    def raw(self) -> dict[str, Any]:
        """All times, and the fitted powers where there are several sizes."""
        return {
            "sizes": self.sizes,
            "labels": list(LABELS),
            "lists_s": [lists.tolist() for lists in self._lists],
            "pair_s": self._pairs,
            "powers_of_n": self.exponents() if len(self.sizes) > 1 else {},
        }

    def _all_lists(self, measured: Sequence[float]) -> float:
        # linear between the measured widths and beyond none of them
        return float(np.interp(COMPLEXITIES, [width_of(label) for label in LABELS], measured).sum())

    def _at(self, n: int) -> list[float]:
        if n in self.sizes:
            return [float(time) for time in self._lists[self.sizes.index(n)]]
        laws = [
            power_law(self.sizes, [lists[i] for lists in self._lists]) for i in range(len(LABELS))
        ]
        return [factor * n**power for factor, power in laws]

    def _pair_at(self, n: int) -> float:
        if n in self.sizes:
            return self._pairs[self.sizes.index(n)]
        factor, power = power_law(self.sizes, self._pairs)
        return float(factor * n**power)


def measure_dadapy(
    space: DescriptorSpace, settings: Settings, times: DadapyTimes
) -> tuple[float, Check]:
    """Measure DADApy on a space; returns its peak memory (MiB) and the check of its numbers."""
    n = space.n_structures
    with tempfile.TemporaryDirectory(prefix="gmd-benchmark-") as name:
        folder = Path(name)
        matrices = {label: space.matrix(label, "zscore") for label in LABELS}
        for label, matrix in matrices.items():
            np.save(folder / f"{label}.npy", matrix)
        found = settings.measure(
            "dadapy_parts:table",
            folder,
            {"names": list(LABELS), "n_jobs": settings.cores},
            python=DADAPY_PYTHON,
        )
    times.add(n, found.results["lists_s"], float(found.results["pair_s"]))
    theirs = found.results["imbalance"]
    differences = []
    for i, one in enumerate(LABELS):
        for j, other in enumerate(LABELS[:i]):
            ours = information_imbalance(matrices[one], matrices[other])
            both = [theirs[i, j], theirs[j, i]]
            differences.append(relative_difference(both, glielmo_imbalance(ours, n)))
    n_pairs = 2 * len(differences)
    what = f"DADApy's imbalances = 2/N × gmd's, {n_pairs} ordered pairs, N = {n}"
    return found.peak_mib, Check(what, max(differences), TOLERANCE)


def add_table(report: Report, settings: Settings, folder: Path, n: int) -> NDArray[np.float64]:
    """Measure this library's table of the first `n` structures; returns the imbalances."""
    found = settings.measure("imbalance_parts:gmd_table", folder, {"n": n})
    report.rows.append(measured_row(f"N = {n}", "gmd", "gmd", found, ns_per_pair(n)))
    return found.results["rim"]


def add_floor(
    report: Report, settings: Settings, folder: Path, n: int, blocks: int = N_BLOCKS
) -> None:
    """Measure the matrix products of so many blocks of columns."""
    arguments = {"n": n, "blocks": blocks, "width": data.N_COMPONENTS}
    found = settings.measure("plain_parts:floor", folder, arguments)
    report.rows.append(measured_row(f"N = {n}", FLOOR, "floor", found, ns_per_pair(n)))


def add_dadapy(
    report: Report, settings: Settings, space: DescriptorSpace, times: DadapyTimes
) -> None:
    """Measure DADApy's lists and pairs on a space, and check its numbers."""
    peak, check = measure_dadapy(space, settings, times)
    report.checks.append(check)
    report.raw.setdefault("dadapy_peak_MiB", {})[str(space.n_structures)] = peak


def add_dadapy_table(report: Report, times: DadapyTimes, n: int) -> None:
    """What DADApy would take for the whole table."""
    seconds = times.table_seconds(n)
    report.rows.append(estimated_row(f"N = {n}", "DADApy", "peer", seconds, ns_per_pair(n)))


def run(settings: Settings) -> Report:
    """Measure all 97 × 97 imbalances."""
    n_full = 160 if settings.tiny else N_STRUCTURES
    sizes = (40, 80) if settings.tiny else (500, 1000, 2000)
    sorted_sizes = sizes[:1] if settings.tiny else sizes[:2]
    report = Report(
        "`imbalance`: all imbalances between 97 descriptors",
        f"N = {n_full}, 3600 columns, {data.SYNTHETIC}",
        list(NOTES),
    )
    with tempfile.TemporaryDirectory(prefix="gmd-benchmark-") as name:
        folder = Path(name)
        data.write_space(folder, data.random_sites(n_full), n_full)
        dadapy = DadapyTimes(settings.cores) if dadapy_available() else None
        sorting: dict[int, float] = {}
        for n in sizes:
            rims = add_table(report, settings, folder, n)
            add_floor(report, settings, folder, n)
            if dadapy is not None:
                add_dadapy(report, settings, data.read_space(folder, n), dadapy)
                add_dadapy_table(report, dadapy, n)
            if n in sorted_sizes:
                sorting[n] = _add_sorting(report, settings, folder, n, rims)
        add_table(report, settings, folder, n_full)
        add_floor(report, settings, folder, n_full)
    if dadapy is not None:
        report.raw["dadapy"] = dadapy.raw()
        add_dadapy_table(report, dadapy, n_full)
    if len(sorting) > 1:
        factor, power = power_law(list(sorting), list(sorting.values()))
        report.rows.append(
            estimated_row(
                f"N = {n_full}", SORTING, "peer", factor * n_full**power, ns_per_pair(n_full)
            )
        )
    _add_targets(report, n_full, with_dadapy=dadapy is not None)
    if settings.structures is not None and not settings.tiny:
        _add_real(report, settings)
    return report


def _add_sorting(
    report: Report, settings: Settings, folder: Path, n: int, rims: NDArray[np.float64]
) -> float:
    """Measure NumPy's whole table, and check its numbers; returns its time."""
    arguments = {"n": n, "n_jobs": settings.cores}
    found = settings.measure("imbalance_parts:sorting", folder, arguments, repeats=1)
    report.rows.append(measured_row(f"N = {n}", SORTING, "peer", found, ns_per_pair(n)))
    difference = relative_difference(found.results["rim"], square(rims))
    what = f"NumPy's imbalances = gmd's, {N_PAIRS} ordered pairs, N = {n}"
    report.checks.append(Check(what, difference, TOLERANCE))
    return found.seconds


def _add_targets(report: Report, n: int, *, with_dadapy: bool) -> None:
    ours, floor = report.row(f"N = {n}", "gmd"), report.row(f"N = {n}", FLOOR)
    report.targets = [
        Target("time over the floor's", ours.seconds / floor.seconds, 3, "<="),
        Target("peak memory", float(ours.peak_mib or 0), 1024, "<=", "MiB"),
    ]
    if not with_dadapy:
        report.notes.append(NEEDS_DADAPY)
        return
    ratio = report.row(f"N = {n}", "DADApy").seconds / ours.seconds
    report.targets.append(Target("DADApy's time over gmd's", ratio, 50, ">="))
    gib = N_DESCRIPTORS * 8 * n**2 / 2**30
    report.notes.append(
        f"DADApy's lists of all {N_DESCRIPTORS} descriptors would hold {gib:.2g} GiB at N = {n}; "
        "its time is counted as if they fitted"
    )


def square(rims: NDArray[np.float64]) -> NDArray[np.float64]:
    """Imbalances as a square, with ones on the diagonal, the rank of a nearest neighbour."""
    matrix = np.eye(N_DESCRIPTORS)
    matrix[~np.eye(N_DESCRIPTORS, dtype=bool)] = rims
    return matrix


def _add_real(report: Report, settings: Settings) -> None:
    """The same table for structures that were named, in place of random sites."""
    structures, description = data.sampled_structures(settings.structures, None)
    sites = data.paper_laed().compute(structures)
    n = len(structures)
    with tempfile.TemporaryDirectory(prefix="gmd-benchmark-") as name:
        folder = Path(name)
        data.write_space(folder, iter([sites]), n)
        found = settings.measure("imbalance_parts:gmd_table", folder, {"n": n})
    report.rows.append(measured_row(f"N = {n}, real", "gmd", "gmd", found, ns_per_pair(n)))
    report.notes.append(f"“real” are the paper's LAEDs of {description}")
