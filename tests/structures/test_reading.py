"""Structures out of files, folders and archives, and every way in which that can fail."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import ase.io
import numpy as np
import pytest

from gmd.structures import StructureError, iter_structures, read_structures, total_energies
from gmd.structures.archives import natural_key
from structures.sample_files import POSCAR, xsf

TWO_FRAMES = """\
2
Lattice="5 0 0 0 5 0 0 0 5" Properties=species:S:1:pos:R:3 energy=-7.5 pbc="T T T"
Li 0.0 0.0 0.0
S 0.0 0.0 2.25
1
Lattice="3 0 0 0 3 0 0 0 3" Properties=species:S:1:pos:R:3 pbc="T T F" name=second dft=-1.5
Li 0.0 0.0 0.125
"""

FRAMES = {
    "frame10.xsf": xsf("-10.0", 2.10),
    "frame2.xsf": xsf("-2.0", 2.02),
    "more/frame1.xsf": xsf("-1.0", 2.01),
    "frame1.xsf": xsf("0.5", 2.00),
    ".frame3.xsf": "hidden",
    ".git/frame4.xsf": "hidden as well",
    "notes.txt": "no structure",
}
IN_ORDER = ["frame1", "frame2", "frame10", "frame1"]
ENERGIES = [0.5, -2.0, -10.0, -1.0]


def write_folder(path: Path) -> Path:
    for name, text in FRAMES.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(text)
    return path


def write_tar(path: Path) -> Path:
    with tarfile.open(path, "w:" + path.suffix[1:].replace("tar", "").replace("tgz", "gz")) as tar:
        for name, text in FRAMES.items():
            member = tarfile.TarInfo("./" + name)
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text.encode()))
    return path


def write_zip(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("more/", "")
        for name, text in FRAMES.items():
            archive.writestr(name, text)
    return path


@pytest.mark.parametrize(
    ("ending", "compress"),
    [("", bytes), (".xz", lzma.compress), (".gz", gzip.compress), (".bz2", bz2.compress)],
)
def test_files_plain_and_compressed(tmp_path, ending, compress) -> None:
    path = tmp_path / f"lps.extxyz{ending}"
    path.write_bytes(compress(TWO_FRAMES.encode()))
    first, second = read_structures(path)
    assert first.info["name"] == "lps"
    assert second.info["name"] == "second"  # as the file has it
    assert first.info["source"] == f"lps.extxyz{ending}, structure 0"
    assert second.info["source"] == f"lps.extxyz{ending}, structure 1"
    assert first.get_chemical_symbols() == ["Li", "S"]
    assert first.positions.tolist() == [[0, 0, 0], [0, 0, 2.25]]
    assert first.cell.lengths().tolist() == [5, 5, 5]
    assert second.pbc.tolist() == [True, True, False]
    np.testing.assert_array_equal(total_energies([first, second]), [-7.5, np.nan])
    np.testing.assert_array_equal(total_energies([first, second], "dft"), [np.nan, -1.5])


def test_frames_without_names_are_numbered(tmp_path) -> None:
    path = tmp_path / "run.extxyz"
    path.write_text(TWO_FRAMES.replace(" name=second", "") + TWO_FRAMES)
    names = [atoms.info["name"] for atoms in read_structures(path)]
    assert names == ["run", "run-1", "run-2", "second"]


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("set", write_folder),
        ("set.tar", write_tar),
        ("set.tar.xz", write_tar),
        ("set.tar.gz", write_tar),
        ("set.tar.bz2", write_tar),
        ("set.tgz", write_tar),
        ("set.zip", write_zip),
        ("set.ZIP", write_zip),
        ("set-v1.0", write_zip),
    ],
)
def test_folders_and_archives(tmp_path, name: str, write: Callable[[Path], Path]) -> None:
    structures = read_structures(write(tmp_path / name), pattern="*.xsf")
    assert [atoms.info["name"] for atoms in structures] == IN_ORDER
    assert structures[2].info["source"].endswith("frame10.xsf, structure 0")
    assert structures[2].info["source"].startswith(f"{name}/")
    assert structures[2].positions[1, 0] == 2.10
    assert total_energies(structures).tolist() == ENERGIES
    assert all("forces" in atoms.calc.results for atoms in structures)


def test_pattern_chooses_and_format_overrules_the_name(tmp_path) -> None:
    folder = write_folder(tmp_path / "set")
    (folder / "notes.txt").write_text(TWO_FRAMES)
    assert len(read_structures(folder, pattern="*1*.xsf")) == 3
    notes = read_structures(folder, pattern="notes.*", format="extxyz")
    assert [atoms.info["name"] for atoms in notes] == ["notes", "second"]


def test_several_paths_keep_their_order(tmp_path) -> None:
    for name, energy in [("b", "-1.0"), ("a", "-2.0")]:
        (tmp_path / f"{name}.xsf").write_text(xsf(energy))
    paths = [tmp_path / "b.xsf", str(tmp_path / "a.xsf")]
    assert total_energies(read_structures(paths)).tolist() == [-1.0, -2.0]
    assert read_structures([]) == []


@pytest.mark.parametrize("name", ["POSCAR", "CONTCAR", "POSCAR.vasp", "Li2S.vasp"])
def test_poscar(tmp_path, name) -> None:
    (tmp_path / name).write_text(POSCAR)
    (atoms,) = read_structures(tmp_path / name)
    assert atoms.positions[1].tolist() == [2.5, 2.5, 2.5]
    assert atoms.info["name"] == Path(name).stem
    assert np.isnan(total_energies([atoms])).all()


def test_xsf_without_an_energy(tmp_path) -> None:
    (tmp_path / "a.xsf").write_text("\n".join(xsf().splitlines()[1:]))
    assert np.isnan(total_energies(read_structures(tmp_path / "a.xsf"))).all()


def test_empty_lines_take_no_time(tmp_path) -> None:
    """Their number squared would be hours."""
    (tmp_path / "a.xsf").write_text("\n" * 1_000_000 + xsf())
    assert total_energies(read_structures(tmp_path / "a.xsf")).tolist() == [-12.5]


def test_byte_order_mark_is_no_contents(tmp_path) -> None:
    (tmp_path / "a.extxyz").write_text(TWO_FRAMES, encoding="utf-8-sig")
    assert len(read_structures(tmp_path / "a.extxyz")) == 2


def test_one_at_a_time(tmp_path) -> None:
    """The first structure is there before the second, a bad one, is looked at."""
    path = tmp_path / "lps.extxyz"
    path.write_text(TWO_FRAMES.replace("0.125", "nan"))
    structures = iter_structures(path)
    assert len(next(structures)) == 2
    with pytest.raises(StructureError, match=r"lps\.extxyz, structure 1, atom 0: position"):
        next(structures)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["b10", "b9", "a11"], ["a11", "b9", "b10"]),
        (["x1y10", "x1y2", "x"], ["x", "x1y2", "x1y10"]),
        (["a", "1", "a1"], ["1", "a", "a1"]),
        (["x²", "x2", "²"], ["x2", "x²", "²"]),  # digits that are no numbers
    ],
)
def test_natural_order(names, expected) -> None:
    assert sorted(names, key=natural_key) == expected


def damaged(compressed: bytes) -> bytes:
    return compressed[: len(compressed) // 2]


LINES = TWO_FRAMES.splitlines(keepends=True)
XSF_LINES = xsf().splitlines(keepends=True)

BAD_FILES: dict[str, tuple[str, str | bytes, str]] = {
    "empty": ("a.extxyz", "", "a.extxyz: the file is empty; remove it"),
    "blank": ("a.xsf", " \n\n", "a.xsf: the file is empty; remove it"),
    "unknown ending": (
        "a.foo",
        "1\n",
        "a.foo: the format cannot be told from the name or the contents; give",
    ),
    "no ending": ("structures", "1\n", "structures: the format cannot be told from the name"),
    "text": ("a.txt", "1\n", "a.txt: the format cannot be told from the name or the contents"),
    "atom missing": (
        "a.extxyz",
        "".join(LINES[:3]),
        "a.extxyz, structure 0: cannot be read as extxyz (Frame has 1 atoms, expected 2); the file",
    ),
    "number missing": (
        "a.extxyz",
        "".join(LINES)[:-6],
        "a.extxyz, structure 1: cannot be read as extxyz (",
    ),
    "comment missing": (
        "a.extxyz",
        "".join(LINES[:5]),
        "a.extxyz, structure 1: cannot be read as extxyz (it ends too early); the file may be cut",
    ),
    "no structures": (
        "a.cif",
        "# nothing\n",
        "a.cif: contains no structures that can be read as cif; ",
    ),
    "no such element": ("a.extxyz", TWO_FRAMES.replace("S 0", "Qq 0"), "a.extxyz, structure 0: "),
    "no atoms": (
        "a.extxyz",
        TWO_FRAMES + '0\npbc="F F F"\n',
        "a.extxyz, structure 2: there are no atoms; remove the structure",
    ),
    "xsf without its last atom": (
        "a.xsf",
        "".join(XSF_LINES[:-1]),
        "a.xsf, structure 0: cannot be read as xsf (it ends too early); the file may be cut off",
    ),
    "xsf without its atoms": (
        "a.xsf",
        "".join(XSF_LINES[:5]),
        "a.xsf, structure 0: cannot be read as xsf (it ends too early); the file may be cut off",
    ),
    "xsf energy": (
        "a.xsf",
        xsf("-1.25D1"),
        "a.xsf: the total energy '-1.25D1' is not a number; write it as '# total energy = -1.0 eV'",
    ),
    "close atoms": ("a.xsf", xsf(x=0.1), "a.xsf, structure 0, atom 0: only 0.1 Å from atom 1"),
    "not text": ("a.extxyz", b"\x00\xff\x00", "a.extxyz: not a text file; give the format"),
    "not text in xz": ("a.xsf.xz", lzma.compress(b"\0\xff"), "a.xsf.xz: not a text file; give"),
    "no gzip": ("a.xsf.gz", "1\n", "a.xsf.gz: cannot be unpacked (it does not follow the rules"),
    "half a gzip": ("a.xsf.gz", damaged(gzip.compress(b"abcd" * 99)), "a.xsf.gz: cannot be unpack"),
    "half an xz": (
        "a.xsf.xz",
        damaged(lzma.compress(b"abc")),
        "a.xsf.xz: cannot be unpacked (it ends",
    ),
    "no xz": ("a.xsf.xz", xsf(), "a.xsf.xz: cannot be unpacked (Input format not"),
    "no bz2": ("a.xsf.bz2", "1\n", "a.xsf.bz2: cannot be unpacked (Invalid data stream)"),
    "no tar": ("a.tar.gz", "1\n", "a.tar.gz: cannot be unpacked (it ends too early)"),
    "no zip": ("a.zip", "1\n", "a.zip: cannot be unpacked (File is not a zip file)"),
}


@pytest.mark.parametrize(("name", "contents", "beginning"), BAD_FILES.values(), ids=BAD_FILES)
def test_bad_files_are_named_with_what_to_do(tmp_path, name, contents, beginning) -> None:
    path = tmp_path / name
    path.write_bytes(contents if isinstance(contents, bytes) else contents.encode())
    with pytest.raises(StructureError) as caught:
        read_structures(path)
    message = str(caught.value)
    assert message.startswith(beginning)
    assert ";" in message  # what is wrong; what to do


@pytest.mark.parametrize("write", [write_tar, write_zip])
def test_half_an_archive_is_named(tmp_path, write) -> None:
    path = write(tmp_path / {write_tar: "set.tar.gz", write_zip: "set.zip"}[write])
    path.write_bytes(damaged(path.read_bytes()))
    with pytest.raises(StructureError, match=f"^{path.name}: cannot be unpacked"):
        read_structures(path, pattern="*.xsf")


@pytest.mark.parametrize(
    ("name", "write"), [("set", write_folder), ("set.tar", write_tar), ("set.zip", write_zip)]
)
def test_members_are_named(tmp_path, name, write) -> None:
    path = write(tmp_path / name)
    with pytest.raises(StructureError, match=f"^{name}/.*notes.txt: the format cannot be told"):
        read_structures(path)
    with pytest.raises(StructureError, match=f"{name}: no file in it matches '\\*.cif'; correct"):
        read_structures(path, pattern="*.cif")


@pytest.mark.parametrize(
    ("format", "message"),
    [
        ("vasp", "a.extxyz, structure 0: cannot be read as vasp"),
        ("xsf", "a.extxyz, structure 0: cannot be read as xsf"),
        ("traj", "a.extxyz, structure 0: cannot be read as traj"),
        ("extyxz", "a.extxyz: ASE knows no format 'extyxz'; give another, such as extxyz"),
    ],
)
def test_wrong_formats_are_named(tmp_path, format, message) -> None:
    (tmp_path / "a.extxyz").write_text(TWO_FRAMES)
    with pytest.raises(StructureError, match=f"^{message}"):
        read_structures(tmp_path / "a.extxyz", format=format)


def test_no_such_path(tmp_path) -> None:
    with pytest.raises(FileNotFoundError, match="lps: there is no such file or folder; correct"):
        read_structures(tmp_path / "lps")


def test_ase_writes_what_is_read(tmp_path, random_crystal) -> None:
    crystals = [random_crystal(seed) for seed in range(3)]
    ase.io.write(tmp_path / "all.xyz", crystals)
    for read, written in zip(read_structures(tmp_path / "all.xyz"), crystals, strict=True):
        assert (read.numbers == written.numbers).all()
        np.testing.assert_allclose(read.positions, written.positions, atol=1e-8)
