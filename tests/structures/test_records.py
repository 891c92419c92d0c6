"""Files with several structures: all of them are read, or the file is refused."""

from __future__ import annotations

import warnings

import ase
import ase.io
import numpy as np
import pytest
from ase.io.formats import ioformats

from gmd.structures import StructureError, read_structures
from structures.sample_files import crystals, written

WRITTEN_WITH = {
    "espresso-in": {"pseudopotentials": {"Li": "Li.upf", "S": "S.upf"}},
    "mustem": {"keV": 300, "debye_waller_factors": {"Li": 0.1, "S": 0.1}},
    "prismatic": {"debye_waller_factors": {"Li": 0.1, "S": 0.1}},
}
NOT_FILES_OF_TEXT = {
    *("db", "json", "mysql", "postgresql"),  # databases, which are not put together as files
    *("bundletrajectory", "netcdftrajectory"),  # a folder; a file that needs another package
    "castep-cell",  # whose writer looks for a program of CASTEP; written out below
}
FORMATS = sorted(
    name
    for name, form in ioformats.items()
    if name not in NOT_FILES_OF_TEXT and form.can_read and form.can_write
)
# formats that do not say how many atoms a molecule has, so that two are one
NO_END = {"aims"}


def pair_at(x: float, *, periodic: bool) -> ase.Atoms:
    """Two atoms, in a place of their own, whose distance tells the two structures apart."""
    distance = 2.0 + x / 10
    atoms = ase.Atoms("LiS", positions=[[x, 1, 1], [x + distance, 1, 1]])
    if periodic:
        atoms.cell, atoms.pbc = [12, 12, 12], True
    return atoms


def distances(contents: bytes, kind: str, tmp_path) -> list[float] | None:
    """Distances in all structures of a file, or nothing if it is refused."""
    path = tmp_path / f"file.{kind}"
    path.write_bytes(contents)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            structures = read_structures(path, format=kind, energy_key=None)
    except StructureError:
        return None
    assert [len(atoms) for atoms in structures] == [2] * len(structures)
    return [atoms.get_distance(0, 1) for atoms in structures]


@pytest.mark.parametrize("between", [b"", b"\n"], ids=["", "blank"])
@pytest.mark.parametrize("kind", FORMATS)
def test_two_files_in_one(tmp_path, kind, between) -> None:
    """Never one structure of two, nor one with the atoms of both."""
    for periodic in (True, False):
        if kind in NO_END and not periodic:
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                parts = [
                    written(kind, pair_at(x, periodic=periodic), **WRITTEN_WITH.get(kind, {}))
                    for x in (1.0, 5.0)
                ]
        except Exception:
            assert not periodic  # formats of crystals alone
            continue
        found = distances(between.join(parts), kind, tmp_path)
        if found is not None:
            np.testing.assert_allclose(found, [2.1, 2.5], atol=1e-2)


COMMON = ["cfg", "cif", "extxyz", "gen", "gromacs", "mol", "proteindatabank", "sdf", "vasp", "xsf"]


@pytest.mark.parametrize("kind", COMMON)
def test_one_is_still_read(tmp_path, kind) -> None:
    found = distances(written(kind, pair_at(1.0, periodic=True)), kind, tmp_path)
    assert found is not None
    np.testing.assert_allclose(found, [2.1], atol=1e-2)


@pytest.mark.parametrize("kind", ["extxyz", "xyz", "sdf", "gromacs", "cif", "proteindatabank"])
def test_common_formats_are_read_whole(tmp_path, kind) -> None:
    parts = [written(kind, pair_at(x, periodic=True)) for x in (1.0, 5.0)]
    found = distances(b"".join(parts), kind, tmp_path)
    assert found is not None
    np.testing.assert_allclose(found, [2.1, 2.5], atol=1e-2)


