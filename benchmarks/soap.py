"""SOAP power spectra and their compressions beside quippy's and dscribe's."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import ase
import numpy as np
from ase.build import bulk
from numpy.typing import NDArray

from benchmarks import data
from benchmarks.report import Check, Kind, Report, Row, Target, measured_row
from benchmarks.settings import Settings
from benchmarks.soap_parts import CUTOFF, ELEMENTS

N_SPECIES = (5, 10, 20)
N_MAX, L_MAX = 12, 9

QUIPPY = {
    "nu=2": (2, 2),
    "nu=1,mu=1": (2, 1),
    "nu=1,nu_hat=1": (1, 2),
    "nu=1,mu_hat=1": (1, 1),
    "nu_hat=2": (0, 2),
    "mu=2": (2, 0),
    "mu=1,mu_hat=1": (1, 0),
    "nu_hat=1,mu_hat=1": (0, 1),
    "mu_hat=2": (0, 0),
}
"""nu_R and nu_S of quippy's rows."""

DSCRIBE = {"nu=2": "off", "nu=1,mu=1": "mu1nu1", "mu=2": "mu2"}
"""dscribe's modes; its ``crossover`` keeps p^{αα} alone, which is no row of Table I."""

COMPRESSED = ("nu=1,mu=1", "mu=2")
EXPANSION = "c, the expansion alone"
ALONE = ("nu_hat=1,mu=1", "nu=1,mu*=1", "WTP", "QTPQ")

TOLERANCE = 1e-9
N_REPEATS = 5


def alloy(n_species: int, repeat: int) -> ase.Atoms:
    """A rattled face-centred crystal with elements at random: 37 neighbours within 5 Å."""
    atoms = bulk("Cu", cubic=True, a=3.9).repeat(repeat)
    atoms.rattle(0.2, seed=data.SEED)
    rng = np.random.default_rng(data.SEED)
    atoms.set_chemical_symbols(rng.choice(ELEMENTS[:n_species], len(atoms)).tolist())
    return atoms


def run(settings: Settings) -> Report:
    """Measure every row of Table I, on one core."""
    settings = replace(settings, cores=1)
    numbers = N_SPECIES[:1] if settings.tiny else N_SPECIES
    n_max, l_max = (3, 2) if settings.tiny else (N_MAX, L_MAX)
    n_atoms = 4 * (2 if settings.tiny else 3) ** 3
    report = Report(
        "`soap`: power spectra and their compressions",
        f"a rattled face-centred crystal of {n_atoms} atoms of S elements at random (seed "
        f"{data.SEED}), 37 neighbours within {CUTOFF:g} Å on average; N = {n_max} radial "
        f"functions, degrees up to L = {l_max}",
        [
            "every part has one core and one thread; time includes the neighbour search",
            f"quippy {version('quippy-ase')}: `soap` with nu_R and nu_S, normalised; gmd's rows "
            "are normalised for the comparison alone",
            "dscribe: `SOAP` with Gaussian-type orbitals, which it integrates without a smooth "
            "cutoff; its numbers cannot be compared to the others",
            "rows without a peer: no other library has them",
        ],
    )
    scales = {"µs per atom": 1e6 / n_atoms}
    worst = 0.0
    for n_species in numbers:
        sizes: dict[str, str | int] = {"n_species": n_species, "n_max": n_max, "l_max": l_max}
        with tempfile.TemporaryDirectory(prefix="gmd-benchmark-") as name:
            folder = Path(name)
            data.write_structures(folder, [alloy(n_species, 2 if settings.tiny else 3)])
            _measured(report, settings, folder, sizes, scales, EXPANSION, "gmd", {})
            for compression in COMPRESSED if settings.tiny else (*QUIPPY, *ALONE):
                measured = partial(_measured, report, settings, folder, sizes, scales, compression)
                ours, found = measured("gmd", {"compression": compression})
                if compression in QUIPPY:
                    nu_r, nu_s = QUIPPY[compression]
                    theirs, expected = measured("quippy", {"nu_r": nu_r, "nu_s": nu_s})
                    worst = max(worst, float(np.abs(found["kernel"] - expected["kernel"]).max()))
                    report.targets.append(ratio("quippy", theirs, ours, 5))
                if compression in DSCRIBE:
                    theirs, _ = measured("dscribe", {"mode": DSCRIBE[compression]})
                    if compression in COMPRESSED:
                        report.targets.append(ratio("dscribe", theirs, ours, 3))
    report.checks.append(Check("normalised kernels = quippy's, all rows", worst, TOLERANCE))
    if not settings.tiny:
        report.targets += growth(report)
    return report


def group_of(compression: str, n_species: int) -> str:
    """Name of a compression at a number of elements."""
    return f"{compression}, S = {n_species}"


def _measured(
    report: Report,
    settings: Settings,
    folder: Path,
    sizes: Mapping[str, str | int],
    scales: Mapping[str, float],
    compression: str,
    part: str,
    arguments: Mapping[str, str | int],
) -> tuple[Row, Mapping[str, NDArray[Any]]]:
    """Measure a library's part, and enter its row."""
    function = "gmd_expansion" if compression == EXPANSION else f"{part}_soap"
    found = settings.measure(
        f"soap_parts:{function}", folder, {**sizes, **arguments}, repeats=N_REPEATS
    )
    group = group_of(compression, int(sizes["n_species"]))
    kind: Kind = "gmd" if part == "gmd" else "peer"
    row = measured_row(group, part, kind, found, scales)
    report.rows.append(row)
    return row, found.results


def ratio(peer: str, theirs: Row, ours: Row, bound: float) -> Target:
    """A peer's time over this library's."""
    what = f"{peer}'s time over gmd's, {ours.group}"
    return Target(what, theirs.seconds / ours.seconds, bound, ">=")


def growth(report: Report) -> list[Target]:
    """How the times grow from the fewest elements to the most."""
    few, many = N_SPECIES[0], N_SPECIES[-1]

    def grown(compression: str) -> float:
        slow, fast = (report.row(group_of(compression, n), "gmd") for n in (many, few))
        return slow.seconds / fast.seconds

    times = many / few
    return [
        Target(
            f"time at S = {many} over S = {few}, {times:g} times the elements, {compression}",
            grown(compression),
            bound,
            "<=",
        )
        for compression, bound in (
            ("nu=1,mu=1", times),
            ("nu=1,mu_hat=1", times / 2),
            (EXPANSION, times / 2),
            ("mu=2", 1.2),
        )
    ]
