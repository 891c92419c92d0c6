"""What formats mean and ASE's readers leave out or make up: cells, energies and their units."""

from __future__ import annotations

import gzip
from pathlib import Path

import ase
import ase.io
import numpy as np
import pytest

from gmd.structures import StructureError, read_structures, structures_to_table, total_energies
from structures.format_samples import CIF, CRYST1, DUMP, OUTCAR, PDB_ATOM, TEXTS, gro
from structures.sample_files import crystals, database, pair, tar, written, xsf, zipped

CARBON = PDB_ATOM.format(1, " C", 0, 0, 0, "C") + PDB_ATOM.format(2, " C", 1.5, 0, 0, "C")
MODEL = f"MODEL        1\n{CARBON}ENDMDL\n"


@pytest.fixture
def read(tmp_path):
    def read_one(name: str, contents: str | bytes, **settings) -> list[ase.Atoms]:
        data = contents if isinstance(contents, bytes) else contents.encode()
        (tmp_path / name).write_bytes(data)
        return read_structures(tmp_path / name, **settings)

    return read_one


# energies


def test_energies_of_lammps_are_not_made_up(read) -> None:
    (atoms,) = read("a.lammpstrj", DUMP)
    assert np.isnan(total_energies([atoms])).all()
    assert atoms.calc.results["forces"][0, 0] == pytest.approx(0.1)


@pytest.mark.parametrize("kind", sorted(TEXTS))
@pytest.mark.filterwarnings("ignore")
def test_no_reader_makes_up_an_energy(read, kind) -> None:
    """The samples were written without energies, but for VASP's output."""
    found = read(f"a.{kind}", TEXTS[kind], format=kind)
    expected = -10.245 if kind == "vasp-out" else np.nan
    np.testing.assert_allclose(total_energies(found), [expected])


IN_EV = {
    "OUTCAR": OUTCAR,
    "a.traj": written("traj", crystals()),
    "a.db": database("db", crystals(), dft=-0.5),
    "a.json": database("json", crystals(), dft=-0.5),
    "a.xsf": xsf(),
    "input.data": written("runnerdata", crystals()),
}


@pytest.mark.parametrize("unit", ["Hartree", "kcal/mol", "eV/atom"])
@pytest.mark.parametrize("name", IN_EV)
def test_energies_are_converted_once(read, name, unit) -> None:
    found = read(name, IN_EV[name])
    assert total_energies(found)[0] == pytest.approx(
        {"OUTCAR": -10.245, "a.xsf": -12.5}.get(name, -7.5), abs=1e-6
    )
    with pytest.raises(StructureError, match=f"^{name}, structure 0: energy is in eV already, as "):
        total_energies(found, unit=unit)
    with pytest.raises(StructureError, match="set energy_unit to eV"):
        structures_to_table(found, energy_unit=unit)


def test_numbers_of_the_file_have_its_unit(read) -> None:
    hartree = 27.211386024367243
    found = read("a.extxyz", written("extxyz", crystals()))
    assert total_energies(found, unit="Hartree").tolist() == pytest.approx(
        [-7.5 * hartree, -11.25 * hartree]
    )
    found = read("a.db", IN_EV["a.db"])
    assert total_energies(found, "dft", "Hartree").tolist() == pytest.approx([-0.5 * hartree] * 2)
    made = ase.Atoms("H", info={"energy": -0.5})  # no file's
    assert total_energies([made], unit="Hartree")[0] == pytest.approx(-0.5 * hartree)


# cells


def test_cell_of_a_pdb_holds_for_all_models(read) -> None:
    """Written once, as the format wants it, and ended by ENDMDL and END."""
    found = read("a.pdb", CRYST1.format(8.0) + 3 * MODEL + "END\n")
    assert len(found) == 3
    for atoms in found:
        assert atoms.pbc.all()
        assert atoms.cell.lengths().tolist() == [8, 8, 8]


def test_last_model_of_a_pdb_needs_no_end(read) -> None:
    assert len(read("a.pdb", MODEL + CARBON)) == 2
    assert len(read("b.pdb", CARBON)) == 1


@pytest.mark.parametrize("length", [0.0, 1.0])
def test_cells_that_stand_for_none_are_dropped(read, length) -> None:
    for atoms in read("a.pdb", CRYST1.format(length) + 2 * MODEL):
        assert not atoms.pbc.any()
        assert atoms.cell.rank == 0


def test_box_of_no_size_is_no_box(read) -> None:
    (atoms,) = read("a.gro", gro("C", "O", box=0.0))
    assert not atoms.pbc.any()
    (atoms,) = read("b.gro", gro("C", "O", box=2.0))
    assert atoms.pbc.all()
    assert atoms.cell.lengths().tolist() == [20, 20, 20]


UNIT_CUBE = np.eye(3)
NO_BOX = """\
x

1 atoms
1 atom types

Masses

1 6.94

Atoms # atomic

1 1 0 0 0
"""


