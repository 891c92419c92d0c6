"""Which format a file has: contents before names."""

from __future__ import annotations

import contextlib
import time

import pytest

from gmd.structures import StructureError, read_structures
from gmd.structures.archives import FoundFile
from gmd.structures.recognition import Recognised, recognised_format
from structures.format_samples import (
    CIF,
    DUMP,
    GEOMETRY_IN,
    LAMMPS_DATA,
    OUTCAR,
    PDB,
    PW_IN,
    TEXTS,
    XDATCAR,
)
from structures.sample_files import POSCAR, sample_files, xsf

SAMPLES = sample_files()
EXTXYZ = SAMPLES["a.extxyz"].decode()


def found(name: str, contents: str | bytes) -> Recognised:
    data = contents if isinstance(contents, bytes) else contents.encode()
    return recognised_format(FoundFile(name, name, contents=data))


@pytest.mark.parametrize(
    ("name", "contents", "kind"),
    [
        ("pw.in", PW_IN, "espresso-in"),
        ("geometry.data", LAMMPS_DATA, "lammps-data"),
        ("POSCAR", CIF, "cif"),
        ("POSCAR.xyz", POSCAR, "vasp"),
        ("structure.out", POSCAR, "vasp"),
        ("XDATCAR", XDATCAR, "vasp-xdatcar"),
        ("run.log", XDATCAR, "vasp-xdatcar"),
        ("run.out", OUTCAR, "vasp-out"),
        ("OUTCAR", EXTXYZ, "extxyz"),
        ("CONFIGS.xyz", EXTXYZ, "extxyz"),
        ("postgres.xyz", EXTXYZ, "extxyz"),
        ("a.xyz", EXTXYZ.replace("energy", "code=GAMESS energy"), "extxyz"),
        ("a.xyz", "1\r\n\r\nLi 0 0 0\r\n", "extxyz"),
        ("a.dat", "2\n\nLi 0 0 0\nS 0 0 2.5\n", "extxyz"),
        ("a.cif", xsf(), "xsf"),
        ("a.xyz", CIF, "cif"),
        ("a.cif", CIF + "# done with GAMESS\n", "cif"),
        ("a", DUMP, "lammps-dump-text"),
        ("a.txt", PDB, "proteindatabank"),
        ("a.xyz", SAMPLES["a.traj"], "traj"),
        ("a.traj", SAMPLES["a.db"], "db"),
        ("a.dat", SAMPLES["a.json"], "json"),
    ],
)
def test_contents_decide(name, contents, kind) -> None:
    assert found(name, contents) == (kind, False)


@pytest.mark.parametrize(
    ("name", "contents", "kind"),
    [
        ("geometry.in", GEOMETRY_IN, "aims"),
        ("a.gen", TEXTS["gen"], "gen"),
        ("a.xyz", "not this\n", "extxyz"),
        ("HISTORY", "title\n", "dlp-history"),
    ],
)
def test_names_decide_where_contents_do_not(name, contents, kind) -> None:
    assert found(name, contents) == (kind, True)


def test_a_folder_of_the_same_name_does_not_matter(tmp_path, monkeypatch) -> None:
    (tmp_path / "a.gen").mkdir()
    monkeypatch.chdir(tmp_path)
    assert found("a.gen", TEXTS["gen"]).kind == "gen"


def test_input_of_quantum_espresso(tmp_path) -> None:
    (tmp_path / "pw.in").write_text(PW_IN)
    (atoms,) = read_structures(tmp_path / "pw.in")
    assert atoms.get_chemical_symbols() == ["Li", "F"]
    assert atoms.positions[1].tolist() == pytest.approx([2, 2, 2])
    assert atoms.info["read_as"] == "espresso-in"


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_what_only_the_name_says_is_said(tmp_path) -> None:
    (tmp_path / "input.in").write_text("some program's input\n")
    with pytest.raises(StructureError) as caught:
        read_structures(tmp_path / "input.in")
    message = str(caught.value)
    assert message.startswith(
        "input.in, structure 0: there are no atoms in it if it is read as aims;"
    )
    assert "if it is not a structure file, give a pattern such as '*.cif'" in message


@pytest.mark.parametrize(
    "head",
    ["\n", "# ", "#\n", "1\n", "a\n1\n", "data_ ", "data_\n\n", "3 atoms\n", "1 1 1\n", "1 ", "{"],
)
def test_no_file_takes_more_than_a_moment(head) -> None:
    start = time.perf_counter()
    for contents in (head * 20_000, "x\n1\n" + head * 20_000):
        with contextlib.suppress(StructureError):
            found("a.foo", contents)
    assert time.perf_counter() - start < 5
