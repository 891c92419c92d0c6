"""Local descriptors of atoms beside dscribe's and beside the neighbour search alone."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import ase
import numpy as np

from benchmarks import data
from benchmarks.report import Check, Kind, Report, Row, Target, measured_row
from benchmarks.settings import Settings
from gmd.local import Chebyshev

N_STRUCTURES = 300

VARIANTS = {
    "like": "G2 within 6 Å and G4 within 3 Å",
    "wide": "G2 and G4 within 6 Å",
    "narrow": "G2 and G4 within 3 Å",
}


def agreements(structures: Sequence[ase.Atoms]) -> list[Check]:
    """Compare with dscribe what both libraries can compute.

    dscribe's G1 of all elements together is the radial sum of degree 0; G5 with λ = ±1, ζ = 1 and
    η = 0 add up to twice the angular sum of degree 0, and differ by twice that of degree 1.
    """
    from dscribe.descriptors import ACSF

    cutoff = 4.0
    laed = Chebyshev(
        weights=data.WEIGHTS, radial_cutoff=cutoff, n_radial=1, angular_cutoff=cutoff, n_angular=2
    )
    ours = laed.compute(structures)
    acsf = ACSF(
        species=list(data.ELEMENTS),
        periodic=True,
        r_cut=cutoff,
        g5_params=[[0.0, 1.0, 1.0], [0.0, 1.0, -1.0]],
    )
    found = acsf.create(list(structures))
    theirs = np.vstack(found) if isinstance(found, list) else found.reshape(-1, found.shape[-1])
    n_elements = len(data.ELEMENTS)
    radial = theirs[:, :n_elements]
    angular = theirs[:, n_elements:].reshape(len(theirs), -1, 2).sum(axis=1)
    weights = np.array([data.WEIGHTS[element] for element in data.ELEMENTS])
    expected = {
        "rad_0": radial.sum(axis=1),
        "rad_w_0": radial @ weights,
        "ang_0": (angular[:, 0] + angular[:, 1]) / 2,
        "ang_1": (angular[:, 0] - angular[:, 1]) / 2,
    }
    checks = []
    for name, column in expected.items():
        mine = ours.values[:, ours.component_names.index(name)]
        difference = np.abs(mine - column).max() / np.abs(column).max()
        what = f"{name} from dscribe's {'G1' if 'rad' in name else 'G5'}, {len(mine)} atoms"
        checks.append(Check(what, float(difference), 1e-10))
    return checks


def run(settings: Settings) -> Report:
    """Measure the paper's LAED."""
    structures, description = data.sampled_structures(
        settings.structures, 4 if settings.tiny else N_STRUCTURES
    )
    n_atoms = sum(map(len, structures))
    cores = settings.cores
    scales = {"µs per atom": 1e6 / n_atoms, "µs per atom and core": 1e6 * cores / n_atoms}
    report = Report(
        "`laed`: local descriptors of atoms",
        description,
        [
            "gmd: Chebyshev, 19 radial coefficients within 6 Å, 5 angular ones within 3 Å, without "
            "and with element weights, 48 components; neighbour search included",
            "floor: the neighbour search alone, `find_neighbours` within 6 Å; vesin is the search "
            "inside it, without checks; it serves one thread of a process at a time",
            "dscribe: ACSF of 48 components, 3 G1, 33 G2 and 12 G4, two angular functions for each "
            "pair of elements; a descriptor has one cutoff, so that the library's two take two "
            "descriptors, of 36 and 15 components, computed one after the other; 3 Å for "
            "everything favours dscribe",
            f"dscribe runs with 1 and with {cores} processes; the faster of the two is compared",
        ],
        checks=agreements(structures[:4]),
    )
    group = f"{n_atoms} atoms"
    with tempfile.TemporaryDirectory(prefix="gmd-benchmark-") as name:
        folder = Path(name)
        data.write_structures(folder, structures)

        def add(part: str, kind: Kind, function: str, **arguments: str | int) -> Row:
            found = settings.measure(f"laed_parts:{function}", folder, arguments)
            row = measured_row(group, part, kind, found, scales)
            report.rows.append(row)
            return row

        ours = add("gmd", "gmd", "gmd_chebyshev")
        floor = add("floor: neighbour search", "floor", "neighbours")
        add("vesin alone", "peer", "bare_vesin")
        fastest: dict[str, float] = {}
        for variant, what in VARIANTS.items():
            if settings.tiny and variant != "like":
                continue
            for n_jobs in [1] if settings.tiny else sorted({1, cores}):
                processes = "1 process" if n_jobs == 1 else f"{n_jobs} processes"
                part = f"dscribe, {what}, {processes}"
                row = add(part, "peer", "dscribe_acsf", variant=variant, n_jobs=n_jobs)
                fastest[variant] = min(row.seconds, fastest.get(variant, np.inf))
    report.raw["atoms_per_s"] = {row.part: n_atoms / row.seconds for row in report.rows}
    report.targets = [
        Target(f"dscribe's time over gmd's, {VARIANTS[variant]}", time / ours.seconds, 15, ">=")
        for variant, time in fastest.items()
    ]
    report.targets.append(Target("time over the floor's", ours.seconds / floor.seconds, 3, "<="))
    return report
