"""Deuterium is hydrogen in every format; tritium is not guessed at."""

from __future__ import annotations

import ase
import numpy as np
import pytest
from ase.data import atomic_numbers, chemical_symbols

from gmd.structures import StructureError, count_deuterium, read_structures
from structures.fault_files import WATER, cif
from structures.sample_files import POSCAR, pair, written, xsf


def replaced(kind: str, old: bytes = b"S ", new: bytes = b"D ") -> bytes:
    atoms = pair(cell=[5, 5, 5], pbc=True)
    return written(kind, atoms).replace(old, new)


FILES = {
    "a.extxyz": replaced("extxyz"),
    "a.xyz": b"2\n\nLi 0 0 0\nD 2 0 0\n",
    "a.cif": cif("Li1 Li 0 0 0 1", "D1 D 0.5 0 0 1").encode(),
    "a.pdb": replaced("proteindatabank", b"  S ", b"  D "),
    "POSCAR": POSCAR.replace("Li S", "Li D").encode(),
    "a.xsf": xsf().replace("S 2.0", "D 2.0").encode(),
    "a.sdf": replaced("sdf", b" S ", b" D "),
    "a.gen": replaced("gen", b"Li     S", b"Li     D"),
    "gdb.xyz": WATER.replace("H\t 0.0", "D\t 0.0").encode(),
}
KINDS = {"a.sdf": "sdf", "a.gen": "gen"}


@pytest.mark.parametrize("name", FILES)
def test_deuterium_is_hydrogen_with_its_mass(tmp_path, name) -> None:
    (tmp_path / name).write_bytes(FILES[name])
    before = len(chemical_symbols), len(atomic_numbers)
    (atoms,) = read_structures(tmp_path / name, format=KINDS.get(name))
    assert (len(chemical_symbols), len(atomic_numbers)) == before
    place = 1
    assert atoms.symbols[place] == "H"
    np.testing.assert_allclose(atoms.get_masses()[place], 2.014, atol=1e-3)
    assert count_deuterium(atoms) == 1
    if name == "a.xsf":
        assert atoms.get_potential_energy() == -12.5  # the results are those of the atoms still


def test_hydrogen_is_not_counted() -> None:
    atoms = ase.Atoms("H2O", masses=[1.008, 2.014, 16.0])
    assert count_deuterium(atoms) == 1
    assert count_deuterium(ase.Atoms("H2O")) == 0


@pytest.mark.parametrize(
    ("name", "contents"),
    [
        ("a.xyz", b"2\n\nLi 0 0 0\nT 2 0 0\n"),
        ("a.cif", cif("Li1 Li 0 0 0 1", "T1 T 0.5 0 0 1").encode()),
        ("a.cif", cif("Li1 0 0 0 1", "T1 0.5 0 0 1", columns=("label",)).encode()),
    ],
)
def test_t_is_named(tmp_path, name, contents) -> None:
    (tmp_path / name).write_bytes(contents)
    message = f"^{name}, structure 0, atom 1: the symbol T is not an element; write H for tritium"
    with pytest.raises(StructureError, match=message):
        read_structures(tmp_path / name)
    assert "T" not in chemical_symbols
