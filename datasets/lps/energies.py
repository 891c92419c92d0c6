"""Energies, forces and relaxations from GFN1-xTB with periodic boundaries at the Gamma point.

The method is that of S. Grimme, C. Bannwarth and P. Shushkov (J. Chem. Theory Comput. 13, 1989
(2017)), the program tblite. A Gamma-point energy needs a large cell, so every lattice vector must
be 12 Å or longer.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
from ase.optimize import LBFGS
from tblite.ase import TBLite

if TYPE_CHECKING:
    from ase import Atoms

#: Shortest lattice vector (Å) for which a Gamma-point energy is computed.
SHORTEST_VECTOR = 12.0

#: Decimals (Å) to which positions and cells are rounded before the energy is computed.
DECIMALS = 6


@dataclass(frozen=True)
class Settings:
    """Settings of the tblite calculator, passed on as they are.

    Attributes
    ----------
    method : str
        Name of the Hamiltonian in tblite.
    accuracy : float
        tblite's numerical accuracy, 1.0 being its default; smaller is tighter.
    electronic_temperature : float
        Fermi smearing, in kelvin.
    max_iterations : int
        Largest number of self-consistency cycles; more of them count as not converged.
    """

    method: str = "GFN1-xTB"
    accuracy: float = 1.0
    electronic_temperature: float = 300.0
    max_iterations: int = 250


SETTINGS = Settings()


class NotConverged(RuntimeError):
    """The self-consistent charges of a structure did not converge."""


def calculator() -> TBLite:
    """Return a silent tblite calculator with the settings of the set."""
    return TBLite(verbosity=0, **asdict(SETTINGS))


def rounded(atoms: Atoms) -> Atoms:
    """Return a copy with positions and cell rounded as they are in the shipped file, wrapped."""
    atoms = atoms.copy()
    atoms.set_cell(np.round(np.asarray(atoms.cell), DECIMALS), scale_atoms=False)
    atoms.wrap(eps=1e-9)
    atoms.set_positions(np.round(atoms.get_positions(), DECIMALS))
    return atoms


def energy(atoms: Atoms) -> tuple[float, float]:
    """Return the total energy (eV) and the largest force (eV/Å) of exactly these positions.

    A fresh calculator is used, so that the result does not depend on what ran before.

    Raises
    ------
    NotConverged
        If the charges do not converge, or the energy is not finite.
    """
    atoms = atoms.copy()
    atoms.calc = calculator()
    try:
        total = float(atoms.get_potential_energy())
        largest = float(np.linalg.norm(atoms.get_forces(), axis=1).max())
    except Exception as error:  # tblite's own error types differ between its versions
        raise NotConverged(f"{type(error).__name__}: {error}") from error
    if not (np.isfinite(total) and np.isfinite(largest)):
        raise NotConverged(f"energy {total} eV, largest force {largest} eV/Å")
    return total, largest


def relax(
    atoms: Atoms,
    *,
    steps: int,
    force: float = 0.10,
    maximum_step: float = 0.15,
    logfile: str | None = None,
) -> Atoms:
    """Return a copy moved towards lower energy at fixed cell, by at most `steps` LBFGS steps.

    Parameters
    ----------
    atoms : ase.Atoms
        Starting structure.
    steps : int
        Largest number of steps.
    force : float
        Stop when no atom feels more than this, in eV/Å.
    maximum_step : float
        Largest movement of an atom in one step, in Å.
    logfile : str or None
        Where ASE writes a line per step.

    Raises
    ------
    NotConverged
        If the charges do not converge at some step.
    """
    atoms = atoms.copy()
    atoms.calc = calculator()
    optimiser = LBFGS(atoms, maxstep=maximum_step, alpha=30.0, logfile=logfile)
    try:
        optimiser.run(fmax=force, steps=steps)
    except Exception as error:
        raise NotConverged(f"{type(error).__name__}: {error}") from error
    atoms.calc = None
    return atoms
