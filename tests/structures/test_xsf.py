"""Several structures and energies in one XSF file."""

from __future__ import annotations

import numpy as np
import pytest

from gmd.structures import StructureError, read_structures, total_energies
from structures.fault_files import xsf_step
from structures.sample_files import xsf

E1, E2 = "# total energy = -1.5 eV\n", "# total energy = -2.5 eV\n"
A, B = xsf_step(0, 1), xsf_step(0.1, 2)
ATOMS = "ATOMS {}\nLi 0 0 {}\nCl 2.5 0 0\n"
MOVED = "PRIMCOORD 2\n2 1\nLi 0 0 0\nCl 2.5 2.5 2.6\n"
GRID = (
    "BEGIN_BLOCK_DATAGRID_3D\nx\nBEGIN_DATAGRID_3D_x\n2 1 1\n0 0 0\n5 0 0\n0 5 0\n0 0 5\n1 2\n"
    "END_DATAGRID_3D\nEND_BLOCK_DATAGRID_3D\n"
)


@pytest.mark.parametrize(
    ("text", "energies"),
    [
        (f"ANIMSTEPS 2\n{E1}CRYSTAL\n{A}{E2}{B}", [-1.5, -2.5]),
        (f"{E1}ANIMSTEPS 2\nCRYSTAL\n{A}{E2}{B}", [-1.5, -2.5]),
        (f"ANIMSTEPS 2\nCRYSTAL\n{A}{E1}{B}{E2}", [-1.5, -2.5]),  # after each
        (f"{E1}CRYSTAL\n{A}{E2}CRYSTAL\n{B}", [-1.5, -2.5]),  # two files in one
        (f"ANIMSTEPS 2\nCRYSTAL\n{A}{MOVED}", [None, None]),
        (f"{E1}ANIMSTEPS 2\nSLAB\n{A}{E2}{MOVED}", [-1.5, -2.5]),
        (f"ANIMSTEPS 2\n{E1}{ATOMS.format(1, 0)}{E2}{ATOMS.format(2, 0.1)}", [-1.5, -2.5]),
        (f"{E1}MOLECULE\n{ATOMS.format('', 0)}", [-1.5]),
        (f"{E1}CRYSTAL\n{A}{GRID}", [-1.5]),
        (f"CRYSTAL\n{A}{E1}", [-1.5]),
        (f"#total  energy=-1.5eV\nCRYSTAL\n{A}", [-1.5]),
        (f"# Total Energy = -1.5 eV (PBE)\nCRYSTAL\n{A}", [-1.5]),
        (f"# a comment\nCRYSTAL\n{A}# another\n", [None]),
    ],
)
def test_each_structure_has_its_own_energy(tmp_path, text, energies) -> None:
    (tmp_path / "a.xsf").write_text(text)
    structures = read_structures(tmp_path / "a.xsf")
    expected = [np.nan if e is None else e for e in energies]
    np.testing.assert_array_equal(total_energies(structures), expected)
    assert len({atoms.positions.tobytes() for atoms in structures}) == len(energies)


