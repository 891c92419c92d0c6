#!/usr/bin/env bash
# dpdata 1.1.0: slabs become bulk crystals, and molecules join crystals of the same formula.
#
# Expected: a structure that goes from ASE to a DeePMD-kit folder and back keeps the directions in
# which it is periodic, and a collection of systems keeps a molecule apart from a crystal.
# Seen: a slab (periodic along two directions) comes back as periodic along all three, since the
# format and dpdata have only "periodic or not". dpdata.MultiSystems sorts by formula alone: the O2
# molecule is appended to the system of an O2 crystal and comes back as periodic, with a cell of no
# volume, if the molecule is added first. There is no warning.
# It matters because DeePMD folders are a usual way to pass training data on, and descriptors of a
# slab with images above and below are those of other atoms.

set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check dpdata==1.1.0 ase==3.29.0
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PYTHON'
import sys
from importlib.metadata import version

import ase
import dpdata
import numpy as np
from ase.calculators.singlepoint import SinglePointCalculator

print("dpdata", version("dpdata"), "ase", ase.__version__)


def with_energy(atoms, energy):
    atoms.calc = SinglePointCalculator(atoms, energy=energy, forces=np.zeros((len(atoms), 3)))
    return atoms


slab = ase.Atoms("AlAl", positions=[[0, 0, 6], [2, 2, 8]], cell=[4, 4, 14], pbc=[1, 1, 0])
system = dpdata.LabeledSystem(with_energy(slab, -1.0), fmt="ase/structure")
system.to("deepmd/npy", "slab")
(back,) = dpdata.LabeledSystem("slab", fmt="deepmd/npy").to_ase_structure()
print("slab: periodic", slab.pbc.tolist(), "->", back.pbc.tolist())

molecule = ase.Atoms("O2", positions=[[0, 0, 0], [0, 0, 1.2]])
crystal = ase.Atoms("O2", positions=[[0, 0, 0], [0, 0, 1.5]], cell=[4, 4, 4], pbc=True)
both = dpdata.MultiSystems()
for atoms, energy in ((molecule, -1.0), (crystal, -2.0)):
    both.append(dpdata.LabeledSystem(with_energy(atoms, energy), fmt="ase/structure"))
print("systems:", len(both), "for a molecule and a crystal")
first, second = both[0].to_ase_structure()
print("molecule: periodic", first.pbc.tolist(), "cell", first.cell.lengths().tolist())
merged = len(both) == 1 and first.pbc.all() and not first.cell.lengths().any()
as_described = back.pbc.all() and merged
sys.exit(0 if as_described else "the behaviour is no longer as described")
PYTHON
