"""Parts of the benchmark of local descriptors: this library, neighbour lists and dscribe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import vesin

from benchmarks import data
from benchmarks.worker import Part
from gmd.local.neighbours import find_neighbours

# A radial and an angular cutoff cannot differ within one of dscribe's descriptors. 3 elements give
# 3 (1 + 11) radial and 6 × 2 angular functions, 48 in all, of which the library has 38 and 10.
RADIAL = [[4.0, 0.5 * centre] for centre in range(11)]
ANGULAR = [[0.01, 1.0, 1.0], [0.01, 1.0, -1.0]]
ACSF: dict[str, list[dict[str, Any]]] = {
    "like": [
        {"r_cut": 6.0, "g2_params": RADIAL},
        {"r_cut": 3.0, "g4_params": ANGULAR},
    ],
    "wide": [{"r_cut": 6.0, "g2_params": RADIAL, "g4_params": ANGULAR}],
    "narrow": [{"r_cut": 3.0, "g2_params": RADIAL, "g4_params": ANGULAR}],
}
"""Arguments of the descriptors that are computed one after the other, by variant."""


def gmd_chebyshev(folder: Path) -> Part:
    """The paper's LAED, neighbour search included."""
    structures = data.kept_structures(folder)
    laed = data.paper_laed()

    def run() -> dict[str, Any]:
        return {"first": laed.compute(structures).values[0]}

    return Part(lambda: laed.compute(structures[:2]), run)


def neighbours(folder: Path) -> Part:
    """The library's neighbour search alone."""
    structures = data.kept_structures(folder)

    def run() -> dict[str, Any]:
        return {"pairs": find_neighbours(structures, 6.0).other.size}

    return Part(lambda: find_neighbours(structures[:2], 6.0), run)


def bare_vesin(folder: Path) -> Part:
    """The search by vesin that it rests on, one thread, without any check or copy."""
    structures = data.kept_structures(folder)
    cells = [np.asarray(atoms.cell.complete().array) for atoms in structures]
    search = vesin.NeighborList(cutoff=6.0, full_list=True, sorted=True, n_threads=1)

    def run(last: int | None = None) -> dict[str, Any]:
        pairs = 0
        for atoms, cell in zip(structures[:last], cells[:last], strict=True):
            found = search.compute(
                points=atoms.positions,
                box=cell,
                periodic=list(map(bool, atoms.pbc)),
                quantities="ijdD",
            )
            pairs += len(found[0])
        return {"pairs": pairs}

    return Part(lambda: run(2), run)


def dscribe_acsf(folder: Path, *, variant: str, n_jobs: int) -> Part:
    """dscribe's atom-centred symmetry functions, structure by structure in `n_jobs` processes."""
    from dscribe.descriptors import ACSF as Acsf

    structures = data.kept_structures(folder)
    descriptors = [
        Acsf(species=list(data.ELEMENTS), periodic=True, **arguments) for arguments in ACSF[variant]
    ]

    def run(last: int | None = None) -> dict[str, Any]:
        found = [acsf.create(structures[:last], n_jobs=n_jobs) for acsf in descriptors]
        return {"structures": len(found[0])}

    return Part(lambda: run(2 * n_jobs), run)
