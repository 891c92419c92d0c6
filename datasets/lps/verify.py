"""Compute the energies of a few shipped structures again and compare them with the file's.

python verify.py --count 5
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import lzma
import sys
from io import StringIO
from pathlib import Path

import numpy as np
from ase.io import read
from energies import energy

DATA = Path(__file__).parents[2] / "src/gmd/structures/data/lps.extxyz.xz"

#: Largest difference accepted, in eV per cell of about a hundred atoms.
TOLERANCE = 1e-4


def main() -> int:
    """Run the command line; the exit status is 1 if an energy differs."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--count", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--file", type=Path, default=DATA)
    arguments = parser.parse_args()
    with lzma.open(arguments.file, "rt", encoding="utf-8") as stream:
        structures = read(StringIO(stream.read()), ":", format="extxyz")
    rng = np.random.default_rng(arguments.seed)
    worst = 0.0
    for k in sorted(rng.choice(len(structures), size=arguments.count, replace=False)):
        atoms = structures[k]
        recorded = atoms.get_potential_energy()
        again, _ = energy(atoms)
        worst = max(worst, abs(again - recorded))
        print(f"{atoms.info['name']}: {recorded:.6f} eV, again {again:.6f} eV", flush=True)
    print(f"largest difference {worst:.1e} eV, accepted {TOLERANCE:.0e} eV")
    return int(worst > TOLERANCE)


if __name__ == "__main__":
    sys.exit(main())
