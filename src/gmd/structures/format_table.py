"""What each format that ASE both writes and reads preserves; checked by round trips."""

from __future__ import annotations

from typing import Literal, NamedTuple

Outcome = Literal["same", "rotated", "periodic", "molecule", "refused", "not written"]

OUTCOMES: dict[Outcome, str] = {
    "same": "preserved",
    "rotated": "preserved except for its orientation",
    "periodic": "becomes periodic in all directions",
    "molecule": "loses its periodicity",
    "refused": "refused on reading",
    "not written": "refused by ASE's writer",
}
"""What can happen to a structure, in the words of the table."""


class Keeps(NamedTuple):
    """What happens to a structure that is written in a format and read again.

    Elements and distances between atoms are always preserved.

    Attributes
    ----------
    crystal, slab, molecule : str
        What happens to a structure that is periodic in three, two or no directions: one of
        :data:`OUTCOMES`.
    tolerance : float
        Largest error of positions and cells, in Å.
    """

    crystal: Outcome = "same"
    slab: Outcome = "same"
    molecule: Outcome = "same"
    tolerance: float = 1e-8


_BULK_ONLY = Keeps("same", "periodic", "refused")
_ALL_OR_NONE = Keeps("same", "periodic", "same")
_MOLECULES = Keeps("molecule", "molecule", "same")

KEEPS: dict[str, Keeps] = {
    "abinit-in": Keeps("same", "periodic", "not written"),
    "aims": _ALL_OR_NONE,
    "bundletrajectory": Keeps(),
    "castep-cell": _BULK_ONLY,
    "castep-geom": _BULK_ONLY,
    "castep-md": _BULK_ONLY,
    "cfg": Keeps("same", "periodic", "refused", 1e-6),
    "cif": Keeps("rotated", "periodic", "same"),
    "crystal": Keeps(),
    "cube": Keeps("same", "periodic", "same", 1e-6),
    "db": Keeps(),
    "dftb": _ALL_OR_NONE,
    "dlp4": Keeps(),
    "dmol-arc": Keeps("rotated", "not written", "same", 1e-5),
    "dmol-car": Keeps("rotated", "not written", "same", 1e-5),
    "dmol-incoor": Keeps("same", "not written", "not written"),
    "eon": Keeps("rotated", "periodic", "same", 1e-6),
    "espresso-in": _BULK_ONLY,
    "extxyz": Keeps(),
    "gaussian-in": Keeps(),
    "gen": _ALL_OR_NONE,
    "gpumd": Keeps("same", "refused", "refused"),
    "gromacs": Keeps("same", "periodic", "same", 1e-2),
    "gromos": _ALL_OR_NONE,
    "json": Keeps(),
    "jsv": Keeps("rotated", "periodic", "refused", 1e-5),
    "lammps-data": Keeps("rotated", "periodic", "not written"),
    "magres": Keeps("same", "molecule", "same"),
    "mol": _MOLECULES,
    "mustem": Keeps("same", "periodic", "not written"),
    "nwchem-in": Keeps("same", "refused", "same"),
    "onetep-in": _BULK_ONLY,
    "prismatic": Keeps("same", "periodic", "not written"),
    "proteindatabank": Keeps("rotated", "periodic", "same", 1e-3),
    "res": Keeps("rotated", "periodic", "refused", 1e-5),
    "rmc6f": Keeps("rotated", "periodic", "not written", 1e-5),
    "runnerdata": _ALL_OR_NONE,
    "sdf": _MOLECULES,
    "struct": Keeps("rotated", "periodic", "refused", 1e-6),
    "sys": Keeps("same", "periodic", "same", 1e-6),
    "traj": Keeps(),
    "turbomole": _MOLECULES,
    "v-sim": Keeps("rotated", "not written", "refused"),
    "vasp": Keeps("same", "periodic", "not written"),
    "vasp-xdatcar": Keeps("same", "periodic", "refused", 1e-6),
    "xsd": Keeps("same", "molecule", "same"),
    "xsf": Keeps(),
    "xtd": Keeps("rotated", "molecule", "same", 1e-3),
    "xyz": _MOLECULES,
}
"""By ASE's name of the format."""

NOT_TRIED: dict[str, str] = {
    "mysql": "a server, not a file",
    "netcdftrajectory": "needs the package netCDF4, on which the project does not depend",
    "postgresql": "a server, not a file",
}
"""Formats that ASE writes and reads but that are not tested, with the reason."""
