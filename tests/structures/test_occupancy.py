"""Partial occupancies, from wherever they come."""

from __future__ import annotations

from pathlib import Path

import ase
import ase.db
import ase.io
import numpy as np
import pytest

from gmd.structures import StructureError, read_structures
from gmd.structures.occupancy import check_occupancies
from structures.fault_files import cif
from structures.sample_files import pair, written

MIXED = {"0": {"Li": 0.4, "Na": 0.6}, "1": {"S": 1.0}}
FULL = {"0": {"Li": 1.0}, "1": {"S": 1.0}}
SAYS = "a: partial occupancy: site 0: Li 0.4, Na 0.6; provide ordered structures"


@pytest.mark.parametrize(
    ("occupancy", "says"),
    [
        (MIXED, "site 0: Li 0.4, Na 0.6;"),
        ({0: {"Li": 0.3}, 1: {"S": 1}}, "site 0: Li 0.3;"),
        ({"0": {"Li": 1.0, "Na": 1.0}}, "site 0: Li 1, Na 1;"),
        ({"Ni": 0.4, "Cu": 0.6}, "site Ni: 0.4; site Cu: 0.6;"),
        ([1.0, 0.5], "site 1: 0.5;"),
        (np.array([0.25, 1.0]), "site 0: 0.25;"),
        ({"0": {"Li": "half"}}, "site 0: Li nan;"),
        ({"0": {"Li": 1.5}}, "site 0: Li 1.5;"),
        ({str(k): {"Li": 0.5} for k in range(8)}, "site 4: Li 0.5; and 3 more;"),
    ],
)
def test_partial_occupancies_are_named_site_by_site(occupancy, says) -> None:
    with pytest.raises(StructureError) as caught:
        check_occupancies(pair(info={"occupancy": occupancy}), "a")
    assert str(caught.value).startswith("a: partial occupancy: site ")
    assert says in str(caught.value)


@pytest.mark.parametrize(
    "occupancy",
    [FULL, {"0": {"Li": 1, "Na": 0}}, [1, 1.0], {"0": {"Li": 0.9995}}, 0.25, "a quarter", None],
)
def test_full_and_other_occupancies_pass(occupancy) -> None:
    check_occupancies(pair(info={"occupancy": occupancy}), "a")


@pytest.mark.parametrize("name", ["occupancy", "occupancies"])
def test_occupancies_of_atoms(name) -> None:
    atoms = pair()
    atoms.set_array(name, np.array([1.0, 1.0]))
    check_occupancies(atoms, "a")
    atoms.arrays[name][1] = 0.5
    with pytest.raises(StructureError, match=r"^a: partial occupancy: atom 1: S 0\.5; provide"):
        check_occupancies(atoms, "a")


@pytest.mark.parametrize("kind", ["extxyz", "traj", "db", "json"])
@pytest.mark.parametrize("occupancy", [MIXED, FULL], ids=["mixed", "full"])
def test_formats_that_carry_them(tmp_path, kind, occupancy) -> None:
    atoms = pair(cell=[5, 5, 5], pbc=True, info={"occupancy": occupancy})
    path = tmp_path / f"a.{kind}"
    if kind in ("db", "json"):
        with ase.db.connect(path, use_lock_file=False) as connection:
            connection.write(atoms, data={"occupancy": occupancy, "other": np.arange(3)})
    else:
        ase.io.write(path, [atoms])
    if occupancy is FULL:
        assert len(read_structures(path)) == 1
        return
    with pytest.raises(StructureError) as caught:
        read_structures(path)
    assert str(caught.value).startswith(f"a.{kind}, structure 0: partial occupancy: site 0: Li 0.4")


def test_extended_xyz_with_a_column(tmp_path) -> None:
    (tmp_path / "a.xyz").write_text(
        "2\nProperties=species:S:1:pos:R:3:occupancy:R:1\nLi 0 0 0 1.0\nS 2 0 0 0.5\n"
    )
    with pytest.raises(StructureError, match=r"^a.xyz, structure 0: .* atom 1: S 0\.5; provide"):
        read_structures(tmp_path / "a.xyz")


O1 = "O1 O 0.5 0.5 0.5 1"


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (("Li1 Li 0 0 0 0.5", "Li2 Li 0 0 0 0.5", O1), "Li1 (row 0) at (0, 0, 0): Li 0.5; site Li"),
        (("Li1 Li 0 0 0 1", "Li2 Li 0 0 0 1", O1), "Li1 (row 0) and Li2 (row 1) are one site"),
        (("Li1 Li 0 0 0 1", O1, "Na1 Na 1 0 0 1"), "Li1 (row 0) and Na1 (row 2) are one site"),
        (("Li1 Li 0 0 0 .", O1, "Li2 Li 0 0 0.0002 ?"), "Li1 (row 0) and Li2 (row 2) are one"),
        (("Li1 Li 0 0 0 half", O1), "site Li1 (row 0): occupancy 'half' is not a number; correct"),
        (("Li1 Li 0 0 0 1.2", O1), "site Li1 (row 0) at (0, 0, 0): Li 1.2; provide"),
        (("SI1 SI 0 0 0 1", O1), "site SI1 (row 0): _atom_site_type_symbol 'SI' may be Si or S;"),
    ],
)
def test_sites_of_cif(tmp_path, rows, says) -> None:
    (tmp_path / "a.cif").write_text(cif(*rows))
    with pytest.raises(StructureError) as caught:
        read_structures(tmp_path / "a.cif")
    assert str(caught.value).startswith("a.cif, structure 0")
    assert says in str(caught.value)
    assert "; " in str(caught.value)


