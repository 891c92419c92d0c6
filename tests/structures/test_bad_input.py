"""Everything that can be wrong with what goes in: said by name, with what to do, nothing left."""

from __future__ import annotations

import gzip
import json
import lzma
import os
import sqlite3
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from structures.bad_input import (
    Case,
    extxyz,
    leftovers,
    link,
    nested,
    run_steps,
    sparse_tar,
    zip_with,
)
from structures.messages import INTERNALS
from structures.sample_files import (
    POSCAR,
    TRAINING_SET,
    crystals,
    laeds,
    npy,
    pair,
    parquet,
    sample_files,
    site_columns,
    tar,
    xsf,
    zipped,
)

SAMPLES = sample_files()
BOTH = SAMPLES["a.extxyz"]
REMOVE = "correct or remove the structure"
CUT = "the file may be cut off"
LI, S = "Li 0 0 0", "S 2 0 0"


def after_good(*frames: bytes) -> bytes:
    """Frames behind one that is good, so that their number is not 0."""
    return b"".join([extxyz(LI, S, energy=-7.5), *frames])


def db_with(statement: str, *values) -> Callable[[Path], None]:
    """A database of ASE after a change that its own classes would not make."""

    def changed(path: Path) -> None:
        path.write_bytes(SAMPLES["a.db"])
        connection = sqlite3.connect(path)
        with connection:
            connection.execute(statement, values)
        connection.close()

    return changed


def view_database(path: Path) -> None:
    """A table that is computed without an end."""
    connection = sqlite3.connect(path)
    connection.execute(
        "CREATE VIEW systems AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) "
        "SELECT id FROM n"
    )
    connection.close()


def json_with(**row) -> bytes:
    content = {"1": {"numbers": [3, 16], "positions": [[0, 0, 0], [2, 0, 0]], **row}, "ids": [1]}
    return json.dumps(content).encode()


def columns_with(**changed) -> bytes:
    return parquet(site_columns() | changed)


def trainset(old: str, new: str, count: int = 1) -> bytes:
    assert old in TRAINING_SET
    return TRAINING_SET.replace(old, new, count).encode()


def header_of(shape: tuple, descr: str = "<f8") -> bytes:
    """A .npy file that promises a shape and holds 120 bytes."""
    text = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}"
    text = text.ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode() + bytes(120)


BOMB = {"unpacking.RATIO_COUNTS_FROM": 10_000, "unpacking.LARGEST_RATIO": 20}
FULL = {"unpacking.LARGEST_UNPACKED": 100_000}
ZEROS = bytes(300_000)
ANEW = "make the archive anew"
TRUST = "if you trust it"
WRITE_NPY = "write a matrix of floats with numpy.save"
COLUMNS = "a table of LAEDs has the columns structure, element, atom if wanted"
OTHER = "give the structures that the LAEDs were computed of"
AENET = "write the file anew with trnset2ASCII.x"