@pytest.mark.parametrize(
    ("name", "contents", "settings"),
    [
        ("a.extxyz", written("extxyz", ase.Atoms("H", cell=UNIT_CUBE, pbc=True)), {}),
        ("a.cif", CIF.replace("6.0", "1.0"), {"minimum_distance": 0}),
        ("a.data", NO_BOX, {"format": "lammps-data"}),
        ("a.cfg", written("cfg", ase.Atoms("H")), {}),
    ],
)
def test_unit_cubes_are_refused(read, name, contents, settings) -> None:
    with pytest.raises(
        StructureError, match=f"^{name}, structure 0: the cell is a periodic 1 Å cube"
    ):
        read(name, contents, **settings)


def test_unit_cube_around_a_molecule_does_not_matter(read) -> None:
    (atoms,) = read("a.extxyz", written("extxyz", ase.Atoms("H", cell=UNIT_CUBE)))
    assert not atoms.pbc.any()


@pytest.mark.parametrize("kind", ["eon", "sys", "mustem", "prismatic"])
def test_formats_that_are_always_periodic(read, kind) -> None:
    (atoms,) = read(f"a.{kind}", TEXTS[kind], format=kind)
    assert atoms.pbc.all()
    np.testing.assert_allclose(atoms.cell.lengths(), [4, 5, 6], atol=1e-5)


def test_directions_that_are_not_periodic_have_no_vector(read) -> None:
    slab = pair(cell=[5, 5, 5], pbc=[True, True, False])
    (atoms,) = read("fort.34", written("crystal", slab), format="crystal")
    assert atoms.pbc.tolist() == [True, True, False]
    assert atoms.cell.lengths().tolist() == [5, 5, 0]


@pytest.mark.parametrize(
    ("kind", "atoms", "message"),
    [
        ("gpumd", pair(cell=[5, 5, 5], pbc=[True, False, True]), "not periodic in all directions"),
        ("nwchem-in", pair(cell=[5, 5, 5], pbc=[True, True, False]), "a surface of NWChem"),
    ],
)
def test_cells_that_ase_misreads_are_refused(read, tmp_path, monkeypatch, kind, atoms, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        StructureError, match=f"^a(, line [0-9]+)?: {message}.*; convert it to extended XYZ"
    ):
        read("a", written(kind, atoms), format=kind)


def test_crystals_of_turbomole_are_refused(read) -> None:
    with pytest.raises(
        StructureError, match=r"^coord: a periodic structure of Turbomole.*; conver"
    ):
        read("coord", "$periodic 3\n$cell\n 8 8 8 90 90 90\n" + TEXTS["turbomole"])


# files that readers want to know by name


@pytest.mark.parametrize("packing", ["file", "gz", "tar", "zip"])
def test_outcar_from_everywhere(tmp_path, packing, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("POSCAR").write_text("not for the reader of the OUTCAR\n")
    contents = OUTCAR.encode()
    path = tmp_path / {"file": "OUTCAR", "gz": "OUTCAR.gz"}.get(packing, f"set.{packing}")
    packed = {
        "file": contents,
        "gz": gzip.compress(contents),
        "tar": tar({"OUTCAR": contents}),
        "zip": zipped({"run/OUTCAR": contents}),
    }
    path.write_bytes(packed[packing])
    (atoms,) = read_structures(path)
    assert atoms.get_chemical_symbols() == ["Li", "F"]
    assert atoms.positions.tolist() == [[0, 0, 0], [2, 2, 2.1]]
    assert atoms.cell.lengths().tolist() == [4, 4, 4]
    assert atoms.pbc.all()
    assert total_energies([atoms]).tolist() == [-10.245]
    assert atoms.calc.results["forces"][0, 0] == 0.125


def test_trajectories_of_materials_studio_need_their_other_file(tmp_path) -> None:
    both = [pair(2.0, cell=[5, 5, 5], pbc=True), pair(2.5, cell=[5, 5, 5], pbc=True)]
    ase.io.write(tmp_path / "a.xtd", both, format="xtd")
    found = read_structures(tmp_path / "a.xtd")
    assert [round(float(atoms.positions[1, 0]), 3) for atoms in found] == [2.0, 2.5]
    (tmp_path / "a.arc").unlink()
    with pytest.raises(StructureError, match=r"^a.xtd: the structures are in the file.*\.arc"):
        read_structures(tmp_path / "a.xtd")


# text


def test_latin_1_is_read(read) -> None:
    (atoms,) = read("a.cif", CIF.encode("latin-1"))
    assert atoms.get_chemical_symbols() == ["Li", "O"]
    assert atoms.positions[1].tolist() == pytest.approx([3, 3, 3])
    contents = written("extxyz", crystals()).replace(b"pbc", "who=Zoé pbc".encode("latin-1"))
    assert [atoms.info["who"] for atoms in read("a.extxyz", contents)] == ["Zoé", "Zoé"]


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_latin_1_is_read_from_a_real_file(read) -> None:
    """Where ASE opens the file itself."""
    contents = "# Zoé\n".encode("latin-1") + TEXTS["aims"].encode()
    (atoms,) = read("geometry.in", contents)
    assert atoms.get_chemical_symbols() == ["Li", "F"]


@pytest.mark.parametrize("contents", [b"\x00\xe9", "é".encode("utf-16"), b"\xe9\x1b"])
def test_what_is_not_text_is_refused(read, contents) -> None:
    with pytest.raises(StructureError, match=r"^a\.extxyz: not a text file; give"):
        read("a.extxyz", contents)