CELL = """\
%BLOCK LATTICE_CART
 6 0 0
 0 6 0
 0 0 6
%ENDBLOCK LATTICE_CART
%BLOCK POSITIONS_ABS
Li 0.5 0.5 0.5
S {} 0.5 0.5
%ENDBLOCK POSITIONS_ABS
"""
OPTIMIZATION = " ***** GAMESS ***** BEGINNING GEOMETRY SEARCH POINT NSERCH=   {} ...\n"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("castep-cell", CELL.format(2.5) + CELL.format(3.0)),
        ("gamess-us-out", OPTIMIZATION.format(0) + OPTIMIZATION.format(1)),
        ("gaussian-in", "# hf\n\na\n\n0 1\nH 0 0 0\n\n--Link1--\n# hf\n\nb\n\n0 1\nH 0 0 1\n\n"),
        ("espresso-in", "ATOMIC_POSITIONS angstrom\nLi 0 0 0\nATOMIC_POSITIONS bohr\nLi 0 0 1\n"),
    ],
)
def test_formats_of_one_structure_are_counted(tmp_path, kind, text) -> None:
    (tmp_path / "a").write_text(text)
    message = f"^a: contains 2 structures, but ASE's reader of {kind} returns only 1; split"
    with pytest.raises(StructureError, match=message):
        read_structures(tmp_path / "a", format=kind)


def test_routes_of_several_lines_are_one(tmp_path) -> None:
    (tmp_path / "a.com").write_text(
        "%mem=1GB\n# hf/sto-3g\n# opt\n\ntitle\n\n0 1\nH 0.0 0.0 0.0\nF 0.0 0.0 1.0\n\n"
    )
    (atoms,) = read_structures(tmp_path / "a.com")
    assert str(atoms.symbols) == "HF"


def test_xdatcar_stops_at_no_blank_line(tmp_path) -> None:
    parts = [written("vasp-xdatcar", pair_at(x, periodic=True)) for x in (1.0, 5.0)]
    (tmp_path / "XDATCAR").write_bytes(b"".join(parts))
    assert len(read_structures(tmp_path / "XDATCAR")) == 2
    (tmp_path / "XDATCAR").write_bytes(b"\n".join(parts))
    with pytest.raises(
        StructureError, match=r"contains 2 structures, but .* returns only 1; split"
    ):
        read_structures(tmp_path / "XDATCAR")


def test_atoms_behind_the_last_end_of_a_pdb_file_are_a_structure(tmp_path) -> None:
    first, second = (written("proteindatabank", pair_at(x, periodic=True)) for x in (1.0, 5.0))
    (tmp_path / "a.pdb").write_bytes(first + second.replace(b"ENDMDL\n", b""))
    assert [round(a.get_distance(0, 1), 3) for a in read_structures(tmp_path / "a.pdb")] == [
        2.1,
        2.5,
    ]


def test_data_after_the_separator_of_sdf_belong_to_no_structure(tmp_path) -> None:
    part = written("sdf", pair_at(1.0, periodic=False)).replace(
        b"$$$$\n", b"> <energy>\n-1.0\n\n$$$$\n"
    )
    (tmp_path / "a.sdf").write_bytes(part + part + b"\n")
    assert len(read_structures(tmp_path / "a.sdf", format="sdf")) == 2


def test_trajectories_in_one_file_are_refused(tmp_path) -> None:
    one = written("traj", crystals())
    (tmp_path / "a.traj").write_bytes(one + one)
    with pytest.raises(StructureError, match=r"^a.traj: contains 2 trajectories .*; give them as"):
        read_structures(tmp_path / "a.traj")


def test_blocks_of_a_cif_file_without_coordinates_are_no_structures(tmp_path) -> None:
    text = written("cif", crystals()).decode()
    (tmp_path / "a.cif").write_text("data_global\n_journal_year 2026\n" + text)
    assert len(read_structures(tmp_path / "a.cif")) == 2
    cut = text.replace("_atom_site_fract_y", "_atom_site_unknown", 1)
    (tmp_path / "a.cif").write_text(cut)
    with pytest.raises(StructureError, match=r"^a.cif, structure 0: data block 'image0' has coord"):
        read_structures(tmp_path / "a.cif")
