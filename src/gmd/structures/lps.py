"""The embedded data set: crystals and glasses of lithium, phosphorus and sulfur."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import ase

from gmd.structures.reading import read_structures

N_LPS = 423
"""Number of its structures."""


def lps_path() -> Path:
    """Path of the embedded data set's file."""
    return Path(str(files("gmd.structures") / "data" / "lps.extxyz.xz"))


def load_lps() -> list[ase.Atoms]:
    """Li-P-S structures on and near the line (Li2S)x(P2S5)1-x, with GFN1-xTB energies.

    How they were made is told in ``src/gmd/structures/data/README.md``.

    Returns
    -------
    list of ase.Atoms
        ``info`` has ``name``, ``family`` and ``parent``; the calculator holds the total energy in
        eV, which is GFN1-xTB's and not comparable with energies of other methods.
    """
    return read_structures(lps_path())
