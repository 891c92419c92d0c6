"""Small valid files of text formats beside those of :mod:`structures.sample_files`."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import ase
import ase.io

PW_IN = """\
&CONTROL
 calculation='scf'
/
&SYSTEM
 ibrav=0, nat=2, ntyp=2, ecutwfc=30
/
&ELECTRONS
/
ATOMIC_SPECIES
Li 6.94 Li.upf
F 18.998 F.upf
CELL_PARAMETERS angstrom
4 0 0
0 4 0
0 0 4
ATOMIC_POSITIONS angstrom
Li 0 0 0
F 2 2 2
K_POINTS gamma
"""

GEOMETRY_IN = """\
lattice_vector 4 0 0
lattice_vector 0 4 0
lattice_vector 0 0 4
atom 0 0 0 Li
atom 2 2 2 F
"""

LAMMPS_DATA = """\
LiF

2 atoms
2 atom types
0 4 xlo xhi
0 4 ylo yhi
0 4 zlo zhi

Masses

1 6.94
2 18.998

Atoms # atomic

1 1 0 0 0
2 2 2 2 2
"""

DUMP = """\
ITEM: TIMESTEP
0
ITEM: NUMBER OF ATOMS
2
ITEM: BOX BOUNDS pp pp pp
0 8
0 8
0 8
ITEM: ATOMS id type element x y z fx fy fz
1 1 Li 0 0 0 0.1 0 0
2 2 F 2.5 0 0 -0.1 0 0
"""

CIF = """\
data_x
_publ_author_name 'Zoé Q.'
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
Li1 Li 0 0 0
O1 O 0.5 0.5 0.5
"""

XDATCAR = """\
Li F
1.0
4.0 0.0 0.0
0.0 4.0 0.0
0.0 0.0 4.0
Li F
1 1
Direct configuration=     1
0.0 0.0 0.0
0.5 0.5 0.5
Direct configuration=     2
0.0 0.0 0.0
0.5 0.5 0.4
"""

OUTCAR = """\
 vasp.6.4.2 20Jul23 (build Jan 01 2024 00:00:00) complex
 executed on             LinuxGNU date 2024.01.01  00:00:00
 POTCAR:    PAW_PBE Li_sv 10Sep2004
 POTCAR:    PAW_PBE F 08Apr2002
 POTCAR:    PAW_PBE Li_sv 10Sep2004
   TITEL  = PAW_PBE Li_sv 10Sep2004
 POTCAR:    PAW_PBE F 08Apr2002
   TITEL  = PAW_PBE F 08Apr2002
   ions per type =               1   1
   ISPIN  =      1    spin polarized calculation?
-------------------------------- Iteration      1(   1)  --------------------------------
      direct lattice vectors                 reciprocal lattice vectors
     4.000000000  0.000000000  0.000000000     0.250000000  0.000000000  0.000000000
     0.000000000  4.000000000  0.000000000     0.000000000  0.250000000  0.000000000
     0.000000000  0.000000000  4.000000000     0.000000000  0.000000000  0.250000000

 POSITION                                       TOTAL-FORCE (eV/Angst)
 -----------------------------------------------------------------------------------
      0.00000      0.00000      0.00000         0.125000      0.000000      0.000000
      2.00000      2.00000      2.10000        -0.125000      0.000000      0.000000
 -----------------------------------------------------------------------------------
    total drift:                                0.000000      0.000000      0.000000

  FREE ENERGIE OF THE ION-ELECTRON SYSTEM (eV)
  ---------------------------------------------------
  free  energy   TOTEN  =       -10.25000000 eV

  energy  without entropy=      -10.24000000  energy(sigma->0) =      -10.24500000
"""

PDB_ATOM = "ATOM  {:5d} {:<4s} MOL     1    {:8.3f}{:8.3f}{:8.3f}  1.00  0.00          {:>2s}\n"
CRYST1 = "CRYST1{0:9.3f}{0:9.3f}{0:9.3f}  90.00  90.00  90.00 P 1           1\n"
PDB = (
    CRYST1.format(8.0)
    + PDB_ATOM.format(1, "LI", 0, 0, 0, "LI")
    + PDB_ATOM.format(2, " F", 2, 0, 0, "F")
    + "END\n"
)

GRO_ATOM = "    1MOL  {:>5s}{:5d}{:8.3f}{:8.3f}{:8.3f}\n"


def gro(*names: str, box: float = 2.0) -> str:
    rows = "".join(GRO_ATOM.format(n, i + 1, 0.25 * i, 0, 0) for i, n in enumerate(names))
    return f"title\n{len(names)}\n{rows}{box} {box} {box}\n"


# what ASE writes as text, and what it wants to be told
_WRITTEN: tuple[str, ...] = (
    *("abinit-in", "aims", "castep-cell", "castep-geom", "castep-md", "cfg", "cif", "crystal"),
    *("cube", "dftb", "dlp4", "dmol-arc", "dmol-car", "dmol-incoor", "eon", "espresso-in"),
    *("extxyz", "gaussian-in", "gen", "gpumd", "gromacs", "gromos", "jsv", "json", "lammps-data"),
    *("magres", "mol", "mustem", "nwchem-in", "onetep-in", "prismatic", "proteindatabank", "res"),
    *("rmc6f", "runnerdata", "sdf", "struct", "sys", "turbomole", "v-sim", "vasp", "vasp-xdatcar"),
    *("xsd", "xsf", "xyz"),
)
_SETTINGS: dict[str, dict[str, object]] = {
    "espresso-in": {"pseudopotentials": {"Li": "Li.upf", "F": "F.upf"}},
    "lammps-data": {"masses": True},
    "mustem": {"keV": 300.0, "debye_waller_factors": {"Li": 0.5, "F": 0.5}},
    "prismatic": {"debye_waller_factors": {"Li": 0.5, "F": 0.5}},
}


def _texts() -> dict[str, str]:
    atoms = ase.Atoms("LiF", positions=[[0.5, 0.25, 1], [2, 2, 2.5]], cell=[4, 5, 6], pbc=True)
    texts = {}
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for kind in _WRITTEN:
            path = Path(folder) / "a"
            ase.io.write(path, atoms, format=kind, **_SETTINGS.get(kind, {}))
            texts[kind] = path.read_text(encoding="utf-8")
    return texts


TEXTS: dict[str, str] = {
    **_texts(),
    "vasp-out": OUTCAR,
    "lammps-dump-text": DUMP,
}
"""One structure of LiF in every text format that is simple to make, by ASE's name."""
