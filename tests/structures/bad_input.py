"""What the table of bad input is made of: files, and the steps of a study that they go through."""

from __future__ import annotations

import io
import stat
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from snakemake.iocontainers import InputFiles, OutputFiles, Params

from gmd.local import read_ready_sites, ready_structures
from scripts.descriptors import descriptors
from scripts.formation import formation
from scripts.imbalance import imbalance
from scripts.ingest import ingest
from scripts.sites import sites
from scripts.subset import subset
from structures.sample_files import crystals

WEIGHTS = {"Li": -1.0, "S": 1.0}

# every step with the one whose output it takes, and its parameters
STEPS: dict[str, tuple[Callable[[Any], None], str | None, dict[str, Any]]] = {
    "ingest": (
        ingest,
        None,
        {"energy_key": "energy", "energy_unit": "eV", "drop_duplicates": False},
    ),
    "subset": (subset, "ingest", {"elements": ["Li", "S"], "definition": {}}),
    "formation": (
        formation,
        "subset",
        {"elements": ["Li", "S"], "references": {"mode": "fitted"}},
    ),
    "sites": (
        sites,
        "subset",
        {
            "laed": {
                "family": "chebyshev",
                "weights": WEIGHTS,
                "radial_cutoff": 4.0,
                "n_radial": 2,
                "angular_cutoff": 3.0,
                "n_angular": 1,
            }
        },
    ),
    "descriptors": (
        descriptors,
        "sites",
        {"space": {"weights": WEIGHTS, "elements": ["Li", "S"], "max_outer": 1, "max_inner": 1}},
    ),
    "imbalance": (imbalance, "descriptors", {"normalization": "zscore", "n_neighbours": 1}),
}


class Case(NamedTuple):
    """Something bad, and what is said of it.

    Attributes
    ----------
    name : str
        The file's.
    contents : bytes, or callable that writes to a path
    says : tuple of str
        Beginning of the message, and what else is in it.
    step : str
        Which step refuses it: one of :data:`STEPS`, or ``ready``.
    parameters : mapping
        Of that step, in place of the usual ones.
    source : mapping
        How the file is read, if another step than the reading refuses it.
    limits : mapping
        Module constants to lower.
    error : type
        What is raised.
    """

    name: str
    contents: bytes | Callable[[Path], None]
    says: tuple[str, ...]
    step: str = "ingest"
    parameters: Mapping[str, Any] = {}
    source: Mapping[str, Any] = {}
    limits: Mapping[str, Any] = {}
    error: type[Exception] = ValueError


def leftovers() -> set[Path]:
    """Temporary files of ours."""
    return set(Path(tempfile.gettempdir()).glob("gmd-*"))


def run_steps(
    path: Path, last: str, parameters: Mapping[str, Any], source: Mapping[str, Any]
) -> Path:
    """Take a file through a study up to a step, with the scripts of its rules.

    Returns
    -------
    Path
        The last output; the earlier ones are beside it.
    """
    if last == "ready":
        given = crystals() if path.suffix == ".npy" else None
        given = parameters.get("structures", given)
        for _ in read_ready_sites(path, given):
            pass
        if path.suffix != ".npy":
            ready_structures(path)
        return path
    script, before, usual = STEPS[last]
    settings = {**usual, **parameters}
    inputs, data = {}, [str(path)]
    if before is None:
        settings = {"source": dict(source), **settings}
    else:
        inputs, data = {"structures": str(run_steps(path, before, {}, source))}, []
    output = path.parent.parent / "output" / f"{last}.parquet"
    step = {"rule": last, "wildcards": {}, "digest": "", "chain": [], "settings": settings}
    script(
        SimpleNamespace(
            input=InputFiles(fromdict=inputs),
            output=OutputFiles(fromdict={"table": str(output)}),
            params=Params(fromdict={"step": step, "data": {"paths": data}}),
            wildcards=SimpleNamespace(part="a-whole"),
            resources={},
            threads=1,
        )
    )
    return output


def extxyz(
    *rows: str, lattice: str = "5 0 0 0 5 0 0 0 5", pbc: str = "T T T", **info: Any
) -> bytes:
    """One frame; without a lattice if that is empty."""
    cell = f'Lattice="{lattice}" ' if lattice else ""
    pairs = "".join(f' {key}="{value}"' for key, value in info.items())
    head = f'{cell}Properties=species:S:1:pos:R:3 pbc="T T T"{pairs}'
    return "\n".join([str(len(rows)), head, *rows, ""]).encode()


def link(kind: bytes, target: str = "/etc/passwd") -> Callable[[Path], None]:
    """A tar archive with a member that is no file."""

    def write(path: Path) -> None:
        with tarfile.open(path, "w") as archive:
            member = tarfile.TarInfo("frame.xsf")
            member.type, member.linkname = kind, target
            archive.addfile(member)

    return write


def zip_with(mode: int) -> Callable[[Path], None]:
    """A zip archive with a member of a kind such as ``stat.S_IFLNK``."""

    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            member = zipfile.ZipInfo("frame.xsf")
            member.external_attr = (mode | stat.S_IRUSR) << 16
            archive.writestr(member, "/etc/passwd")

    return write


def sparse_tar(path: Path) -> None:
    """A file of 1 GiB of nothing in an archive of a few kB, by the old way of GNU tar."""
    size = 2**30
    info = tarfile.TarInfo("zeros.xsf")
    info.type = tarfile.GNUTYPE_SPARSE
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    header[386:398] = header[398:410] = b"00000000000\0"  # one piece of no bytes
    header[483:495] = b"%011o\0" % size
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    path.write_bytes(bytes(header) + bytes(2 * 512))


def nested(depth: int) -> bytes:
    """Archives in archives."""
    contents = b"1\n\nLi 0 0 0\n"
    for level in range(depth):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("a.xyz" if level == 0 else "inner.zip", contents)
        contents = stream.getvalue()
    return contents
