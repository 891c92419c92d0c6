"""Every kind of bad structure is refused by name, and unusual good ones pass."""

from __future__ import annotations

import ase
import numpy as np
import pytest

from gmd.structures import StructureError, check_structure

PAIR = [[0.0, 0.0, 0.0], [2.0, 0.0, 0.0]]


def pair(distance: float = 2.0, **settings) -> ase.Atoms:
    return ase.Atoms("LiS", positions=[[0, 0, 0], [distance, 0, 0]], **settings)


BAD = {
    "no atoms": (ase.Atoms(cell=[5, 5, 5], pbc=True), ": there are no atoms"),
    "position nan": (pair(np.nan), ", atom 1: position is not finite"),
    "position infinite": (pair(-np.inf), ", atom 1: position is not finite"),
    "far molecule": (pair(2e4), ", atom 1: a coordinate beyond 10000 Å"),
    "huge number": (pair(1e300, cell=[5, 5, 5], pbc=True), ", atom 1: a coordinate beyond 10000 Å"),
    "dummy element": (ase.Atoms("LiX", positions=PAIR), ", atom 1: unknown element"),
    "atomic number": (ase.Atoms(numbers=[3, 119], positions=PAIR), ", atom 1: unknown element"),
    "negative number": (ase.Atoms(numbers=[-1, 3], positions=PAIR), ", atom 0: unknown element"),
    "cell nan": (pair(cell=[5, np.nan, 5]), ": the cell is not finite"),
    "cell huge": (pair(cell=[5, 5, 1e200], pbc=True), ": a cell vector beyond 10000 Å"),
    "no cell": (pair(pbc=True), ": periodic along cell vector 0, which is zero"),
    "vanishing cell": (
        pair(cell=[5, 5, 1e-200], pbc=True),
        ": periodic along cell vector 2, which is zero",
    ),
    "half a cell": (
        pair(cell=[5, 5, 0], pbc=True),
        ": periodic along cell vector 2, which is zero",
    ),
    "flat cell": (
        pair(cell=[[5, 0, 0], [0, 5, 0], [3, 3, 0]], pbc=True),
        ": the cell vectors lie in a plane",
    ),
    "nearly flat cell": (
        pair(cell=[[5, 0, 0], [0, 5, 0], [3, 3, 1e-5]], pbc=True),
        ": the cell vectors lie in a plane",
    ),
    "short cell": (
        ase.Atoms("Li", cell=[5, 1e-4, 5], pbc=True),
        ": periodic along cell vector 1, which is only 0.0001 Å long, less than 0.3 Å",
    ),
    "same place": (pair(0.0), ", atom 0: only 0 Å from atom 1"),
    "close atoms": (pair(0.2999), ", atom 0: only 0.3 Å from atom 1"),
    "close image": (
        pair(4.8, cell=[5, 5, 5], pbc=[True, False, False]),
        ", atom 0: only 0.2 Å from atom 1",
    ),
    "close image, unwrapped": (
        pair(104.8, cell=[5, 5, 5], pbc=True),
        ", atom 0: only 0.2 Å from atom 1",
    ),
    # the third vector comes within 0.2 Å of the sum of the others
    "close own image": (
        ase.Atoms("Li", cell=[[5, 0, 0], [0, 5, 0], [5, 5, 0.2]], pbc=True),
        ", atom 0: only 0.2 Å from atom 0",
    ),
}


@pytest.mark.parametrize(("atoms", "beginning"), BAD.values(), ids=BAD)
def test_bad_structures_are_named_with_what_to_do(atoms, beginning) -> None:
    with pytest.raises(StructureError) as caught:
        check_structure(atoms, "lps.extxyz, structure 17")
    message = str(caught.value)
    assert message.startswith("lps.extxyz, structure 17" + beginning)
    assert ";" in message  # what is wrong; what to do


GOOD = {
    "atom without a cell": ase.Atoms("Li"),
    "molecule": pair(),
    "molecule in a box that it leaves": pair(30.0, cell=[5, 5, 5]),
    "molecule, box not used": pair(4.8, cell=[5, 5, 5]),
    "molecule, flat box": pair(cell=[[5, 0, 0], [5, 0, 0], [0, 0, 5]]),
    "one atom": ase.Atoms("Li", cell=[2, 2, 2], pbc=True),
    "one atom, skewed": ase.Atoms("Li", cell=[[3, 0, 0], [900, 3, 0], [0, 0, 3]], pbc=True),
    "slab without a third vector": pair(cell=[5, 5, 0], pbc=[True, True, False]),
    "slab, third vector not used": pair(cell=[5, 5, 0.1], pbc=[True, True, False]),
    "slab, not across the vacuum": ase.Atoms(
        "LiS", positions=[[0, 0, 0], [0, 0, 4.9]], cell=[5, 5, 5], pbc=[True, True, False]
    ),
    "wire": ase.Atoms("Li", cell=[0, 0, 2.5], pbc=[False, False, True]),
    "left-handed": pair(cell=[[0, 5, 0], [5, 0, 0], [0, 0, 5]], pbc=True),
    "unwrapped": pair(102.0, cell=[5, 5, 5], pbc=True),
    "at the least distance": pair(0.3),
}


@pytest.mark.parametrize("atoms", GOOD.values(), ids=GOOD)
def test_unusual_structures_pass(atoms) -> None:
    check_structure(atoms, "here")


@pytest.mark.parametrize(
    ("minimum_distance", "refused"), [(0.0, False), (0.9, False), (1.1, True), (3.0, True)]
)
@pytest.mark.parametrize(
    "atoms", [pair(1.0), pair(4.0, cell=[5, 5, 5], pbc=True)], ids=["molecule", "crystal"]
)
def test_least_distance_is_the_users(atoms, minimum_distance, refused) -> None:
    if refused:
        with pytest.raises(StructureError, match=f"less than {minimum_distance:g} Å"):
            check_structure(atoms, "here", minimum_distance=minimum_distance)
    else:
        check_structure(atoms, "here", minimum_distance=minimum_distance)


def test_no_least_distance_lets_atoms_coincide() -> None:
    check_structure(pair(0.0), "here", minimum_distance=0)


def test_atoms_are_left_alone() -> None:
    atoms = pair(104.0, cell=[5, 5, 0], pbc=[True, False, False])
    before = atoms.copy()
    check_structure(atoms, "here")
    assert atoms == before
