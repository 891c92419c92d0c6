"""Small valid files of every kind that is read, made for tests to spoil them."""

from __future__ import annotations

import gzip
import io
import lzma
import tarfile
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import ase
import ase.db
import ase.io
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from ase.calculators.singlepoint import SinglePointCalculator

N_COMPONENTS = 3


def pair(distance: float = 2.0, **settings) -> ase.Atoms:
    return ase.Atoms("LiS", positions=[[0, 0, 0], [distance, 0, 0]], **settings)


def crystals() -> list[ase.Atoms]:
    """Two structures with energies, the second larger and skewed."""
    first = pair(cell=[5, 5, 5], pbc=True)
    second = ase.Atoms(
        "Li2S",
        positions=[[0.5, 0.1, 0.0], [2.0, 2.5, 0.25], [0.0, 2.0, 3.0]],
        cell=[[5, 0, 0], [0.5, 5.5, 0], [0, -0.25, 6]],
        pbc=True,
    )
    for atoms, energy in ((first, -7.5), (second, -11.25)):
        atoms.calc = SinglePointCalculator(
            atoms, energy=energy, forces=np.full((len(atoms), 3), 0.125)
        )
    return [first, second]


def written(kind: str, structures: ase.Atoms | Sequence[ase.Atoms], **settings) -> bytes:
    """What ASE writes in a format."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        ase.io.write(path, structures, format=kind, **settings)
        return path.read_bytes()


def database(ending: str, structures: Sequence[ase.Atoms], **pairs) -> bytes:
    """A database of ASE; `pairs` are every row's key-value pairs."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{ending}"
        with ase.db.connect(path, use_lock_file=False) as connection:
            for atoms in structures:
                connection.write(atoms, key_value_pairs=pairs)
        return path.read_bytes()


def xsf(energy: str = "-12.5", x: float = 2.0) -> str:
    """One structure as aenet's programs write them."""
    return f"""\
# total energy = {energy} eV

CRYSTAL
PRIMVEC
 5.0 0.0 0.0
 0.0 5.0 0.0
 0.0 0.0 5.0
PRIMCOORD
2 1
Li 0.0 0.0 0.0 0.1 0.2 0.3
S {x} 0.0 0.0 -0.1 -0.2 -0.3
"""


POSCAR = """\
Li S
1.0
5 0 0
0 5 0
0 0 5
Li S
1 1
Direct
0 0 0
0.5 0.5 0.5
"""

TRAINING_SET = """\
sets/lps.train
 F
   1.0000000000000000
   0.0000000000000000
           2
Li
S
 -1.00000000000000000E+00 -2.50000000000000000E+00
           5
           2
  -3.0000000000000000       -1.0000000000000000       -2.0000000000000000
xsf/first.xsf
           2           2
  -4.0000000000000000
           1
   0.0000000000000000        0.0000000000000000        0.0000000000000000
   0.1000000000000000        0.0000000000000000        0.0000000000000000
           3
  1.00000000000000000E+00  2.00000000000000000E+00 -3.00000000000000000E+00
           2
   2.0000000000000000        0.0000000000000000        0.0000000000000000
  -0.1000000000000000        0.0000000000000000        0.0000000000000000
           3
  4.00000000000000000E+00  5.00000000000000000E-01  1.00000000000000000-120
xsf/second.xsf
           3           2
  -3.0000000000000000
           1
   0.5000000000000000        0.1000000000000000        0.0000000000000000
   0.0000000000000000        0.0000000000000000        0.0000000000000000
           3
  7.00000000000000000E+00  8.00000000000000000E+00  9.00000000000000000E+00
           1
   2.0000000000000000        2.5000000000000000        0.2500000000000000
   0.0000000000000000        0.0000000000000000        0.0000000000000000
           3
  1.00000000000000000E+01  1.10000000000000000E+01  1.20000000000000000E+01
           2
   0.0000000000000000        2.0000000000000000        3.0000000000000000
   0.0000000000000000        0.0000000000000000        0.0000000000000000
           3
  1.30000000000000000E+01  1.40000000000000000E+01  1.50000000000000000E+01
"""


def laeds() -> np.ndarray:
    """LAEDs of the five atoms of :func:`crystals`, those of the training set."""
    values = np.arange(1.0, 16.0).reshape(5, N_COMPONENTS)
    values[0, 2], values[1] = -3.0, [4.0, 0.5, 1e-120]
    return values


def npy(matrix: np.ndarray, **settings) -> bytes:
    stream = io.BytesIO()
    np.save(stream, matrix, **settings)
    return stream.getvalue()


def site_columns() -> dict[str, list]:
    columns: dict[str, list] = {
        "structure": [0, 0, 1, 1, 1],
        "atom": [0, 1, 0, 1, 2],
        "element": ["Li", "S", "Li", "Li", "S"],
    }
    return columns | {f"x_{c}": laeds()[:, c].tolist() for c in range(N_COMPONENTS)}


def parquet(columns: dict[str, list], **settings) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream, **settings)
    return stream.getvalue()


def tar(members: dict[str, bytes], compression: str = "") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=f"w:{compression}") as archive:
        for name, contents in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(contents)
            archive.addfile(member, io.BytesIO(contents))
    return stream.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, contents in members.items():
            archive.writestr(name, contents)
    return stream.getvalue()


def sample_files() -> dict[str, bytes]:
    """Valid files by name: what each is, its ending tells."""
    both = crystals()
    members = {"set/2.xsf": xsf().encode(), "set/10.extxyz": written("extxyz", both)}
    animated = xsf().replace("CRYSTAL", "ANIMSTEPS 1\nCRYSTAL")
    molecule = "# total energy = -1 eV\nATOMS\nLi 0 0 0\nS 2 0 0\n"
    return {
        "a.extxyz": written("extxyz", both),
        "plain.xyz": b"2\n\nLi 0 0 0\nS 0 0 2.5\n",
        "a.xsf": xsf().encode(),
        "animated.xsf": animated.encode(),
        "molecule.xsf": molecule.encode(),
        "POSCAR": POSCAR.encode(),
        "a.cif": written("cif", both),
        "a.traj": written("traj", both),
        "a.db": database("db", both, method="xtb", dft=-7.25),
        "a.json": database("json", both, method="xtb", dft=-7.25),
        "a.train.ascii": TRAINING_SET.encode(),
        "a.npy": npy(laeds()),
        "a.parquet": parquet(site_columns()),
        "a.tar": tar(members),
        "a.tar.gz": tar(members, "gz"),
        "a.tar.xz": tar(members, "xz"),
        "a.zip": zipped(members),
        "a.xsf.gz": gzip.compress(xsf().encode()),
        "a.xsf.xz": lzma.compress(xsf().encode()),
    }
