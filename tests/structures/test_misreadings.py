"""Contents that ASE's readers misread: refused with the line and a way out."""

from __future__ import annotations

import numpy as np
import pytest

from gmd.structures import StructureError, read_structures
from structures.format_samples import LAMMPS_DATA
from structures.messages import check_message
from structures.sample_files import pair, written, zipped

RES = (
    "TITL a\nCELL 0.71 6 7 8 90 90 90\n{}SFAC C H\nC 1 0.1 0.1 0.1 1.0\nH 2 0.3 0.2 0.2 1.0\nEND\n"
)
CRYST1 = "CRYST1   10.000   10.000   10.000  90.00  90.00  90.00 {}\n"
PDB = (
    "HETATM    1  O   HOH A   1       0.000   0.000   0.000  {:.2f}  0.00           O\n"
    "HETATM    2  H1  HOH A   1       0.960   0.000   0.000  {:.2f}  0.00           H\nEND\n"
)
I_PI = "2\n# {} Step: 0  Bead: 0 {}\n Na 0 0 0\n Cl 3.8 3.8 3.8\n"
V3000 = (
    "water\n  RDKit          3D\n\n  0  0  0  0  0  0  0  0  0  0999 V3000\nM  V30 BEGIN CTAB\n"
    "M  V30 COUNTS 1 0 0 0 0\nM  V30 BEGIN ATOM\nM  V30 1 O 0.0 0.0 0.0 0\nM  V30 END ATOM\n"
    "M  V30 END CTAB\nM  END\n"
)
PW_IN = (
    "&SYSTEM\n ibrav={}, nat=1, ntyp=1, A=4.0\n/\nATOMIC_SPECIES\nNa 22.99 Na.upf\n"
    "ATOMIC_POSITIONS crystal\nNa 0 0 0\nK_POINTS gamma\n"
)
COM = "%mem=1GB\n# hf\n\ntitle\n\n0 1\nO {} 0.0 .0\nH {} .96 0.0 0.0\n\n"

REFUSED = {
    "SHELX, lattice": ("a.res", RES.format("LATT 1\n"), "a.res, line 3: the crystal has symmetry"),
    "SHELX, centred": ("a.res", RES.format("LATT -7\n"), "a.res, line 3: the crystal has symmetry"),
    "SHELX, operation": (
        "a.res",
        RES.format("LATT -1\nSYMM -X, 0.5+Y, -Z\n"),
        "a.res, line 4: the crystal has symmetry (LATT or SYMM), but only the atoms in the file",
    ),
    "PDB": (
        "a.pdb",
        CRYST1.format("P 21 21 21    4") + PDB.format(1, 1),
        "a.pdb, line 1: the crystal has the space group 'P 21 21 21', but only the atoms in the",
    ),
    "PDB, inversion": (
        "a.pdb",
        CRYST1.format("P -1          2") + PDB.format(1, 1),
        "a.pdb, line 1: the crystal has the space group 'P -1', but only the atoms in the",
    ),
    "PDB, monoclinic": (
        "a.pdb",
        CRYST1.format("P 1 21 1      2") + PDB.format(1, 1),
        "a.pdb, line 1: the crystal has the space group 'P 1 21 1', but only the atoms in the",
    ),
    "i-PI": (
        "a.xyz",
        I_PI.format("CELL(abcABC): 8 8 8 90 90 90", "positions{atomic_unit}  cell{atomic_unit}"),
        "a.xyz, structure 0: written by i-PI, whose cell is not read and whose lengths may be in",
    ),
    "i-PI, matrix": (
        "a.xyz",
        I_PI.format("CELL{H}: 8 0 0 0 8 0 0 0 8", ""),
        "a.xyz, structure 0: written by i-PI",
    ),
    "i-PI, GENH": (
        "a.xyz",
        I_PI.format("CELL(GENH): 8 0 0 0 8 0 0 0 8", ""),
        "a.xyz, structure 0: written by i-PI",
    ),
    "SDF": (
        "a.sdf",
        V3000 + "$$$$\n",
        "a.sdf, line 4: V3000 is not read; write V2000, or extended",
    ),
    "MOL": ("a.mol", V3000, "a.mol, line 4: V3000 is not read; write V2000, or extended XYZ"),
    "Quantum ESPRESSO": (
        "a.pwi",
        PW_IN.format(" 2"),
        "a.pwi, line 2: ibrav = 2 is not read; use ibrav = 0 with CELL_PARAMETERS, or give the",
    ),
    "Quantum ESPRESSO, negative": ("a.pwi", PW_IN.format("-12"), "a.pwi, line 2: ibrav = -12 is"),
    "Gaussian": (
        "a.com",
        COM.format("-1 .0", "0"),
        "a.com, line 7: freeze codes are not read; remove this column",
    ),
    "Gaussian, second atom": ("a.com", COM.format(".0", "0"), "a.com, line 8: freeze codes are"),
    "LAMMPS": (
        "a.data",
        LAMMPS_DATA.split("Atoms")[0] + "Atoms\n\n1 1 1.0 0 0 0\n2 2 -1.0 2 2 2\n",
        "a.data, line 14: the columns of the section Atoms could be of more than one atom style; ",
    ),
}


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["", "Windows"])
@pytest.mark.parametrize(("name", "text", "beginning"), REFUSED.values(), ids=REFUSED)
def test_refused(tmp_path, name, text, beginning, end) -> None:
    (tmp_path / name).write_text(text, newline=end)
    with pytest.raises(StructureError) as caught:
        read_structures(tmp_path / name)
    assert str(caught.value).startswith(beginning)
    check_message(str(caught.value), name)


