#!/usr/bin/env bash
# ASE 3.29.0: in a PDB file of several models, only the first one is periodic.
#
# Expected: the PDB format gives the unit cell once, as CRYST1 at the beginning, and it holds for all
# models of the file. Trajectories of molecular dynamics (GROMACS, OpenMM, MDAnalysis) are written
# like this. ase.io.read(..., ":") gives every frame the cell, and as many frames as there are models.
# Seen: the first frame has the cell; all others have none and are not periodic. A file that ends with
# ENDMDL and END, as the format wants it, gives one more frame without atoms.
# It matters because a crystal or liquid is read as a cluster from the second frame on: every atom
# near a face of the box loses its neighbours, and no error says so.

set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check ase==3.29.0
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PYTHON'
import io
import sys

import ase
import ase.io

print("ase", ase.__version__)
atom = "ATOM      1  C   MOL     1    {:8.3f}{:8.3f}{:8.3f}  1.00  0.00           C  \n"
cell = "CRYST1   10.000   10.000   10.000  90.00  90.00  90.00 P 1           1\n"
models = "".join(
    f"MODEL     {number:4d}\n{atom.format(0.1 * number, 0, 0)}ENDMDL\n" for number in (1, 2, 3)
)
frames = ase.io.read(io.StringIO(cell + models + "END\n"), ":", format="proteindatabank")
for number, frame in enumerate(frames):
    print(number, "atoms:", len(frame), "periodic:", frame.pbc.tolist(), frame.cell.lengths())
as_described = [bool(frame.pbc.all()) for frame in frames] == [True, False, False, False]
sys.exit(0 if as_described and len(frames[3]) == 0 else "the behaviour is no longer as described")
PYTHON
