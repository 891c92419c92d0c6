#!/usr/bin/env bash
# ASE 3.29.0: the cell of every slab in an NWChem input is read wrongly.
#
# Expected: a slab that ASE writes as an NWChem input ("system surface", with the lengths of two cell
# vectors and the angle gamma between them in degrees) is the same slab when ASE reads the file.
# Seen: the reader takes the sine and cosine of the degrees as if they were radians. A square cell of
# 4 Å x 4 Å comes back with an angle of 116.6 degrees, and as the positions are relative to the cell,
# the distances between atoms change too. There is no warning.
# It matters because slabs are what NWChem's plane-wave module is fed with in catalysis, and input
# files are what is archived.

set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check ase==3.29.0
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PYTHON'
import sys

import ase
import ase.io
import numpy as np

print("ase", ase.__version__)
slab = ase.Atoms(
    "NiO", positions=[[0, 0, 4], [2, 2, 4]], cell=[4, 4, 12], pbc=[True, True, False]
)
ase.io.write("slab.nwi", slab, format="nwchem-in")
print("".join(line for line in open("slab.nwi") if "lat_" in line or "gamma" in line))
read = ase.io.read("slab.nwi", format="nwchem-in")
gamma = read.cell.angles()[2]
print("angle written, read:", slab.cell.angles()[2], gamma)
print("distance written, read:", slab.get_distance(0, 1), read.get_distance(0, 1))
as_described = abs(gamma - 90) > 20 and not np.isclose(read.get_distance(0, 1), np.sqrt(8))
sys.exit(0 if as_described else "the behaviour is no longer as described")
PYTHON