READ = {
    "SHELX": ("a.res", RES.format("LATT -1\n")),
    "SHELX, identity": ("a.res", RES.format("LATT -1\nSYMM X, Y, Z\n")),
    "SHELX, nothing": ("a.res", RES.format("")),
    "PDB, P 1": ("a.pdb", CRYST1.format("P 1           1") + PDB.format(1, 1)),
    "PDB, P1": ("a.pdb", CRYST1.format("P1") + PDB.format(1, 1)),
    "PDB, P1 and a number": ("a.pdb", CRYST1.format("P 1      1") + PDB.format(1, 1)),
    "PDB, no group": ("a.pdb", CRYST1.format("").rstrip() + "\n" + PDB.format(1, 1)),
    "PDB, no cell": ("a.pdb", PDB.format(1, 1)),
    "PDB of ASE": ("a.pdb", written("proteindatabank", pair(cell=[8, 8, 8], pbc=True)).decode()),
    "PDB of VMD": ("a.pdb", PDB.format(0, 0)),
    "Gaussian": ("a.com", COM.format(".0", "")),
    "Gaussian, Z-matrix": ("a.com", "# hf\n\nt\n\n0 1\nO\nH 1 0.96\n\n"),
    "XYZ, comment on a cell": ("a.xyz", "2\nunit cell (2 atoms)\nNa 0 0 0\nCl 2.8 0 0\n"),
}


@pytest.mark.parametrize(("name", "text"), READ.values(), ids=READ)
def test_read(tmp_path, name, text) -> None:
    (tmp_path / name).write_text(text)
    (atoms,) = read_structures(tmp_path / name)
    assert len(atoms) == 2


def test_empty_and_full_atoms_of_pdb_are_still_told_apart(tmp_path) -> None:
    (tmp_path / "a.pdb").write_text(PDB.format(0, 1))
    with pytest.raises(
        StructureError, match=r"^a.pdb, structure 0: partial occupancy: atom 1 .*0;"
    ):
        read_structures(tmp_path / "a.pdb")
    # each model by itself
    (tmp_path / "a.pdb").write_text(PDB.format(0, 0) + PDB.format(0, 1))
    with pytest.raises(
        StructureError, match=r"^a.pdb, structure 1: partial occupancy: atom 1 .*0;"
    ):
        read_structures(tmp_path / "a.pdb")


def test_files_of_another_kind_in_an_archive(tmp_path) -> None:
    cif = written("cif", pair(cell=[5, 5, 5], pbc=True))
    members = {"set/a.cif": cif, "set/README.md": b"# A set\n\nof structures\n"}
    (tmp_path / "a.zip").write_bytes(zipped(members))
    with pytest.raises(StructureError, match=r"^a.zip/set/README.md: .*only its name") as caught:
        read_structures(tmp_path / "a.zip")
    assert "if it is not a structure file, give a pattern such as '*.cif'" in str(caught.value)
    (atoms,) = read_structures(tmp_path / "a.zip", pattern="*.cif")
    np.testing.assert_allclose(atoms.cell.lengths(), [5, 5, 5])
