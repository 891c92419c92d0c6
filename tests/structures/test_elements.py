"""Elements that a file does not name: refused, unless there is nothing to guess."""

from __future__ import annotations

import pytest

from gmd.structures import StructureError, read_structures
from gmd.structures.elements import element_of
from structures.format_samples import DUMP, LAMMPS_DATA, PDB_ATOM, gro
from structures.sample_files import POSCAR

VASP4 = POSCAR.replace("Li S\n1 1", "1 1").replace("Li S\n1.0", "{}\n1.0")
POTCAR = "  PAW_PBE {0}\n   TITEL  = PAW_PBE {0}_sv 01Jan2000\n"
BARE = DUMP.replace(" element", "").replace(" Li ", " ").replace(" F ", " ")
MASSES = DUMP.replace("element", "mass").replace(" Li ", " {} ").replace(" F ", " {} ")
NO_MASSES = LAMMPS_DATA.replace("Masses\n\n1 6.94\n2 18.998\n\n", "{}")
G96 = "POSITION\n    1 MOL   {:<5s}      1    0.0    0.0    0.0\nEND\nBOX\n 1 1 1\nEND\n"
DLP4 = "title\n0 0\n{} 1\n0 0 0\n"
NO_COLUMN = PDB_ATOM.format(1, "{:<4s}", 0, 0, 0, "")


@pytest.mark.parametrize(
    ("label", "element"),
    [
        ("Cl", "Cl"),
        ("Cl1", "Cl"),
        ("C_3", "C"),
        ("O1W", "O"),
        ("Fe2+", "Fe"),
        ("CL", None),
        ("CA", None),
        ("OW1", None),
        ("Qq", None),
        ("1", None),
        ("", None),
    ],
)
def test_element_of_a_label(label, element) -> None:
    assert element_of(label) == element


REFUSED = {
    "dump of types": (
        "a.lammpstrj",
        BARE,
        "a.lammpstrj, line 9: the file has atom types but no elem",
    ),
    "mass of a united atom": (
        "a.lammpstrj",
        MASSES.format("14.027", "18.998"),
        "a.lammpstrj, line 10: the file has no elements, and the mass 14.027 is not that of an",
    ),
    "reduced units": (
        "a.lammpstrj",
        "ITEM: UNITS\nlj\n" + DUMP,
        "a.lammpstrj, line 2: the LAMMPS units are 'lj', but lengths are read in Å",
    ),
    "data without masses": (
        "a.data",
        NO_MASSES.format(""),
        "a.data: the file has atom types but no el",
    ),
    "data of strange masses": (
        "a.data",
        LAMMPS_DATA.replace("6.94", "1.0"),
        "a.data, structure 0, atom 0: the file has atom types but no elements, and the mass 1",
    ),
    "data of strange labels": (
        "a.data",
        NO_MASSES.format("Atom Type Labels\n\n1 cation\n2 F\n\n"),
        "a.data, line 11: the label 'cation' is not an element; label the types",
    ),
    "VASP 4": ("POSCAR", VASP4.format("a comment"), "POSCAR, line 6: the file names no elements"),
    "VASP 4, words": ("POSCAR", VASP4.format("BCC Fe"), "POSCAR, line 6: the file names no elem"),
    "VASP 4, formula": ("POSCAR", VASP4.format("Li2S"), "POSCAR, line 6: the file names no elem"),
    "GROMACS, lithium": (
        "a.gro",
        gro("LI", "C1"),
        "a.gro, structure 0, atom 0: the name 'LI' does not identify the element; write",
    ),
    "GROMACS, chlorine": ("a.gro", gro("C1", "CL"), "a.gro, structure 0, atom 1: the name 'CL'"),
    "GROMACS, site": ("a.gro", gro("MW"), "a.gro, structure 0, atom 0: the name 'MW' does not"),
    "GROMOS": ("a.g96", G96.format("CL"), "a.g96, line 2: the name 'CL' does not identify"),
    "GROMOS, digit": (
        "a.g96",
        G96.format("Cl2"),
        "a.g96, line 2: the name 'Cl2' does not identify",
    ),
    "DL_POLY": ("a.config", DLP4.format("NA"), "a.config, structure 0, atom 0: the name 'NA'"),
    "PDB": (
        "a.pdb",
        NO_COLUMN.format(" CA "),
        "a.pdb, line 1: no element in columns 77 and 78, and the name 'CA' is ambiguous; fill",
    ),
}


@pytest.mark.parametrize(("name", "text", "beginning"), REFUSED.values(), ids=REFUSED)
def test_guesses_are_refused(tmp_path, name, text, beginning) -> None:
    (tmp_path / name).write_text(text)
    formats = {"a.g96": "gromos"}
    with pytest.raises(StructureError) as caught:
        read_structures(tmp_path / name, format=formats.get(name))
    assert str(caught.value).startswith(beginning)
    assert ";" in str(caught.value)


READ = {
    "dump": ("a.lammpstrj", DUMP, "LiF"),
    "dump of masses": ("a.lammpstrj", MASSES.format("6.94", "19.0"), "LiF"),
    "dump of units": ("a.lammpstrj", "ITEM: UNITS\nmetal\n" + DUMP, "LiF"),
    "data of masses": ("a.data", LAMMPS_DATA, "LiF"),
    "data of labels": ("a.data", NO_MASSES.format("Atom Type Labels\n\n1 Li\n2 F\n\n"), "LiF"),
    "VASP 4": ("POSCAR", VASP4.format("S  Li"), "SLi"),
    "GROMACS": ("a.gro", gro("Li", "C12", "H_a"), "LiCH"),
    "GROMOS": ("a.g96", G96.format("Cl"), "Cl"),
    "DL_POLY": ("a.config", DLP4.format("Na_1"), "Na"),
    "PDB": ("a.pdb", NO_COLUMN.format(" C1 "), "C"),
}


@pytest.mark.parametrize(("name", "text", "formula"), READ.values(), ids=READ)
def test_what_is_certain_is_read(tmp_path, name, text, formula) -> None:
    (tmp_path / name).write_text(text)
    formats = {"a.g96": "gromos"}
    (atoms,) = read_structures(tmp_path / name, format=formats.get(name))
    assert str(atoms.symbols) == formula


@pytest.mark.parametrize("comment", ["a comment", "BCC Fe", ""])
def test_vasp_4_takes_the_elements_of_its_potcar(tmp_path, comment) -> None:
    """Whatever words the comment has: ASE would take those of the second for boron and carbon."""
    (tmp_path / "POSCAR").write_text(VASP4.format(comment))
    (tmp_path / "POTCAR").write_text(POTCAR.format("Na") + POTCAR.format("Cl"))
    (atoms,) = read_structures(tmp_path / "POSCAR")
    assert atoms.get_chemical_symbols() == ["Na", "Cl"]
