#!/usr/bin/env bash
# ASE 3.29.0, ase.io.read with index ":" of an SD file.
# Expected: all molecules. SD files are made to hold many, each closed by "$$$$"; ASE's writer closes them so, too.
# Happens: only the first molecule is returned, without a message.
# Why it matters: a library of molecules becomes a single one, and nothing says so.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check ase==3.29.0
cd "$work"

"$work/venv/bin/python" - <<'END'
import pathlib

import ase
import ase.io
from ase.build import molecule

text = ""
for name in ("H2O", "CH4", "NH3"):
    ase.io.write("one.sdf", molecule(name), format="sdf")
    text += pathlib.Path("one.sdf").read_text()
pathlib.Path("three.sdf").write_text(text)
found = [str(atoms.symbols) for atoms in ase.io.read("three.sdf", ":", format="sdf")]
print(f"ASE {ase.__version__}: of {text.count('$$$$')} molecules, {found} are read")
raise SystemExit(0 if found == ["OH2"] else 1)
END
