"""Rows of quippy's descriptors, in a process of its own: its Fortran ends the one it runs in.

``python quippy_rows.py REQUEST OUTPUT``: REQUEST is a JSON file with ``descriptors``, a list of
quippy's descriptor strings, and ``structures``, a list of ``numbers``, ``positions``, ``cell`` and
``pbc``. Into the folder OUTPUT go the rows of all atoms, ``0.npy`` for the first descriptor.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import ase
import numpy as np
from quippy.descriptors import Descriptor


def main(request: Path, output: Path) -> None:
    asked = json.loads(request.read_text())
    structures = [ase.Atoms(**settings) for settings in asked["structures"]]
    for number, text in enumerate(asked["descriptors"]):
        descriptor = Descriptor(text)
        rows = [descriptor.calc(atoms)["data"] for atoms in structures]
        np.save(output / f"{number}.npy", np.concatenate(rows), allow_pickle=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
