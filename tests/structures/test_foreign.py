"""Formats that are recognised in order to say how to convert them."""

from __future__ import annotations

import json

import ase
import ase.io
import numpy as np
import pytest

from gmd.structures import StructureError, read_structures
from gmd.structures.foreign import FOREIGN
from structures.messages import check_message
from structures.sample_files import TRAINING_SET, npy, tar

LMDB = bytes(16) + b"\xde\xc0\xef\xbe" + bytes(100)
PYMATGEN = {"@module": "pymatgen.core.structure", "@class": "Structure", "lattice": {}, "sites": []}
JARVIS = {"jid": "JVASP-1", "atoms": {"lattice_mat": [[4, 0, 0]], "coords": [], "elements": []}}
OPTIMADE = {
    "data": [{"type": "structures", "attributes": {"cartesian_site_positions": [[0, 0, 0]]}}],
    "meta": {},
}
ML_AB = """\
 1.0 Version
**************************************************
     The number of configurations
--------------------------------------------------
          1
"""
MTP = """\
BEGIN_CFG
 Size
    1
 Supercell
    4.0 0.0 0.0
"""

FILES = {
    "deepmd": {
        "system/type.raw": b"0\n1\n",
        "system/type_map.raw": b"Li\nF\n",
        "system/set.000/box.npy": npy(np.eye(3)),
    },
    "aselmdb": {"a.aselmdb": LMDB, "a.lmdb": LMDB},
    "pymatgen": {
        "a.json": json.dumps(PYMATGEN).encode(),
        "entries.json": json.dumps([{"structure": PYMATGEN}], indent=1).encode(),
    },
    "jarvis": {"a.json": json.dumps([JARVIS]).encode()},
    "optimade": {"a.json": json.dumps(OPTIMADE).encode(), "a.txt": json.dumps(OPTIMADE).encode()},
    "ml_ab": {"ML_AB": ML_AB.encode(), "ML_ABN.txt": ML_AB.encode()},
    "mtp": {"train.cfg": MTP.encode(), "train.txt": MTP.encode()},
    "aenet": {"a.train.ascii": TRAINING_SET.encode()},
}
WAYS = {
    "deepmd": ("dpdata", "slab is converted to a bulk crystal", "molecule with a crystal"),
    "aselmdb": ("ase-db-backends",),
    "pymatgen": ("AseAtomsAdaptor.get_atoms",),
    "jarvis": ("Atoms.from_dict(entry['atoms']).ase_converter()",),
    "optimade": ("Structure(entry).convert('ase')",),
    "ml_ab": ("vasprun.xml or OUTCAR",),
    "mtp": ("type numbers instead of elements", "maml"),
    "aenet": ("ready-made LAEDs",),
}


def test_all_are_tried() -> None:
    assert FILES.keys() == WAYS.keys() == FOREIGN.keys()


@pytest.mark.parametrize(
    ("key", "name"), [(key, name) for key, files in FILES.items() for name in files]
)
@pytest.mark.parametrize("packing", ["file", "folder", "tar"])
def test_the_way_forward_is_named(tmp_path, key, name, packing) -> None:
    contents = FILES[key][name]
    if packing == "tar":
        path = tmp_path / "set.tar"
        path.write_bytes(tar({name: contents}))
        where = f"set.tar/{name}"
    else:
        file = tmp_path / "set" / name
        file.parent.mkdir(parents=True)
        file.write_bytes(contents)
        path = file if packing == "file" else tmp_path / "set"
        where = file.name if packing == "file" else f"set/{name}"
    with pytest.raises(StructureError) as caught:
        read_structures(path)
    message = str(caught.value)
    check_message(message, where)
    assert FOREIGN[key].what in message
    for part in WAYS[key]:
        assert part in message


def test_a_deepmd_folder_is_recognised_whatever_comes_first(tmp_path) -> None:
    for name, contents in FILES["deepmd"].items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents)
    with pytest.raises(StructureError, match=r"^system/set\.000/box\.npy: part of a DeePMD-kit"):
        read_structures(tmp_path / "system")


def test_atomeye_and_json_of_ase_are_read(tmp_path) -> None:
    atoms = ase.Atoms("LiF", positions=[[0, 0, 0], [2, 0, 0]], cell=[5, 5, 5], pbc=True)
    for name in ("a.cfg", "a.json"):
        ase.io.write(tmp_path / name, atoms)
        assert len(read_structures(tmp_path / name)) == 1