def test_rows_that_symmetry_makes_the_same(tmp_path) -> None:
    rows = ("Li1 Li 0.1 0.2 0.3 1", "Li2 Li -0.1 -0.2 -0.3 1")
    (tmp_path / "a.cif").write_text(cif(*rows, group="P -1"))
    with pytest.raises(
        StructureError, match=r"Li1 \(row 0\) and Li2 \(row 1\) .* space group P -1"
    ):
        read_structures(tmp_path / "a.cif")
    (tmp_path / "a.cif").write_text(cif(*rows))
    assert len(read_structures(tmp_path / "a.cif")[0]) == 2
    (tmp_path / "a.cif").write_text(cif(rows[0], group="P -1"))
    assert len(read_structures(tmp_path / "a.cif")[0]) == 2


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (("CL1 0 0 0 1", "Li1 0.5 0.5 0.5 1"), "_atom_site_label 'CL1' may be Cl or C; write"),
        (("Li1 0 0 0 1", "HO1 0.5 0.5 0.5 1"), "site HO1 (row 1): _atom_site_label 'HO1' may be"),
    ],
)
def test_labels_that_may_be_two_elements(tmp_path, rows, says) -> None:
    (tmp_path / "a.cif").write_text(cif(*rows, columns=("label",)))
    with pytest.raises(StructureError) as caught:
        read_structures(tmp_path / "a.cif")
    assert says in str(caught.value)
    (tmp_path / "a.cif").write_text(cif("OA1 0 0 0 1", "Li1 0.5 0.5 0.5 1", columns=("label",)))
    assert str(read_structures(tmp_path / "a.cif")[0].symbols) == "OLi"


PDB = (
    "CRYST1    9.000    9.000    9.000  90.00  90.00  90.00 P 1\n"
    "ATOM      1  N  AGLY A   1       1.000   1.000   1.000  {}  0.00           N  \n"
    "ATOM      2  CA {}GLY A   1       2.500   1.000   1.000  {}  0.00           C  \n"
    "ATOM      3  CA {}GLY A   1       2.500   1.500   1.000  {}  0.00           C  \n"
    "END\n"
)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            PDB.format("1.00", "A", "0.60", "B", "0.40"),
            "atom 2 (CA of residue GLY A   1, location A): 0.6; atom 3 (CA of residue GLY A   1, "
            "location B): 0.4; atom CA of residue GLY A   1 at the locations A, B; provide",
        ),
        (PDB.format("0.50", " ", "1.00", " ", "1.00"), "atom 1 (N of residue GLY A   1, loc"),
        (PDB.format("1.00", "A", "1.00", "B", "1.00"), "GLY A   1 at the locations A, B; provide"),
        (PDB.format("1.00", "A", "    ", "B", "    "), "GLY A   1 at the locations A, B; provide"),
        (PDB.format("0.00", " ", "1.00", " ", "1.00"), "location A): 0; provide"),
    ],
)
def test_pdb(tmp_path, text, says) -> None:
    (tmp_path / "a.pdb").write_text(PDB.format("1.00", " ", "1.00", " ", "1.00") + text)
    with pytest.raises(StructureError) as caught:
        read_structures(tmp_path / "a.pdb")
    assert str(caught.value).startswith("a.pdb, structure 1: partial occupancy: atom")
    assert says in str(caught.value)


def test_one_location_alone_is_a_structure(tmp_path) -> None:
    path: Path = tmp_path / "a.pdb"
    path.write_text(PDB.format("1.00", "A", "1.00", " ", "    "))
    assert str(read_structures(path)[0].symbols) == "NC2"
    path.write_bytes(written("proteindatabank", [pair(), pair(2.5)]))
    assert len(read_structures(path)) == 2


RES = (
    "TITL a\nCELL 1.0 6.0 6.0 6.0 90 90 90\nLATT -1\nSFAC Li S\nLi 1 0.1 0.1 0.1 {}\n"
    "S 2 0.4 0.1 0.1 1.0\nEND\n"
)
CELL = """\
%BLOCK LATTICE_CART
 6 0 0
 0 6 0
 0 0 6
%ENDBLOCK LATTICE_CART
%BLOCK POSITIONS_FRAC
Li 0.0 0.0 0.0 MIXTURE:( 1 0.4 )
Na 0.0 0.0 0.0 MIXTURE:( 1 0.6 )
%ENDBLOCK POSITIONS_FRAC
"""


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.shelx", RES.format(0.5), "structure 0: partial occupancy: Li: 0.5; provide"),
        ("a.cell", CELL, "occupancy: Li 0.0 0.0 0.0 MIXTURE:( 1 0.4 ); Na 0.0 0.0 0.0 MIXTURE:("),
    ],
)
def test_formats_whose_occupancies_ase_drops(tmp_path, name, text, says) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(StructureError) as caught:
        read_structures(tmp_path / name)
    assert str(caught.value).startswith(name)
    assert says in str(caught.value)


@pytest.mark.parametrize("occupancy", ["1.0", "11.00000", "21.00000"])
def test_full_occupancies_of_res(tmp_path, occupancy) -> None:
    (tmp_path / "a.shelx").write_text(RES.format(occupancy))
    assert len(read_structures(tmp_path / "a.shelx")[0]) == 2
