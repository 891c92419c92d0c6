#!/usr/bin/env bash
# ASE 3.29.0: chemical symbols in capitals are read as other elements.
#
# Expected: a GROMACS file (.gro) names its atoms in capitals, LI, CL, NA, ZN, FE, and a CIF may write
# the type symbol CU (the International Tables ask for Cu, older programs wrote capitals). A reader
# recognises the elements, or says that it cannot.
# Seen: without a warning, LI becomes iodine, CL carbon, NA and ZN nitrogen, FE fluorine, the fourth
# site MW of a water model tungsten; in a CIF, CU becomes carbon and FE fluorine. The reader of .gro
# takes the first two letters if they are a symbol as written, or else the first or the last letter;
# that of CIF takes a capital and the lower-case letter behind it.
# It matters because everything that follows, such as a descriptor with weights per element or a fit
# of energies, is computed for a different compound.

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

cif = """data_x
_cell_length_a 6.0
_cell_length_b 6.0
_cell_length_c 6.0
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
CU1 CU 0 0 0
FE1 FE 0.5 0.5 0.5
"""
in_cif = ase.io.read(io.BytesIO(cif.encode()), format="cif").get_chemical_symbols()
print("CIF:", dict(zip(["CU", "FE"], in_cif)))
as_described = found == ["I", "C", "N", "N", "F", "W"] and in_cif == ["C", "F"]
sys.exit(0 if as_described else "the behaviour is no longer as described")
PYTHON
