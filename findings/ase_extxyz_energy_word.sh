#!/usr/bin/env bash
# ASE 3.29.0, ase.io.read of XYZ.
# Expected: the comment line "energy -76.4", free text as XYZ allows it, gives no energy or one of -76.4.
# Happens: the word "energy" is taken for a key without a value, which is true; get_potential_energy() returns True,
# which is 1.0 in all arithmetic.
# Why it matters: many programs write the energy into the comment line in this way. Their structures all get the same
# energy of 1 eV, and fits run on it without complaint.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check ase==3.29.0
cd "$work"

cat >water.xyz <<'END'
1
energy -76.4
O 0 0 0
END

"$work/venv/bin/python" - <<'END'
import ase
import ase.io

energy = ase.io.read("water.xyz").get_potential_energy()
print(f"ASE {ase.__version__}: the energy is {energy!r}, and energy * 2 is {energy * 2}")
raise SystemExit(0 if energy is True else 1)
END
