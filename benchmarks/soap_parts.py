"""Parts of the benchmark of power spectra: this library, quippy and dscribe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from ase.data import atomic_numbers, chemical_symbols
from numpy.typing import NDArray

from benchmarks import data
from benchmarks.worker import Part
from gmd.local import Soap

ELEMENTS = tuple(chemical_symbols[3:23])
CUTOFF, TRANSITION, SIGMA = 5.0, 0.5, 0.5
KERNEL_ATOMS = 12

Floats = NDArray[np.float64]


def _soap(n_species: int, n_max: int, l_max: int, compression: str = "nu=2") -> Soap:
    return Soap(
        species=ELEMENTS[:n_species],
        cutoff=CUTOFF,
        cutoff_transition_width=TRANSITION,
        atom_sigma=SIGMA,
        n_max=n_max,
        l_max=l_max,
        compression=compression,
    )


def gmd_soap(folder: Path, *, compression: str, n_species: int, n_max: int, l_max: int) -> Part:
    """One compression, neighbour search included."""
    structures = data.kept_structures(folder)
    soap = _soap(n_species, n_max, l_max, compression)

    def run() -> dict[str, Any]:
        values = soap.compute(structures).values
        return {"kernel": kernel(values), "length": values.shape[1]}

    return Part(lambda: soap.compute(structures[:1]), run)


def gmd_expansion(folder: Path, *, n_species: int, n_max: int, l_max: int) -> Part:
    """The expansion alone, without any product."""
    structures = data.kept_structures(folder)
    soap = _soap(n_species, n_max, l_max)

    def run() -> dict[str, Any]:
        return {"shape": soap.expansion(structures).shape}

    return Part(lambda: soap.expansion(structures[:1]), run)


def quippy_soap(
    folder: Path, *, nu_r: int, nu_s: int, n_species: int, n_max: int, l_max: int
) -> Part:
    """One row of quippy's compressions."""
    from quippy.descriptors import Descriptor

    structures = data.kept_structures(folder)
    numbers = " ".join(str(atomic_numbers[element]) for element in ELEMENTS[:n_species])
    descriptor = Descriptor(
        f"soap cutoff={CUTOFF} cutoff_transition_width={TRANSITION} atom_sigma={SIGMA} "
        f"n_max={n_max} l_max={l_max} nu_R={nu_r} nu_S={nu_s} central_weight=1.0 "
        f"n_species={n_species} species_Z={{{numbers}}} n_Z={n_species} Z={{{numbers}}}"
    )

    def run() -> dict[str, Any]:
        found = [descriptor.calc(atoms)["data"] for atoms in structures]
        # the last component is a constant
        return {"kernel": kernel(found[0][:, :-1]), "length": found[0].shape[1] - 1}

    return Part(lambda: descriptor.calc(structures[0]), run)


def dscribe_soap(folder: Path, *, mode: str, n_species: int, n_max: int, l_max: int) -> Part:
    """One of dscribe's modes of compression, with Gaussian-type orbitals."""
    from dscribe.descriptors import SOAP

    structures = data.kept_structures(folder)
    soap = SOAP(
        species=list(ELEMENTS[:n_species]),
        periodic=True,
        r_cut=CUTOFF,
        sigma=SIGMA,
        n_max=n_max,
        l_max=l_max,
        compression={"mode": mode},
    )

    def run() -> dict[str, Any]:
        found = [soap.create(atoms) for atoms in structures]
        return {"length": found[0].shape[1]}

    return Part(lambda: soap.create(structures[0]), run)


def kernel(values: Floats) -> Floats:
    """Cosines between the descriptors of the first atoms."""
    first = values[:KERNEL_ATOMS]
    first = first / np.linalg.norm(first, axis=1, keepdims=True)
    return np.asarray(first @ first.T)
