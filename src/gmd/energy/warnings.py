"""Warnings about reference energies that a few structures distort."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import ase
import numpy as np
from ase.geometry import minkowski_reduce
from numpy.typing import NDArray

from gmd.energy.formation import formation_energies, listed

BEYOND_BONDS = 6.0
"""Å; no bond is as long: neighbours in caesium metal are 5.3 Å apart."""

_LARGEST_SHARE = 0.2  # more structures than that are no exceptions
_NOTABLE = 0.05  # eV/atom, the accuracy of the better force fields
_SPREADS = 10.0  # of a normal distribution nothing lies as far out
_STEPS = 100
_MAD_TO_DEVIATION = 1.4826

Floats = NDArray[np.float64]


def isolated_atoms(structures: Sequence[ase.Atoms]) -> NDArray[np.bool_]:
    """Which structures are single atoms without a neighbour.

    Parameters
    ----------
    structures : sequence of ase.Atoms

    Returns
    -------
    ndarray of shape (n_structures,), bool
        True for one atom that has no periodic image within :data:`BEYOND_BONDS`.
    """
    return np.array([_is_isolated(atoms) for atoms in structures], dtype=bool)


def formation_warnings(
    compositions: NDArray[Any],
    energies: Floats,
    *,
    elements: Sequence[str],
    isolated: NDArray[np.bool_] | None = None,
    names: Sequence[str] | None = None,
) -> list[str]:
    """What is suspicious about formation energies with fitted chemical potentials.

    The fit is a least-squares one, and a few structures whose energies follow another rule than
    those of all others change the formation energies of all. Such structures are isolated atoms,
    which lack the energy of any bond, and those that a fit of least absolute deviations leaves far
    from all others, as it does an energy in another unit or from another method. The latter are
    reported only if leaving them out changes another formation energy by more than 0.05 eV/atom and
    more than the standard deviation of those that remain.

    Parameters
    ----------
    compositions : ndarray of shape (n_structures, n_elements)
        Atoms of every element, whole numbers.
    energies : ndarray of shape (n_structures,)
        Total energies in eV per structure.
    elements : sequence of str
        Chemical symbols, in the order of the columns of `compositions`.
    isolated : ndarray of shape (n_structures,), bool, optional
        As of :func:`isolated_atoms`; none by default.
    names : sequence of str, optional
        Names of the structures; "structure 0", ... by default.

    Returns
    -------
    list of str
        Sentences with names, numbers (eV/atom) and what to do; empty where nothing is suspicious.

    Raises
    ------
    ValueError
        As for :func:`gmd.energy.formation_energies`.
    """
    counts = np.asarray(compositions, dtype=np.float64)
    energies = np.asarray(energies, dtype=np.float64)
    values = formation_energies(counts, energies, elements=elements, names=names)
    n_atoms = counts.sum(axis=1)
    labels = [f"structure {row}" for row in range(len(values))] if names is None else list(names)
    scale = np.abs(energies / n_atoms).max()
    if np.ptp(values) <= 64 * np.finfo(np.float64).eps * scale:
        return [
            "All formation energies are equal to within rounding: the energies depend on the "
            "composition alone, and fits to them cannot distinguish between descriptors."
        ]
    alone = np.zeros(len(values), dtype=bool) if isolated is None else np.asarray(isolated)
    outlying = ~alone & _outlying(counts[~alone], energies[~alone], ~alone)
    found = []
    if alone.any():
        effect = _Effect.of(counts, energies, values, elements, ~alone)
        found.append(
            f"{_counted(alone, 'isolated atom')} ({listed(np.flatnonzero(alone), labels)}) take "
            f"part in the fit of the chemical potentials, although no bond contributes to their "
            f"energies{effect or ''}. Leave them out with a subset, or use them as references with "
            f"mode elements and their energies as potentials."
        )
    effect = _Effect.of(counts, energies, values, elements, ~outlying & ~alone)
    if outlying.any() and effect is not None and effect.is_distorting:
        found.append(
            f"The energies of {_counted(outlying, 'structure')} "
            f"({listed(np.flatnonzero(outlying), labels)}) are far from those of all others of "
            f"similar composition, and distort the fitted chemical potentials{effect}. Check their "
            f"energies and units, or leave them out with a subset."
        )
    return found


def _is_isolated(atoms: ase.Atoms) -> bool:
    if len(atoms) != 1:
        return False
    if not atoms.pbc.any():
        return True
    cell, _ = minkowski_reduce(atoms.cell, atoms.pbc)
    shortest = np.linalg.norm(cell, axis=1)[atoms.pbc].min()
    return bool(shortest > BEYOND_BONDS)


def _outlying(counts: Floats, energies: Floats, rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Few structures far from a fit that such structures do not affect."""
    outlying = np.zeros(rows.size, dtype=bool)
    n_atoms = counts.sum(axis=1)
    residuals = np.abs(_least_absolute(counts / n_atoms[:, None], energies / n_atoms))
    if residuals.size == 0:
        return outlying
    spread = _MAD_TO_DEVIATION * np.median(residuals)
    far = residuals > max(_SPREADS * spread, _NOTABLE)
    if far.mean() <= _LARGEST_SHARE:
        outlying[np.flatnonzero(rows)[far]] = True
    return outlying


def _least_absolute(fractions: Floats, energies: Floats) -> Floats:
    """Residuals of the fit with the least sum of magnitudes, by reweighted least squares."""
    weights = np.ones(energies.size)
    residuals = energies
    for _ in range(_STEPS):
        potentials, *_ = np.linalg.lstsq(
            fractions * weights[:, None], energies * weights, rcond=1e-10
        )
        residuals = energies - fractions @ potentials
        sizes = np.abs(residuals)
        weights = 1 / np.sqrt(np.maximum(sizes, 1e-6 * max(sizes.max(initial=0.0), 1e-12)))
    return residuals


class _Effect(NamedTuple):
    """Formation energies of some structures in the fit to all and in the fit to them alone."""

    with_all: Floats
    without: Floats

    @classmethod
    def of(
        cls,
        counts: Floats,
        energies: Floats,
        values: Floats,
        elements: Sequence[str],
        kept: NDArray[np.bool_],
    ) -> _Effect | None:
        try:
            without = formation_energies(counts[kept], energies[kept], elements=elements)
        except ValueError:  # too few structures remain for a fit
            return None
        return cls(values[kept], without)

    @property
    def is_distorting(self) -> bool:
        change = float(np.abs(self.with_all - self.without).max())
        return change > max(_NOTABLE, float(self.without.std()))

    def __str__(self) -> str:
        now, without = self
        return (
            f": those of the other {now.size} structures range from {now.min():.3g} to "
            f"{now.max():.3g} eV/atom, and from {without.min():.3g} to {without.max():.3g} eV/atom "
            f"without them"
        )


def _counted(rows: NDArray[np.bool_], noun: str) -> str:
    n = int(rows.sum())
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
