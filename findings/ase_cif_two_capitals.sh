#!/usr/bin/env bash
# ASE 3.29.0, ase.io.read of CIF.
# Expected: the type symbols SI and CL, in capitals as older programs write them, are silicon and chlorine, or an error.
# Happens: only the first capital is used. SI becomes sulfur and CL carbon, without a message.
# Why it matters: the structure has other elements than the file, and everything that is computed from it is wrong.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check ase==3.29.0
cd "$work"

cat >capitals.cif <<'END'
data_x
_cell_length_a 6.0
_cell_length_b 6.0
_cell_length_c 6.0
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_symmetry_space_group_name_H-M 'P 1'
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
SI1 SI 0 0 0
CL1 CL 0.5 0.5 0.5
END

"$work/venv/bin/python" - <<'END'
import ase
import ase.io

symbols = str(ase.io.read("capitals.cif").symbols)
print(f"ASE {ase.__version__}: SI and CL are read as {symbols}")
raise SystemExit(0 if symbols == "SC" else 1)
END
