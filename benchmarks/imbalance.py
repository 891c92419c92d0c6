"""All rank information imbalances between the 97 descriptors, beside the floor and its peers."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import data
from benchmarks.measuring import DADAPY_PYTHON, dadapy_available
from benchmarks.report import Check, Report, Target, estimated_row, measured_row, power_law
from benchmarks.settings import Settings
from gmd.descriptors import DescriptorSpace
from gmd.imbalance import glielmo_imbalance, imbalance_table, information_imbalance

N_STRUCTURES = 6055
N_BLOCKS = 75
N_PAIRS = 97 * 96
LABELS = ("100", "332", "550", "555")
"""Descriptors of four widths, whose neighbour lists DADApy makes."""

TOLERANCE = 1e-6
"""Of mean ranks, relative: distances from a product of matrices may swap neighbours that differ by
rounding alone."""

NEEDS_DADAPY = "DADApy was left out: its environment is not set up (`./run sync --group benchmark`)"


def ns_per_pair(n: int) -> dict[str, float]:
    """From seconds to nanoseconds per ordered pair of structures."""
    return {"ns per pair": 1e9 / (n * (n - 1))}


def rim_matrix(rims: NDArray[np.float64], n_labels: int) -> NDArray[np.float64]:
    """Square of imbalances from a table's rows, with zeros on the diagonal."""
    matrix = np.zeros((n_labels, n_labels))
    matrix[~np.eye(n_labels, dtype=bool)] = rims
    return matrix


def relative_difference(found: Any, expected: Any) -> float:
    """Largest difference between two arrays, relative to the expected one."""
    found, expected = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    return float(np.max(np.abs(found - expected) / np.abs(expected)))


class DadapyTimes:
    """DADApy's times at several sizes, and what they say of the whole table.

    Parameters
    ----------
    complexities : mapping of str to int
        Complexity of every descriptor of the table.
    cores : int
        By which the time of the pairs is divided.
    """

    def __init__(self, complexities: Mapping[str, int], cores: int) -> None:
        self._complexities = complexities
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
        widths = [self._complexities[label] for label in LABELS]
        # linear between the measured widths and beyond none of them
        return float(np.interp(list(self._complexities.values()), widths, measured).sum())

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