CASES = {
    # structures
    "position nan": Case(
        "a.extxyz",
        after_good(extxyz(LI, "S nan 0 0")),
        ("a.extxyz, structure 1, atom 1: position is not finite", REMOVE),
    ),
    "position infinite": Case(
        "a.extxyz",
        after_good(extxyz("Li inf 0 0", S)),
        ("a.extxyz, structure 1, atom 0: position is not finite", REMOVE),
    ),
    "all positions nan": Case(
        "a.extxyz",
        after_good(extxyz("Li nan nan nan")),
        ("a.extxyz, structure 1: no position is finite", REMOVE),
    ),
    "cell nan": Case(
        "a.extxyz",
        after_good(extxyz(LI, lattice="5 0 0 0 nan 0 0 0 5")),
        ("a.extxyz, structure 1: the cell is not finite", REMOVE),
    ),
    "cell infinite": Case(
        "a.extxyz",
        after_good(extxyz(LI, lattice="5 0 0 0 5 0 0 0 -inf")),
        ("a.extxyz, structure 1: the cell is not finite", REMOVE),
    ),
    "no volume": Case(
        "POSCAR",
        POSCAR.replace("0 0 5", "5 5 0").encode(),
        ("POSCAR, structure 0: the cell vectors lie in a plane", "correct the cell"),
    ),
    "left-handed and flat": Case(
        "a.extxyz",
        after_good(extxyz(LI, lattice="0 5 0 5 0 0 5 5 -1e-6")),
        ("a.extxyz, structure 1: the cell vectors lie in a plane", "correct the cell"),
    ),
    "periodic without a cell": Case(
        "a.extxyz",
        after_good(extxyz(LI, lattice="")),
        ("a.extxyz, structure 1: periodic along cell vector 0, which is zero", "give the cell"),
    ),
    "atoms on one place": Case(
        "a.extxyz",
        after_good(extxyz(LI, S, "Li 2 0 0")),
        ("a.extxyz, structure 1, atom 1: only 0 Å from atom 2", "correct the structure"),
    ),
    "atom on an image": Case(
        "a.extxyz",
        after_good(extxyz(LI, "S 5 5 0")),
        ("a.extxyz, structure 1, atom 0: only 0 Å from atom 1", "correct the structure"),
    ),
    "atoms on one place, found by the LAED": Case(
        "a.extxyz",
        after_good(extxyz(LI, S, "Li 2 0 0")),
        ("a.extxyz, structure 1: atoms 1 and 2 are on the same place", "remove one"),
        step="sites",
        source={"minimum_distance": 0},
    ),
    "too crowded": Case(
        "a.extxyz",
        after_good(extxyz(LI, S)),
        ("a.extxyz, structure 0: 2 atoms are too crowded", REMOVE),
        limits={"crowding.LARGEST_NUMBER_OF_PAIRS": 0.5},
    ),
    "dummy element": Case(
        "a.extxyz",
        after_good(extxyz(LI, "X 2 0 0")),
        ("a.extxyz, structure 1, atom 1: unknown element", "needs a chemical symbol"),
    ),
    "no such element": Case(
        "a.extxyz",
        after_good(extxyz(LI, "Qq 2 0 0")),
        ("a.extxyz, structure 1: cannot be read as extxyz (", "Qq", CUT),
    ),
    "element that is not of the data set": Case(
        "a.extxyz",
        after_good(extxyz(LI, "P 2 0 0")),
        ("a.extxyz, structure 1 holds P, which is not among the elements Li, S", "add it to them"),
        step="subset",
    ),
    "element without a weight": Case(
        "a.extxyz",
        after_good(extxyz(LI, S)),
        ("a.extxyz, structure 0 holds S, which has no weight", "the weights name Li"),
        step="sites",
        parameters={"laed": {"family": "chebyshev", "weights": {"Li": -1.0}}},
    ),
    "empty file": Case("a.extxyz", b"", ("a.extxyz: the file is empty", "remove it")),
    "empty database": Case("a.db", b"", ("a.db: the file is empty", "remove it")),
    "empty structure": Case(
        "a.extxyz",
        after_good(b'0\nPropertes=a pbc="F F F"\n'),
        ("a.extxyz, structure 1: there are no atoms", "remove the structure"),
    ),
    "structure without atoms in a database": Case(
        "a.json",
        json_with(numbers=[], positions=[]),
        ("a.json, structure 0: there are no atoms", "remove the structure"),
    ),
    # files that end too early, or promise too much
    "cut xyz": Case(
        "a.xyz", SAMPLES["plain.xyz"][:-8], ("a.xyz, structure 0: cannot be read as extxyz", CUT)
    ),
    "cut extxyz": Case(
        "a.extxyz", BOTH[:-20], ("a.extxyz, structure 1: cannot be read as extxyz", CUT)
    ),
    "more atoms than lines": Case(
        "a.extxyz",
        after_good(b"99999999999\n" + extxyz(LI)),
        ("a.extxyz, structure 1: says that it has 99999999999 atoms, but only", CUT),
    ),
    "more columns than characters": Case(
        "a.extxyz",
        after_good(extxyz(LI).replace(b"pos:R:3", b"pos:R:3:x:I:9999999")),
        ("a.extxyz: names 9999999 columns of one property", "may be damaged"),
    ),
    "cut xsf": Case(
        "a.xsf", xsf()[:-40].encode(), ("a.xsf, structure 0: cannot be read as xsf", CUT)
    ),
    "cut poscar": Case(
        "POSCAR", POSCAR[:-16].encode(), ("POSCAR, structure 0: 2 atoms promised, 1 there", CUT)
    ),
    "poscar of more atoms than lines": Case(
        "POSCAR",
        POSCAR.replace("1 1", "1 99999999999").encode(),
        ("POSCAR, structure 0: says that it has 100000000000 atoms", CUT),
    ),
    "cut cif": Case(
        "a.cif",
        SAMPLES["a.cif"][: SAMPLES["a.cif"].index(b"_atom_site_fract_y")],
        ("a.cif, structure 0: data block 'image0' has coordinates, but not all", "correct or"),
    ),
    "cut trajectory": Case(
        "a.traj", SAMPLES["a.traj"][:500], ("a.traj, structure 0: cannot be read as traj", CUT)
    ),
    "trajectory of more numbers than bytes": Case(
        "a.traj",
        SAMPLES["a.traj"] + b'{"__ndarray__": [[9999, 9999999], "float64", 1]}',
        ("a.traj: names an array of 99989990001 numbers", "may be damaged"),
    ),
    "trajectory that would be unpickled": Case(
        "a.traj", b"PickleTrajectory...", ("a.traj: a trajectory of before ASE 3.10", TRUST)
    ),
    "cut database": Case(
        "a.db", SAMPLES["a.db"][:9000], ("a.db: cannot be read as a database", "may be damaged")
    ),
    "cut json": Case("a.json", SAMPLES["a.json"][:-80], ("a.json: not JSON", CUT)),
    # energies
    "stated unit": Case(
        "a.extxyz",
        after_good(extxyz(LI, S, energy=-0.28, energy_unit="Hartree")),
        ("a.extxyz, structure 1: says energy_unit = 'Hartree', but", "set the right one"),
    ),
    "mixed units": Case(
        "a.extxyz",
        b"".join(extxyz(LI, S, energy=e) for e in (-300.0, -300.5, -300 / 27.2114)),
        ("a.extxyz, structure 2 and a.extxyz, structure 0: both are LiS", "to one unit"),
    ),
    "energy is no number": Case(
        "a.extxyz",
        after_good(extxyz(LI, S, dft="low")),
        ("a.extxyz, structure 1: dft = 'low' is not a finite number", "correct it"),
        parameters={"energy_key": "dft"},
    ),
    "energies missing": Case(
        "a.extxyz",
        after_good(extxyz(LI, S), extxyz(LI)),
        ("a.extxyz, structure 1 and 1 others: no energy, of 3 structures", "energy_key: null"),
        step="formation",
    ),
    # too few, too much
    "one structure": Case(
        "a.extxyz",
        after_good(),
        ("1 of 1 structure(s) belong to a-whole; at least two are needed", "add structures"),
        step="subset",
    ),
    "cutoff beyond all measure": Case(
        "a.extxyz",
        after_good(extxyz(LI, S)),
        ("a.extxyz, structure 0: 2 atoms have about 1.3e+14 pairs", "4 GiB", "lower the cutoff"),
        step="sites",
        parameters={
            "laed": {"family": "chebyshev", "weights": {"Li": 0, "S": 1}, "radial_cutoff": 1e5}
        },
    ),
    # archives
    "name that leads out": Case(
        "a.tar",
        tar({"../a.xsf": xsf().encode()}),
        ("a.tar, member '../a.xsf': its name leads out of the archive", ANEW),
    ),
    "name that leads out of a zip": Case(
        "a.zip",
        zipped({"set/../../a.xsf": xsf().encode()}),
        ("a.zip, member 'set/../../a.xsf': its name leads out of the archive", ANEW),
    ),
    "name that leads out on Windows": Case(
        "a.zip",
        zipped({"set\\..\\..\\a.xsf": xsf().encode()}),
        ("a.zip, member ", "its name leads out of the archive", ANEW),
    ),
    "absolute name": Case(
        "a.tar", tar({"/etc/a.xsf": b""}), ("a.tar, member '/etc/a.xsf': an absolute name", ANEW)
    ),
    "absolute name in a zip": Case(
        "a.zip", zipped({"/etc/a.xsf": b""}), ("a.zip, member '/etc/a.xsf': an absolute", ANEW)
    ),
    "absolute name of Windows": Case(
        "a.zip", zipped({"C:\\a.xsf": b""}), ("a.zip, member ", "an absolute name", ANEW)
    ),
    "link": Case(
        "a.tar", link(tarfile.SYMTYPE), ("a.tar, member 'frame.xsf': a link, not a file", ANEW)
    ),
    "hard link": Case(
        "a.tar", link(tarfile.LNKTYPE), ("a.tar, member 'frame.xsf': a hard link, not a", ANEW)
    ),
    "pipe": Case("a.tar", link(tarfile.FIFOTYPE), ("a.tar, member 'frame.xsf': a pipe, not", ANEW)),
    "device": Case(
        "a.tar", link(tarfile.CHRTYPE), ("a.tar, member 'frame.xsf': a device, not a file", ANEW)
    ),
    "link in a zip": Case(
        "a.zip", zip_with(stat.S_IFLNK), ("a.zip, member 'frame.xsf': a link, not a file", ANEW)
    ),
    "pipe in a zip": Case(
        "a.zip", zip_with(stat.S_IFIFO), ("a.zip, member 'frame.xsf': a pipe, not a file", ANEW)
    ),
    "bomb": Case(
        "a.xsf.xz",
        lzma.compress(ZEROS),
        ("a.xsf.xz: unpacks to more than 20 times its size", TRUST),
        limits=BOMB,
    ),
    "bomb in a tar": Case(
        "a.tar.gz",
        tar({"notes": ZEROS, "a.xsf": xsf().encode()}, "gz"),
        ("a.tar.gz: unpacks to more than 20 times its size", TRUST),
        limits=BOMB,
    ),
    "bomb in a zip": Case(
        "a.zip",
        zipped({"a.xsf": ZEROS}),
        ("a.zip: unpacks to more than 20 times its size", TRUST),
        limits=BOMB,
    ),
    "bomb of many files": Case(
        "a.zip",
        zipped({f"{k}.xsf": xsf().encode() + bytes(8000) for k in range(20)}),
        ("a.zip: unpacks to more than 100,000 bytes", TRUST),
        limits=FULL,
    ),
    "bomb in a member": Case(
        "a.tar",
        tar({"a.xsf.gz": gzip.compress(ZEROS)}),
        ("a.tar/a.xsf.gz: unpacks to more than 20 times its size", TRUST),
        limits=BOMB,
    ),
    "sparse bomb": Case(
        "a.tar", sparse_tar, ("a.tar: unpacks to more than 100,000 bytes", TRUST), limits=FULL
    ),
    "compressed file that is too large": Case(
        "a.xsf.gz",
        gzip.compress(np.random.default_rng(0).bytes(200_000)),
        ("a.xsf.gz: unpacks to more than 100,000 bytes", TRUST),
        limits=FULL,
    ),
    "too many members": Case(
        "a.tar",
        tar({f"{k}.xsf": xsf().encode() for k in range(20)}),
        ("a.tar: lists more than 10 members", TRUST),
        limits={"unpacking.LARGEST_NUMBER_OF_MEMBERS": 10},
    ),
    "too many members of a zip": Case(
        "a.zip",
        zipped({f"{k}.xsf": xsf().encode() for k in range(20)}),
        ("a.zip: lists more than 10 members", TRUST),
        limits={"unpacking.LARGEST_NUMBER_OF_MEMBERS": 10},
    ),
    "cut between members": Case(
        "a.tar", tar({"a.xsf": b"x" * 512, "b.xsf": b""})[:1024], ("a.tar: cannot be unpacked", CUT)
    ),
    "bad header between members": Case(
        "a.tar",
        SAMPLES["a.tar"][:1024] + b"bad" * 200 + SAMPLES["a.tar"][1624:],
        ("a.tar: cannot be unpacked (", CUT),
    ),
    "archives in archives": Case(
        "a.zip", nested(9), ("a.zip/inner.zip: the format cannot be told", "give a format")
    ),
    "garbage in folders": Case(
        "a.zip",
        zipped({"a/" * 200 + "b.xsf": b"\x00\xff"}),
        ("a.zip/a/a/", "not a text file", "leaves this file out"),
    ),
    # databases
    "no database of ASE": Case(
        "a.db",
        db_with("DROP TABLE systems"),
        ("a.db: an SQLite file without a table 'systems'", "give a database of ASE"),
    ),
    "view in place of the table": Case(
        "a.db",
        view_database,
        ("a.db: an SQLite file without a table 'systems'", "give a database of ASE"),
    ),
    "column missing": Case(
        "a.db",
        db_with("ALTER TABLE systems RENAME COLUMN positions TO places"),
        ("a.db: its table of structures has no column positions", "give a database of ASE"),
    ),
    "database of the future": Case(
        "a.db",
        db_with("UPDATE information SET value='99' WHERE name='version'"),
        ("a.db: a database of version 99, not 5 to 9", "convert it"),
    ),
    "positions of another length": Case(
        "a.db",
        db_with("UPDATE systems SET positions=? WHERE id=2", bytes(48)),
        ("a.db, structure 1: positions are not 3 rows of 3 numbers", REMOVE),
    ),
    "text in place of an array": Case(
        "a.db",
        db_with("UPDATE systems SET numbers='LiS' WHERE id=2"),
        ("a.db, structure 1: numbers is not an array", REMOVE),
    ),
    "strange periodicity": Case(
        "a.db",
        db_with("UPDATE systems SET pbc=9 WHERE id=2"),
        ("a.db, structure 1: pbc is not a number from 0 to 7", REMOVE),
    ),
    "pairs that are no json": Case(
        "a.db",
        db_with("UPDATE systems SET key_value_pairs='{' WHERE id=2"),
        ("a.db, structure 1: key_value_pairs: not JSON", CUT),
    ),
    "json of another kind": Case(
        "a.json", b'{"lattice": []}', ("a.json: not a database of ASE in JSON", "give another")
    ),
    "row missing": Case(
        "a.json", b'{"ids": [1, 2], "1": {}}', ("a.json, structure 0: there are no atoms", "remove")
    ),
    "row that is not there": Case(
        "a.json", b'{"ids": [3]}', ("a.json, structure 0: row 3 is missing", "is damaged")
    ),
    "array that is larger than its numbers": Case(
        "a.json",
        json_with(cell={"__ndarray__": [[99999999999], "float64", [1]]}),
        ("a.json, structure 0: cell is not an array", REMOVE),
    ),
    "numbers that are none": Case(
        "a.json",
        json_with(numbers=["Li", {}]),
        ("a.json, structure 0: numbers are not right", REMOVE),
    ),
    "numbers between elements": Case(
        "a.json",
        json_with(numbers=[3.5, 16]),
        ("a.json, structure 0: numbers are not atomic numbers", REMOVE),
    ),
    "deep json": Case("a.json", b"[" * 100_000, ("a.json: not JSON", CUT)),
    # ready-made LAEDs: matrices
    "npy of too few bytes": Case(
        "a.npy",
        SAMPLES["a.npy"][:-8],
        ("a.npy: a .npy file of 112 bytes where its header promises 120", WRITE_NPY),
        step="ready",
    ),
    "npy that promises all memory": Case(
        "a.npy",
        header_of((99999999999, 99999)),
        ("a.npy: a .npy file of 120 bytes where its header promises", WRITE_NPY),
        step="ready",
    ),
    "npy that is pickled": Case(
        "a.npy",
        npy(np.array([[{}], [[]]], dtype=object), allow_pickle=True),
        ("a.npy: a .npy file of object, not of floating-point numbers", WRITE_NPY),
        step="ready",
    ),
    "pickle in place of npy": Case(
        "a.npy", b"\x80\x04N.", ("a.npy: a .npy file without a header", WRITE_NPY), step="ready"
    ),
    "npy of whole numbers": Case(
        "a.npy",
        npy(np.ones((5, 3), int)),
        ("a.npy: a .npy file of int64, not of floating-point", WRITE_NPY),
        step="ready",
    ),
    "npy of one dimension": Case(
        "a.npy",
        npy(np.ones(15)),
        ("a.npy: a .npy file of shape (15,), not (atoms", WRITE_NPY),
        "ready",
    ),
    "npy with an expression for a header": Case(
        "a.npy",
        SAMPLES["a.npy"].replace(b"False", b"f(0) "),
        ("a.npy: a .npy file without a header that can be read", WRITE_NPY),
        step="ready",
    ),
    "npy of other structures": Case(
        "a.npy",
        npy(laeds()[:4]),
        ("a.npy: 4 rows, but the 2 structures have 5 atoms", OTHER),
        step="ready",
    ),
    "npy with nan": Case(
        "a.npy",
        npy(np.where(laeds() == 11.0, np.nan, laeds())),
        ("a.npy, structure 1, atom 1: column 1 of the LAED is not finite", "remove the structure"),
        step="ready",
    ),
    # ready-made LAEDs: tables
    "cut parquet": Case(
        "a.parquet",
        SAMPLES["a.parquet"][:-100],
        ("a.parquet: cannot be read as Parquet", CUT),
        step="ready",
    ),
    "no parquet": Case(
        "a.parquet", BOTH, ("a.parquet: cannot be read as Parquet", CUT), step="ready"
    ),
    "no elements": Case(
        "a.parquet",
        parquet({k: v for k, v in site_columns().items() if k != "element"}),
        ("a.parquet: has no column element", COLUMNS),
        step="ready",
    ),
    "no components": Case(
        "a.parquet",
        parquet({k: v for k, v in site_columns().items() if "_" not in k}),
        ("a.parquet: has no columns of components", COLUMNS),
        step="ready",
    ),
    "component of text": Case(
        "a.parquet",
        columns_with(x_1=["a"] * 5),
        ("a.parquet: has a column x_1 that is string, not floats", COLUMNS),
        step="ready",
    ),
    "component nan": Case(
        "a.parquet",
        columns_with(x_1=[1.0, 2.0, 3.0, float("nan"), 5.0]),
        ("a.parquet, structure 1, atom 1: x_1 is missing or not finite", "remove the structure"),
        step="ready",
    ),
    "component missing": Case(
        "a.parquet",
        columns_with(x_1=[1.0, None, 3.0, 4.0, 5.0]),
        ("a.parquet, structure 0, atom 1: x_1 is missing or not finite", "remove the structure"),
        step="ready",
    ),
    "element missing": Case(
        "a.parquet",
        columns_with(element=["Li", None, "S", "S", "S"]),
        ("a.parquet: has rows without element", COLUMNS),
        step="ready",
    ),
    "element unknown": Case(
        "a.parquet",
        columns_with(element=["Li", "S", "Li", "Xx", "S"]),
        ("a.parquet, structure 1, atom 1: 'Xx' is not an element", "give chemical symbols"),
        step="ready",
    ),
    "structures out of order": Case(
        "a.parquet",
        columns_with(structure=[1, 1, 0, 0, 0]),
        ("a.parquet, structure 0: its rows say structure 1", "number the structures from 0"),
        step="ready",
    ),
    "structures in pieces": Case(
        "a.parquet",
        parquet(
            {k: v for k, v in site_columns().items() if k != "atom"}
            | {"structure": [0, 1, 0, 1, 1]}
        ),
        ("a.parquet, structure 2: its rows say structure 0", "rows of each together"),
        step="ready",
    ),
    "atoms out of order": Case(
        "a.parquet",
        columns_with(atom=[0, 1, 0, 2, 1]),
        ("a.parquet, structure 1, atom 1: its row says atom 2", "order of the atoms"),
        step="ready",
    ),
    "table of no rows": Case(
        "a.parquet",
        parquet({k: [] for k in site_columns()}),
        ("a.parquet: has ", COLUMNS),
        step="ready",
    ),
    "parquet bomb": Case(
        "a.parquet",
        parquet({"structure": [0] * 50_000, "element": ["Li"] * 50_000, "x": [0.5] * 50_000}),
        ("a.parquet: unpacks to more than 5 times its size", TRUST),
        step="ready",
        limits={"unpacking.RATIO_COUNTS_FROM": 100, "unpacking.LARGEST_RATIO": 5},
    ),
    "other number of atoms": Case(
        "a.parquet",
        SAMPLES["a.parquet"],
        ("a.parquet, structure 1: LAEDs of 3 atoms, but the structure has 2", OTHER),
        step="ready",
        parameters={"structures": [crystals()[0]] * 2},
    ),
    "other elements": Case(
        "a.train.ascii",
        TRAINING_SET.encode(),
        ("a.train.ascii, structure 0, atom 0: an LAED of Li, but the structure has S", OTHER),
        step="ready",
        parameters={"structures": [crystals()[0][[1, 0]], crystals()[1]]},
    ),
    "fewer structures": Case(
        "a.parquet",
        SAMPLES["a.parquet"],
        ("a.parquet, structure 1: there are only 1 structures", "give those that"),
        step="ready",
        parameters={"structures": crystals()[:1]},
    ),
    "more structures": Case(
        "a.parquet",
        SAMPLES["a.parquet"],
        ("a.parquet: has LAEDs of 2 structures, but 3 are given", "give those that"),
        step="ready",
        parameters={"structures": [*crystals(), pair()]},
    ),
    "matrix alone": Case(
        "a.txt.npz",
        b"",
        ("a.txt.npz: ready-made LAEDs are read from .parquet, .npy", "convert"),
        "ready",
    ),
    # ready-made LAEDs: training sets of aenet
    "cut training set": Case(
        "a.train.ascii",
        TRAINING_SET[: TRAINING_SET.index("xsf/second.xsf") + 70].encode(),
        ("a.train.ascii, structure 1, atom 0, line 28: the file ends before", "is cut off"),
        step="ready",
    ),
    "training set without its last values": Case(
        "a.train.ascii",
        "\n".join(TRAINING_SET.splitlines()[:-1]).encode(),
        ("a.train.ascii, structure 1, atom 2, line 41: the file ends before", "is cut off"),
        step="ready",
    ),
    "normalised training set": Case(
        "a.train.ascii",
        trainset(" F\n", " T\n"),
        ("a.train.ascii: the training set is normalised", "convert the original one"),
        step="ready",
    ),
    "other number of values": Case(
        "a.train.ascii",
        trainset("3\n  4.0", "2\n  4.0"),
        ("a.train.ascii, structure 0, atom 1, line 23: 2 descriptor values, 3 of the atoms", AENET),
        step="ready",
    ),
    "more values than announced": Case(
        "a.train.ascii",
        trainset("-3.00000000000000000E+00", "-3.0 1.0"),
        ("a.train.ascii, structure 0, atom 0, line 19: 4 items in place of 3", AENET),
        step="ready",
    ),
    "fewer values than announced": Case(
        "a.train.ascii",
        trainset("  2.00000000000000000E+00 -3.0", " -3.0"),
        ("a.train.ascii, structure 0, atom 1, line 21: 3 items in place of", AENET),
        step="ready",
    ),
    "values for all memory": Case(
        "a.train.ascii",
        trainset("           3\n  1.0", "  999999999999\n  1.0"),
        ("a.train.ascii, structure 0, atom 0, line ", "is cut off"),
        step="ready",
    ),
    "atoms for all memory": Case(
        "a.train.ascii",
        trainset("           2           2\n", "  999999999999  2\n"),
        ("a.train.ascii, structure 0, atom 2, line 25: 'xsf/second.xsf' in place of", AENET),
        step="ready",
    ),
    "value nan": Case(
        "a.train.ascii",
        trainset("4.00000000000000000E+00", "nan"),
        ("a.train.ascii, structure 0, atom 1, line 24: 'nan' is not a finite number", AENET),
        step="ready",
    ),
    "value that is no number": Case(
        "a.train.ascii",
        trainset("4.00000000000000000E+00", "4.0E"),
        ("a.train.ascii, structure 0, atom 1, line 24: '4.0E' is not a number", AENET),
        step="ready",
    ),
    "element beyond the list": Case(
        "a.train.ascii",
        trainset("           2\n   2.0", "           3\n   2.0"),
        ("a.train.ascii, structure 0, atom 1, line 20: '3' in place of the number of the", AENET),
        step="ready",
    ),
    "unknown element": Case(
        "a.train.ascii",
        trainset("\nS\n", "\nQq\n"),
        ("a.train.ascii, header, line 7: 'Qq' in place of another element", AENET),
        step="ready",
    ),
    "number of elements that differs": Case(
        "a.train.ascii",
        trainset("           2           2\n", "           2           1\n"),
        ("a.train.ascii, structure 0, line 24: the atoms are of 2 elements, not the 1", AENET),
        step="ready",
    ),
    "fewer structures than announced": Case(
        "a.train.ascii",
        trainset("           2\n  -3.0", "           3\n  -3.0"),
        ("a.train.ascii, structure 2, line 42: the file ends before", "is cut off"),
        step="ready",
    ),
    "more structures than announced": Case(
        "a.train.ascii",
        trainset("           2\n  -3.0", "           1\n  -3.0"),
        ("a.train.ascii, after structure 0, line 25: more than the 1 structures", AENET),
        step="ready",
    ),
    "other number of atoms in all": Case(
        "a.train.ascii",
        trainset("           5\n", "           6\n"),
        ("a.train.ascii, after structure 1, line 42: the structures have 5 atoms", AENET),
        step="ready",
    ),
    "endless line": Case(
        "a.train.ascii",
        b"a" * 2000,
        ("a.train.ascii, header, line 1: a line of more than 1000 characters", AENET),
        step="ready",
        limits={"gmd.local.aenet_training_set.LONGEST_LINE": 1000},
    ),
    "no such file": Case(
        "a.train.ascii",
        lambda path: None,
        ("", "a.train.ascii: there is no such file", "correct the path"),
        step="ready",
        error=FileNotFoundError,
    ),
    "no such folder": Case(
        "set",
        lambda path: None,
        ("", "set: there is no such file or folder", "correct the path"),
        error=FileNotFoundError,
    ),
    "pipe for a file": Case(
        "a.extxyz",
        os.mkfifo,
        ("", "a.extxyz: neither a file nor a folder", "correct the path"),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_bad_input_is_named_and_leaves_nothing(tmp_path, monkeypatch, case: Case) -> None:
    folder, output = tmp_path / "input", tmp_path / "output"
    folder.mkdir()
    path = folder / case.name
    if isinstance(case.contents, bytes):
        path.write_bytes(case.contents)
    else:
        case.contents(path)
    for name, value in case.limits.items():
        module = name if name.startswith("gmd.") else f"gmd.structures.{name}"
        monkeypatch.setattr(module, value)
    before, files = leftovers(), sorted(folder.iterdir())
    with pytest.raises(case.error) as caught:
        run_steps(path, case.step, case.parameters, case.source)
    message = str(caught.value)
    assert not INTERNALS.search(message)
    assert message.startswith(case.says[0])
    for part in case.says[1:]:
        assert part in message
    assert not (output / f"{case.step}.parquet").exists()
    assert not list(tmp_path.rglob("*.partial*"))
    assert leftovers() == before
    assert sorted(folder.iterdir()) == files
