"""Warnings about structures that distort the fitted chemical potentials."""

import ase
import numpy as np
import pytest
from ase.build import bulk

from gmd.energy import formation_energies, formation_warnings, isolated_atoms

ELEMENTS = ("Mo", "Nb")
POTENTIALS = np.array([-10.0, -9.0])
BINDING = 6.0


def alloys(n=24, seed=0):
    """Counts and energies of alloys that form with up to 50 meV/atom, in cells of 4 atoms."""
    rng = np.random.default_rng(seed)
    molybdenum = np.arange(n) % 5
    counts = np.column_stack([molybdenum, 4 - molybdenum])
    return counts, counts @ POTENTIALS + 4 * rng.uniform(-0.05, 0.05, n)


def with_atoms():
    """The same and two isolated atoms of each element, without the energy of bonds."""
    counts, energies = alloys()
    atoms = np.repeat(np.eye(2, dtype=int), 2, axis=0)
    isolated = np.arange(len(counts) + 4) >= len(counts)
    return (
        np.vstack([counts, atoms]),
        np.append(energies, atoms @ (POTENTIALS + BINDING)),
        isolated,
        [f"cell {n}" for n in range(24)] + ["Mo 1", "Mo 2", "Nb 1", "Nb 2"],
    )


def test_isolated_atoms_are_named_with_their_effect():
    counts, energies, isolated, names = with_atoms()
    spoiled = formation_energies(counts, energies, elements=ELEMENTS)[:24]
    clean = formation_energies(counts[:24], energies[:24], elements=ELEMENTS)
    assert np.abs(spoiled).max() > 0.5
    assert np.abs(clean).max() < 0.06
    (warning,) = formation_warnings(
        counts, energies, elements=ELEMENTS, isolated=isolated, names=names
    )
    assert warning.startswith("4 isolated atoms (Mo 1, Mo 2, Nb 1, Nb 2)")
    assert f"range from {spoiled.min():.3g} to {spoiled.max():.3g} eV/atom" in warning
    assert f"from {clean.min():.3g} to {clean.max():.3g} eV/atom without them" in warning
    assert "mode elements" in warning


def test_a_structure_far_from_all_others_is_named():
    counts, energies = alloys()
    assert formation_warnings(counts, energies, elements=ELEMENTS) == []
    energies[7] *= 27.2114  # left in hartree
    (warning,) = formation_warnings(counts, energies, elements=ELEMENTS)
    assert "1 structure (structure 7)" in warning
    kept = np.arange(24) != 7
    clean = formation_energies(counts[kept], energies[kept], elements=ELEMENTS)
    assert f"from {clean.min():.3g} to {clean.max():.3g} eV/atom without" in warning


@pytest.mark.parametrize("n", [3, 4, 6])
def test_few_structures_raise_no_false_alarm(n):
    counts, energies = alloys(n)
    assert formation_warnings(counts, energies, elements=ELEMENTS) == []


def test_too_few_structures_besides_the_atoms():
    counts, energies, isolated, _ = with_atoms()
    keep = [0, 1, 24, 26]
    found = formation_warnings(
        counts[keep], energies[keep], elements=ELEMENTS, isolated=isolated[keep]
    )
    assert "2 isolated atoms" in found[0]
    assert "without them" not in found[0]


@pytest.mark.parametrize("per_atom", [0.0, -0.1])
def test_equal_energies(per_atom):
    counts, _ = alloys()
    found = formation_warnings(counts, per_atom * counts.sum(axis=1), elements=ELEMENTS)
    assert len(found) == 1
    assert "All formation energies are equal" in found[0]


def test_what_counts_as_isolated():
    skewed = ase.Atoms("Mo", cell=[[3, 0, 0], [30, 20, 0], [0, 0, 20]], pbc=True)
    structures = [
        ase.Atoms("Mo"),
        ase.Atoms("Mo", cell=[12, 12, 12], pbc=True),
        ase.Atoms("Mo", cell=[12, 12, 3], pbc=(True, True, False)),
        ase.Atoms("Mo", cell=[12, 12, 3], pbc=True),
        bulk("Cs"),
        skewed,
        ase.Atoms("Mo2", positions=[[0, 0, 0], [0, 0, 9]]),
    ]
    assert isolated_atoms(structures).tolist() == [True, True, True, False, False, False, False]


def test_the_structures_of_lps_raise_no_warning():
    from gmd.structures import composition_counts, load_lps

    structures = load_lps()
    energies = np.array([atoms.get_potential_energy() for atoms in structures])
    counts = composition_counts(structures, ("Li", "P", "S"))
    isolated = isolated_atoms(structures)
    found = formation_warnings(counts, energies, elements=("Li", "P", "S"), isolated=isolated)
    assert found == []