def test_what_comes_of_two_steps(tmp_path) -> None:
    (tmp_path / "a.xsf").write_text(f"ANIMSTEPS 2\nSLAB\n{A}{B}")
    first, second = read_structures(tmp_path / "a.xsf")
    assert (first.cell.lengths()[2], second.cell.lengths()[2]) == (5, 5.1)
    assert second.positions[1].tolist() == [2.5, 2.5, 2.6]
    assert second.pbc.tolist() == [True, True, False]
    assert str(second.symbols) == "LiCl"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"ANIMSTEPS 3\nCRYSTAL\n{A}{B}", "a.xsf: ANIMSTEPS announces 3 structures, but"),
        (f"ANIMSTEPS\nCRYSTAL\n{A}", "a.xsf: ANIMSTEPS is followed by '', not by a number; the"),
        (f"{E1}CRYSTAL\n{A}{B}", "a.xsf: 1 line(s) '# total energy' for 2 structure(s)"),
        (f"{E1}{E2}CRYSTAL\n{A}{B}", "a.xsf: 2 line(s) '# total energy' for 2 structure(s)"),
        (f"{E1}{E2}CRYSTAL\n{A}", "a.xsf: 2 line(s) '# total energy' for 1 structure(s)"),
        (f"CRYSTAL\n{A}CRYSTAL\n{MOVED}", "a.xsf, structure 1: PRIMCOORD without PRIMVEC"),
        (A, "a.xsf, structure 0: PRIMCOORD without CRYSTAL or SLAB or POLYMER before it"),
        (f"CRYSTAL\n{A}O 1 1 1\n", "a.xsf, structure 0: says that it has 2 atoms, but lines of 3"),
        (xsf("-1.0 Ry").replace(" eV", ""), "a.xsf: the line of total energy, '-1.0 Ry', has the"),
        (xsf("-1.0").replace(" eV", ""), "a.xsf: the line of total energy, '-1.0', has no unit;"),
        (xsf("nan"), "a.xsf, structure 0: energy = nan is not a finite number"),
        (
            f"{E1}CRYSTAL\n{A}# total energy = low eV\n{B}",
            "a.xsf, structure 1: the total energy 'low' is not a number; write it as '# total",
        ),
    ],
)
def test_contradictions_are_named(tmp_path, text, says) -> None:
    (tmp_path / "a.xsf").write_text(text)
    with pytest.raises(StructureError) as caught:
        read_structures(tmp_path / "a.xsf")
    assert str(caught.value).startswith(says)
    assert "; " in str(caught.value)


def test_forces_are_in_the_unit_of_their_program(tmp_path) -> None:
    """aenet's, beside its line of energy, are in eV/Å; those of others in Hartree/Å."""
    (tmp_path / "a.xsf").write_text(xsf())
    (atoms,) = read_structures(tmp_path / "a.xsf")
    np.testing.assert_allclose(atoms.get_forces(), [[0.1, 0.2, 0.3], [-0.1, -0.2, -0.3]])
    (tmp_path / "a.xsf").write_text(xsf().split("\n", 1)[1])
    (atoms,) = read_structures(tmp_path / "a.xsf")
    np.testing.assert_allclose(atoms.get_forces()[0] / 27.211386, [0.1, 0.2, 0.3], rtol=1e-6)


SAVED = "INFO\na\nEND_INFO\nDIM-GROUP\n{} 1\nPRIMVEC\n{}CONVVEC\n{}PRIMCOORD\n2 1\n{}"
BOX = " 5 0 0\n 0 5 0\n 0 0 5\n"
PAIR = " 11 0 0 0\n 17 2.5 2.5 2.5\n"


@pytest.mark.parametrize(
    ("dimensions", "periodic"),
    [
        (3, [True, True, True]),
        (2, [True, True, False]),
        (1, [True, False, False]),
        (0, [False] * 3),
    ],
)
def test_dimensions_as_xcrysden_saves_them(tmp_path, dimensions, periodic) -> None:
    (tmp_path / "a.xsf").write_text(SAVED.format(dimensions, BOX, BOX, PAIR))
    (atoms,) = read_structures(tmp_path / "a.xsf")
    assert atoms.get_chemical_symbols() == ["Na", "Cl"]
    assert atoms.pbc.tolist() == periodic
    assert atoms.positions.tolist() == [[0, 0, 0], [2.5, 2.5, 2.5]]
    lengths = atoms.cell.lengths()
    np.testing.assert_allclose(lengths[periodic], 5)


@pytest.mark.parametrize("dimensions", ["4", "", "x"])
def test_strange_dimensions_are_named(tmp_path, dimensions) -> None:
    text = SAVED.format(dimensions, BOX, BOX, PAIR).replace("\n 1\n", "\n")
    (tmp_path / "a.xsf").write_text(text)
    with pytest.raises(StructureError, match=r"^a.xsf: DIM-GROUP is followed by .*; give the numb"):
        read_structures(tmp_path / "a.xsf")


def test_atoms_of_a_molecule_are_counted(tmp_path) -> None:
    (tmp_path / "a.xsf").write_text(SAVED.format(0, BOX, BOX, PAIR + " 8 1 1 1\n"))
    with pytest.raises(StructureError, match=r"^a.xsf, structure 0: says that it has 2 atoms, but"):
        read_structures(tmp_path / "a.xsf")
