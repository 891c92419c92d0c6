"""Formats that are recognised only to explain how to convert them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import NamedTuple

from gmd.structures.archives import FoundFile
from gmd.structures.checks import StructureError

_DEEPMD_NAMES = {"type.raw", "type_map.raw", "coord.raw", "box.raw", "energy.raw", "force.raw"}
_LMDB_MAGIC = b"\xde\xc0\xef\xbe"  # in the file's first page, behind the page's header
_JSON = re.compile(rb"\s*[{\[]")
_PYMATGEN = re.compile(rb'"@module"\s*:\s*"(?:pymatgen|emmet)\b')
_JARVIS = re.compile(rb'"lattice_mat"\s*:')
_OPTIMADE = re.compile(rb'"(?:cartesian_site_positions|species_at_sites)"\s*:')
_ML_AB = re.compile(rb"\s*\S+ Version\s+\*+\s+The number of configurations")


class ForeignFormat(NamedTuple):
    """A format that cannot be read.

    Attributes
    ----------
    what : str
        What the file is.
    way : str
        How to convert it into a format that can be read.
    recognise : callable
        Called with the path inside the folder or archive and the first bytes.
    """

    what: str
    way: str
    recognise: Callable[[PurePosixPath, bytes], bool]


def _is_json(mark: re.Pattern[bytes]) -> Callable[[PurePosixPath, bytes], bool]:
    return lambda _, head: bool(_JSON.match(head) and mark.search(head))


def _is_deepmd(path: PurePosixPath, head: bytes) -> bool:
    in_set = path.parent.name.startswith("set.") and head.startswith(b"\x93NUMPY")
    return in_set or path.name in _DEEPMD_NAMES


FOREIGN: dict[str, ForeignFormat] = {
    "deepmd": ForeignFormat(
        "part of a DeePMD-kit system (type.raw, set.*/coord.npy)",
        "convert every system folder with dpdata: ase.io.write('system.extxyz', "
        "dpdata.LabeledSystem(FOLDER, fmt='deepmd/npy').to_ase_structure()); the format does not "
        "store which directions are periodic, so a slab is converted to a bulk crystal (set pbc "
        "yourself), and dpdata.MultiSystems merges a molecule with a crystal of the same formula",
        _is_deepmd,
    ),
    "aselmdb": ForeignFormat(
        "an LMDB database of ASE (.aselmdb)",
        "install ase-db-backends and write its structures as extended XYZ: ase.io.write("
        "'a.extxyz', [row.toatoms() for row in ase.db.connect('a.aselmdb').select()])",
        lambda path, head: path.suffix == ".aselmdb" or head[16:20] == _LMDB_MAGIC,
    ),
    "pymatgen": ForeignFormat(
        "a JSON file of pymatgen",
        "convert it with pymatgen: AseAtomsAdaptor.get_atoms(structure) of pymatgen.io.ase for "
        "every structure, then ase.io.write('a.extxyz', atoms)",
        _is_json(_PYMATGEN),
    ),
    "jarvis": ForeignFormat(
        "a JSON file of JARVIS",
        "convert it with jarvis-tools: Atoms.from_dict(entry['atoms']).ase_converter() of "
        "jarvis.core.atoms for every entry, then ase.io.write('a.extxyz', atoms)",
        _is_json(_JARVIS),
    ),
    "optimade": ForeignFormat(
        "a JSON response of an OPTIMADE server",
        "convert it with optimade: Structure(entry).convert('ase') of "
        "optimade.adapters.structures for every entry of 'data', then "
        "ase.io.write('a.extxyz', atoms)",
        _is_json(_OPTIMADE),
    ),
    "ml_ab": ForeignFormat(
        "training data of VASP's machine-learned force field (ML_AB)",
        "use the vasprun.xml or OUTCAR files of the original runs",
        lambda _, head: bool(_ML_AB.match(head)),
    ),
    "mtp": ForeignFormat(
        "configurations for an MTP (the .cfg format of MLIP, not of AtomEye)",
        "it has type numbers instead of elements; convert it with maml: p = MTPotential() of "
        "maml.apps.pes, p.elements = [...] in the order of the types; p.read_cfgs(FILE)[0] "
        "contains pymatgen structures and energies; write both as extended XYZ",
        lambda _, head: head.lstrip().startswith(b"BEGIN_CFG"),
    ),
    "aenet": ForeignFormat(
        "a training set of aenet",
        "use it as ready-made LAEDs (gmd.local)",
        lambda path, _: path.name.endswith(".train.ascii"),
    ),
}
"""Formats that are recognised and refused, by a short name."""


def check_not_foreign(file: FoundFile, head: bytes) -> None:
    """Refuse a file of a format that is known but cannot be read.

    Parameters
    ----------
    file : FoundFile
        The file.
    head : bytes
        Its beginning.

    Raises
    ------
    StructureError
        For such a file; the message explains how to convert it.
    """
    path = PurePosixPath(file.where).with_name(file.name)
    if file.path is not None:
        path = PurePosixPath(file.path.absolute().as_posix())
    for form in FOREIGN.values():
        if form.recognise(path, head):
            raise StructureError(f"{file.where}: {form.what}; {form.way}")
