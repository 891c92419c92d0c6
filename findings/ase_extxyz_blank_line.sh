#!/usr/bin/env bash
# ASE 3.29.0, ase.io.read of extended XYZ.
# Expected: a blank line between two frames (as left by hand editing or by joining files) is skipped, as other programs
# do, or is an error.
# Happens: reading ends at the blank line without a message; all later frames are lost.
# Why it matters: a training set is cut short, and nothing says so.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check ase==3.29.0
cd "$work"

cat >two.extxyz <<'END'
1
Properties=species:S:1:pos:R:3 energy=-1.0
C 0 0 0

1
Properties=species:S:1:pos:R:3 energy=-2.0
C 0 0 0
END

"$work/venv/bin/python" - <<'END'
import ase
import ase.io

frames = ase.io.read("two.extxyz", ":")
print(f"ASE {ase.__version__}: {len(frames)} of 2 frames, energies",
      [atoms.get_potential_energy() for atoms in frames])
raise SystemExit(0 if len(frames) == 1 else 1)
END
