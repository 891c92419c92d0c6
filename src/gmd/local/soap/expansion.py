"""The density around atoms and its expansion, of which all compressions are made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import ase
import numpy as np
from numpy.typing import NDArray

from gmd.local._elements import places_among, symbols_of
from gmd.local.neighbours import Neighbours, visit_neighbours
from gmd.local.soap import _kernels as kernels
from gmd.local.soap.radial import RADIAL_BASES, radial_coefficients, total_coefficients
from gmd.local.soap.tables import tabulate
from gmd.parameters import finite_number, length, whole_number

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LARGEST_DEGREE = 60
LARGEST_NUMBER_OF_FUNCTIONS = 200
"""Radial functions within a cutoff; long before that they are linearly dependent."""
"""Of spherical harmonics; beyond 80 or so their factors underflow."""


@dataclass(frozen=True)
class DensityExpansion:
    """Densities of the elements around an atom, in radial functions and spherical harmonics.

    Attributes
    ----------
    species : tuple of str
        Elements.
    cutoff, cutoff_transition_width, atom_sigma : float
        Å.
    n_max, l_max : int
        Number of radial functions, and highest degree.
    central_weight : float
        Weight of the central atom's own Gaussian.
    radial_basis : {"equispaced", "gto"}
        See :func:`gmd.local.soap.radial.radial_coefficients`.

    Raises
    ------
    ValueError
        For parameters that make no sense.
    """

    species: tuple[str, ...]
    cutoff: float
    cutoff_transition_width: float
    atom_sigma: float
    n_max: int
    l_max: int
    central_weight: float
    radial_basis: str

    def __post_init__(self) -> None:
        for name in ("cutoff", "atom_sigma", "cutoff_transition_width"):
            object.__setattr__(self, name, length(name, getattr(self, name)))
        if self.cutoff_transition_width > self.cutoff:
            raise ValueError(
                f"cutoff_transition_width={self.cutoff_transition_width} is wider than the "
                f"cutoff, {self.cutoff} Å; lower it"
            )
        whole_number("n_max", self.n_max, at_least=1, at_most=LARGEST_NUMBER_OF_FUNCTIONS)
        if self.l_max > LARGEST_DEGREE:
            raise ValueError(
                f"l_max={self.l_max}: numbers of degrees above {LARGEST_DEGREE} fall out of the "
                f"range of floating point; lower it"
            )
        object.__setattr__(
            self, "central_weight", finite_number("central_weight", self.central_weight)
        )
        if self.radial_basis not in RADIAL_BASES:
            raise ValueError(
                f"radial_basis {self.radial_basis!r} is unknown; choose one of "
                f"{', '.join(map(repr, RADIAL_BASES))}"
            )
        # refuses functions that depend on each other
        radial_coefficients(
            np.zeros(1),
            kind=self.radial_basis,
            cutoff=self.cutoff,
            n_max=self.n_max,
            l_max=self.l_max,
            atom_sigma=self.atom_sigma,
        )

    @property
    def n_channels(self) -> int:
        """Number of radial functions of all elements, the columns of the matrices X_l."""
        return len(self.species) * self.n_max

    def atoms_of(
        self, structures: Sequence[ase.Atoms], first_structure: int
    ) -> tuple[Integers, NDArray[np.str_], Integers]:
        """Structure, element and place of the element among the species of all atoms.

        Raises
        ------
        ValueError
            For another element, naming the structure.
        """
        structure = np.repeat(
            np.arange(len(structures)) + first_structure, [len(atoms) for atoms in structures]
        )
        element = symbols_of(structures)
        places = places_among(self.species, element, structures, first_structure=first_structure)
        return structure, element, places

    def visit(
        self,
        structures: Sequence[ase.Atoms],
        fill: Callable[[slice, Neighbours, int, int], None],
        first_structure: int,
    ) -> None:
        """Call `fill` with a structure's rows, its neighbours, and a range of its atoms."""
        ends = np.cumsum([len(atoms) for atoms in structures], dtype=np.int64)

        def work(place: int, neighbours: Neighbours, begin: int, end: int) -> None:
            rows = slice(int(ends[place]) - len(structures[place]), int(ends[place]))
            fill(rows, neighbours, begin, end)

        visit_neighbours(structures, float(self.cutoff), work, first_structure=first_structure)

    def arguments(self, *, own_total: bool = False) -> tuple[Any, ...]:
        """What the kernels are told: tables, lengths, sizes, weights and factors.

        Parameters
        ----------
        own_total : bool
            Whether the total density has radial functions of its own.
        """
        table, central = _tables(
            self.radial_basis,
            float(self.cutoff),
            self.n_max,
            self.l_max,
            float(self.atom_sigma),
            own_total,
        )
        return (
            table,
            float(self.cutoff),
            float(self.cutoff_transition_width),
            self.l_max,
            self.n_max,
            central,
            float(self.central_weight),
            _harmonic_factors(self.l_max),
        )

    def coefficients(self, structures: Sequence[ase.Atoms], *, first_structure: int = 0) -> Floats:
        """As :meth:`gmd.local.Soap.expansion`."""
        _, _, places = self.atoms_of(structures, first_structure)
        n_species, n_rows = len(self.species), (self.l_max + 1) ** 2
        values = np.empty((places.size, n_species, self.n_max, n_rows))
        arguments = self.arguments()

        def fill(rows: slice, neighbours: Neighbours, begin: int, end: int) -> None:
            kernels.expansion_rows(
                *neighbours, places[rows], n_species, *arguments, begin, end, values[rows]
            )

        self.visit(structures, fill, first_structure)
        return values


@lru_cache(maxsize=16)
def _tables(
    kind: str, cutoff: float, n_max: int, l_max: int, atom_sigma: float, own_total: bool
) -> tuple[Floats, Floats]:
    """Tabulated radial functions, (n_intervals, 10, n_columns), and those of the central atom.

    Columns are l, then n, and after them l, then the total density's own functions.
    """

    def function(distance: Floats) -> Floats:
        main = radial_coefficients(
            distance, kind=kind, cutoff=cutoff, n_max=n_max, l_max=l_max, atom_sigma=atom_sigma
        )
        parts = [main.reshape(distance.size, -1)]
        if own_total:
            parts.append(
                total_coefficients(distance, cutoff=cutoff, l_max=l_max, atom_sigma=atom_sigma)
            )
        return np.concatenate(parts, axis=1)

    at_zero = function(np.zeros(1))[0] / np.sqrt(4.0 * np.pi)  # times Y_00
    central = at_zero[:n_max]
    if own_total:
        central = np.append(central, at_zero[(l_max + 1) * n_max])
    return tabulate(function, cutoff, atom_sigma / 4), np.ascontiguousarray(central)


@lru_cache(maxsize=16)
def _harmonic_factors(l_max: int) -> Floats:
    """Normalisation of the real spherical harmonics at ``l * (l + 1) // 2 + m``."""
    found = []
    for degree in range(l_max + 1):
        ratio = 1.0  # (l - m)! / (l + m)!
        for m in range(degree + 1):
            if m:
                ratio /= (degree + m) * (degree - m + 1)
            found.append(np.sqrt((2 * degree + 1) / (4.0 * np.pi) * ratio * (2.0 if m else 1.0)))
    return np.array(found)