def run(settings: Settings) -> Report:
    """Measure all 97 × 97 imbalances."""
    n_full = 300 if settings.tiny else N_STRUCTURES
    sizes = (60, 120) if settings.tiny else (500, 1000, 2000)
    sorted_sizes = sizes[:2]
    report = Report(
        "`imbalance`: all imbalances between 97 descriptors",
        f"N = {n_full}, 3600 columns, {data.SYNTHETIC}",
        [
            f"floor: {N_BLOCKS} products N × {data.N_COMPONENTS} by {data.N_COMPONENTS} × N in "
            "float64 into one N × N matrix (NumPy's BLAS), what the distances alone need if they "
            "are made by matrix products",
            "a pair is an ordered pair of structures; each time covers all descriptors",
            "DADApy, 1 nearest neighbour, maxk = N − 1: the neighbour lists of all 97 descriptors "
            f"once, from those of Σ_{', Σ_'.join(LABELS)} linearly in their widths, then the time "
            f"of one pair of lists for each of {N_PAIRS} ordered pairs, divided by the cores as if "
            "they were shared out without loss; at the largest N by the growth, a power of N, of "
            "each of these times over the smaller ones",
            "NumPy: whole distance matrices (`sklearn.metrics.pairwise_distances`), rows sorted "
            "once, ranks looked up; at the largest N by its growth",
        ],
    )
    cores = settings.cores
    with tempfile.TemporaryDirectory(prefix="gmd-benchmark-") as name:
        folder = Path(name)
        data.write_space(folder, data.random_sites(n_full), n_full)
        complexities: dict[str, int] = {}
        dadapy: DadapyTimes | None = None
        sorting: dict[int, float] = {}
        for n in (*sizes, n_full):
            group, scales = f"N = {n}", ns_per_pair(n)
            ours = settings.measure("imbalance_parts:gmd_table", folder, {"n": n})
            report.rows.append(measured_row(group, "gmd", "gmd", ours, scales))
            bare = settings.measure(
                "imbalance_parts:floor",
                folder,
                {"n": n, "blocks": N_BLOCKS, "width": data.N_COMPONENTS},
            )
            report.rows.append(measured_row(group, "floor: matrix products", "floor", bare, scales))
            if n in sizes:
                space = data.read_space(folder, n)
                complexities = {label: space.complexity(label) for label in space.labels}
                if dadapy_available():
                    dadapy = dadapy or DadapyTimes(complexities, cores)
                    peak, check = measure_dadapy(space, settings, dadapy)
                    report.checks.append(check)
                    report.raw.setdefault("dadapy_peak_MiB", {})[str(n)] = peak
            if dadapy is not None:
                seconds = dadapy.table_seconds(n)
                report.rows.append(estimated_row(group, "DADApy", "peer", seconds, scales))
            if n in sorted_sizes:
                found = settings.measure(
                    "imbalance_parts:sorting", folder, {"n": n, "n_jobs": cores}, repeats=1
                )
                sorting[n] = found.seconds
                report.rows.append(measured_row(group, "NumPy, sorting", "peer", found, scales))
                difference = relative_difference(found.results["rim"], _square(ours.results["rim"]))
                what = f"NumPy's imbalances = gmd's, {N_PAIRS} ordered pairs, N = {n}"
                report.checks.append(Check(what, difference, TOLERANCE))
            elif n == n_full:
                factor, power = power_law(list(sorting), list(sorting.values()))
                row = estimated_row(group, "NumPy, sorting", "peer", factor * n**power, scales)
                report.rows.append(row)
        if settings.structures is not None and not settings.tiny:
            _real_structures(report, settings)
    group = f"N = {n_full}"
    ours_row = report.row(group, "gmd")
    floor_row = report.row(group, "floor: matrix products")
    report.targets = [
        Target("time over the floor's", ours_row.seconds / floor_row.seconds, 3, "<="),
        Target("peak memory", float(ours_row.peak_mib or 0), 1024, "<=", "MiB"),
    ]
    if dadapy is not None:
        report.raw["dadapy"] = dadapy.raw()
        ratio = report.row(group, "DADApy").seconds / ours_row.seconds
        report.targets.append(Target("DADApy's time over gmd's", ratio, 50, ">="))
        gib = 97 * 8 * n_full**2 / 2**30
        report.notes.append(
            f"DADApy's lists of all 97 descriptors would hold {gib:.2g} GiB at N = {n_full}; its "
            "time is counted as if they fitted"
        )
    else:
        report.notes.append(NEEDS_DADAPY)
    return report


def _square(rims: NDArray[np.float64]) -> NDArray[np.float64]:
    """Imbalances as a square, with ones on the diagonal, the rank of a nearest neighbour."""
    return rim_matrix(rims, 97) + np.eye(97)


def _real_structures(report: Report, settings: Settings) -> None:
    """The same table for structures that were named, in place of random sites."""
    structures, description = data.sampled_structures(settings.structures, None)
    sites = data.paper_laed().compute(structures)
    n = len(structures)
    with tempfile.TemporaryDirectory(prefix="gmd-benchmark-") as name:
        folder = Path(name)
        data.write_space(folder, iter([sites]), n)
        found = settings.measure("imbalance_parts:gmd_table", folder, {"n": n})
    group = f"N = {n}, real"
    report.rows.append(measured_row(group, "gmd", "gmd", found, ns_per_pair(n)))
    report.notes.append(f"“real” are the paper's LAEDs of {description}")


def all_imbalances(space: DescriptorSpace) -> NDArray[np.float64]:
    """Square of all imbalances of a space, ones on the diagonal."""
    return _square(np.asarray(imbalance_table(space)["rim"], dtype=np.float64))
