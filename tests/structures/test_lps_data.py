"""The shipped Li-P-S set keeps what its README promises."""

from __future__ import annotations

from collections import Counter
from importlib.resources import as_file, files

import ase
import numpy as np
import pytest
import vesin
from ase.geometry import minkowski_reduce

from gmd.structures import load_lps

SHORTEST_VECTOR = 12.0  # Å; the energies are from the Gamma point only
BOND = 2.45  # Å; P-S and P-P
REACH = 6.0  # Å; of the distances that tell two structures apart

# Per family: no two atoms closer than the first (Å), every P atom's nearest S between the others.
BOUNDS = {
    "crystal": (1.90, 1.95, 2.20),
    "glass": (1.90, 1.95, 2.20),
    "strained": (1.65, 1.65, 2.50),
    "sheared": (1.75, 1.75, 2.30),
    "perturbed": (1.30, 1.30, 2.40),
    "vacancy": (1.70, 1.70, 2.30),
    "depleted": (1.70, 1.70, 2.30),
    "strained-glass": (1.75, 1.75, 2.50),
}
TETRAHEDRAL = ("crystal", "glass")


@pytest.fixture(scope="module")
def structures() -> list[ase.Atoms]:
    return load_lps()


def counts(atoms: ase.Atoms) -> tuple[int, int, int]:
    symbols = np.array(atoms.get_chemical_symbols())
    return tuple(int((symbols == element).sum()) for element in ("Li", "P", "S"))


def on_line(atoms: ase.Atoms) -> bool:
    """A sum of Li2S and P2S5 with amounts of zero or more."""
    lithium, phosphorus, sulfur = counts(atoms)
    return 2 * sulfur == lithium + 5 * phosphorus


def neighbours(atoms: ase.Atoms) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    search = vesin.NeighborList(cutoff=REACH, full_list=True, n_threads=1)
    i, j, distance = search.compute(
        points=atoms.positions, box=atoms.cell.array, periodic=True, quantities="ijd"
    )
    return i, j, distance


def test_file_is_small():
    with as_file(files("gmd.structures") / "data" / "lps.extxyz.xz") as path:
        assert path.stat().st_size <= 5_000_000


def test_at_least_400_structures_of_lithium_phosphorus_and_sulfur(structures):
    assert len(structures) >= 400
    assert {symbol for atoms in structures for symbol in atoms.symbols} == {"Li", "P", "S"}
    assert all(sum(counts(atoms)) == len(atoms) for atoms in structures)


def test_every_structure_is_labelled_and_the_names_are_unique(structures):
    names = [atoms.info["name"] for atoms in structures]
    assert len(set(names)) == len(names)
    assert {atoms.info["family"] for atoms in structures} == set(BOUNDS)
    assert all(atoms.info["parent"] for atoms in structures)


def test_two_thirds_are_exactly_on_the_composition_line(structures):
    share = np.mean([on_line(atoms) for atoms in structures])
    assert 0.55 <= share <= 0.75


def test_many_compositions_between_the_end_members(structures):
    lithium_share = {
        round(lithium / (lithium + phosphorus), 6)
        for lithium, phosphorus, _ in map(counts, filter(on_line, structures))
    }
    assert len(lithium_share) >= 10
    assert min(lithium_share) <= 0.5
    assert max(lithium_share) == 1.0


def test_the_others_are_near_the_line(structures):
    # Sulfur short of, or beyond, what lithium and phosphorus need, as a share of the atoms.
    excess = [
        (sulfur - (lithium + 5 * phosphorus) / 2) / (lithium + phosphorus + sulfur)
        for lithium, phosphorus, sulfur in map(counts, structures)
    ]
    assert np.abs(excess).max() < 0.11


def test_energies_are_finite_and_in_electronvolts(structures):
    energies = np.array([atoms.get_potential_energy() for atoms in structures])
    assert np.isfinite(energies).all()
    per_atom = energies / [len(atoms) for atoms in structures]
    assert (per_atom < -30.0).all()
    assert (per_atom > -100.0).all()


def test_energies_are_nearly_a_sum_over_the_elements(structures):
    composition = np.array([counts(atoms) for atoms in structures], dtype=float)
    energies = np.array([atoms.get_potential_energy() for atoms in structures])
    size = composition.sum(axis=1)
    shares = composition / size[:, None]
    fit, *_ = np.linalg.lstsq(shares, energies / size, rcond=None)
    residual = energies / size - shares @ fit
    assert residual.std() < 0.3
    family = np.array([atoms.info["family"] for atoms in structures])
    relaxed = np.isin(family, ("crystal", "glass"))
    assert np.abs(residual[relaxed] - np.median(residual[relaxed])).max() < 0.3


def test_cells_are_periodic_and_large_enough_for_the_gamma_point(structures):
    for atoms in structures:
        assert atoms.pbc.all()
        assert atoms.get_volume() > 0
        reduced, _ = minkowski_reduce(atoms.cell.array)
        assert np.linalg.norm(reduced, axis=1).min() >= SHORTEST_VECTOR - 1e-5, atoms.info["name"]


def test_distances_keep_the_bounds_of_the_family(structures):
    for atoms in structures:
        name, (floor, low, high) = atoms.info["name"], BOUNDS[atoms.info["family"]]
        i, j, distance = neighbours(atoms)
        assert distance.min() >= floor, name
        symbols = np.array(atoms.get_chemical_symbols())
        for k in np.flatnonzero(symbols == "P"):
            nearest = distance[(i == k) & (symbols[j] == "S")].min()
            assert low <= nearest <= high, f"{name}, P atom {k}: nearest S at {nearest:.3f} Å"


def test_every_phosphorus_of_crystals_and_glasses_has_four_neighbours(structures):
    for atoms in structures:
        if atoms.info["family"] not in TETRAHEDRAL:
            continue
        i, j, distance = neighbours(atoms)
        symbols = np.array(atoms.get_chemical_symbols())
        bonded = (symbols[i] == "P") & (symbols[j] != "Li") & (distance < BOND)
        to_sulfur = distance[bonded & (symbols[j] == "S")]
        assert not len(to_sulfur) or (to_sulfur.min() >= 1.95 and to_sulfur.max() <= 2.20)
        number = Counter(i[bonded])
        assert all(number[k] == 4 for k in np.flatnonzero(symbols == "P")), atoms.info["name"]


def test_no_structure_occurs_twice(structures):
    # Sorted distances by pair of elements do not depend on order, origin or choice of cell.
    def fingerprint(atoms: ase.Atoms) -> bytes:
        i, j, distance = neighbours(atoms)
        pair = np.sort(np.stack([atoms.numbers[i], atoms.numbers[j]]), axis=0)
        order = np.lexsort((distance, *pair))
        # 0.01 Å, so that copies that differ by rounding are found
        return np.round(distance[order], 2).tobytes() + bytes(
            atoms.symbols.formula.format(), "ascii"
        )

    occurrences = Counter(fingerprint(atoms) for atoms in structures)
    repeated = [atoms.info["name"] for atoms in structures if occurrences[fingerprint(atoms)] > 1]
    assert not repeated
