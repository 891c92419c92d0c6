"""Structures that occur twice, to the bit and no more."""

from __future__ import annotations

import itertools

import ase
import numpy as np

from gmd.structures import duplicate_groups, without_duplicates
from structures.sample_files import crystals, pair


def same_naive(a: ase.Atoms, b: ase.Atoms) -> bool:
    return (
        len(a) == len(b)
        and bool((a.numbers == b.numbers).all())
        and bool((a.positions == b.positions).all())
        and bool((a.cell.array == b.cell.array).all())
        and bool((a.pbc == b.pbc).all())
    )


def variants() -> list[ase.Atoms]:
    """Structures that differ by the least there is, each twice."""
    made = [*crystals(), pair(), pair(cell=[5, 5, 5]), pair(np.nextafter(2.0, 3.0))]
    made.append(pair(cell=[5, 5, 5], pbc=[True, False, False]))
    made.append(pair(cell=[5, 5, np.nextafter(5.0, 6.0)], pbc=[True, False, False]))
    swapped = pair()[[1, 0]]
    other = pair()
    other.numbers[0] = 11
    return [atoms.copy() for atoms in [*made, swapped, other, *made[::-1]]]


def test_equals_naive_twin() -> None:
    structures = variants()
    found = duplicate_groups(structures)
    pairs = {p for group in found for p in itertools.combinations(group, 2)}
    expected = {
        (i, j)
        for i, j in itertools.combinations(range(len(structures)), 2)
        if same_naive(structures[i], structures[j])
    }
    assert pairs == expected
    assert len(found) == 7
    assert found == sorted(found)


def test_energies_names_and_signs_of_zero_do_not_count() -> None:
    first, again = crystals()[0], crystals()[0]
    again.calc = None
    again.info["name"] = "another"
    again.positions[0] *= -1.0
    assert np.signbit(again.positions[0]).all()
    assert duplicate_groups([pair(3.0), first, again, first]) == [[1, 2, 3]]


def test_what_is_unknown_is_not_the_same() -> None:
    unknown = ase.Atoms("Li", positions=[[np.nan] * 3])
    cell = ase.Atoms("Li", cell=np.full((3, 3), np.nan))
    assert duplicate_groups([unknown, unknown, cell, cell]) == []
    assert duplicate_groups([]) == []


def test_the_first_of_each_group_stays() -> None:
    structures = [pair(), pair(2.5), pair(), pair(3.0), pair(2.5), pair()]
    groups = duplicate_groups(structures)
    assert groups == [[0, 2, 5], [1, 4]]
    assert without_duplicates(len(structures), groups) == [0, 1, 3]
    assert without_duplicates(2, []) == [0, 1]
