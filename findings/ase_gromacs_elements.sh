#!/usr/bin/env bash
# ASE 3.29.0: the names of atoms in GROMACS files are read as other elements.
#
# Expected: a GROMACS file (.gro) names its atoms in capitals: LI, CL, NA, ZN, FE, and MW for the
# fourth site of a water model. A reader recognises the elements, or says that it cannot.
# Seen: without a warning, LI becomes iodine, CL carbon, NA and ZN nitrogen, FE fluorine and MW
# tungsten. The reader takes the first two letters if they are a symbol as they are written, or else
# the first letter, or else the last.
# It matters because everything that follows, such as a descriptor with a weight for each element,
# is computed for a different compound.

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
names = ["LI", "CL", "NA", "ZN", "FE", "MW"]
rows = "".join(
    f"{1:5d}{'RES':<5s}{name:>5s}{i + 1:5d}{0.3 * i:8.3f}{0:8.3f}{0:8.3f}\n"
    for i, name in enumerate(names)
)
gro = f"ions\n{len(names)}\n{rows}   2.0 2.0 2.0\n"
found = ase.io.read(io.StringIO(gro), format="gromacs").get_chemical_symbols()
print("GROMACS:", dict(zip(names, found)))

as_described = found == ["I", "C", "N", "N", "F", "W"]
sys.exit(0 if as_described else "the behaviour is no longer as described")
PYTHON
