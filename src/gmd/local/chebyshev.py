"""The Chebyshev expansion of radial and angular distributions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import ase
import numpy as np

from gmd.local._angular_moments import moment_coefficients
from gmd.local._chebyshev_kernels import chebyshev_rows
from gmd.local._elements import places_among, symbols_of
from gmd.local.neighbours import Neighbours, visit_neighbours
from gmd.local.sites import Sites
from gmd.parameters import element_weights, length, whole_number


@dataclass(frozen=True, kw_only=True)
class Chebyshev:
    r"""LAED of Artrith, Urban and Ceder, Phys. Rev. B 96, 014112 (2017).

    With neighbours j of atom i (all other atoms and all periodic images), :math:`f_c(r, R) =
    \frac12 (1 + \cos(\pi r / R))` below R and 0 beyond,

    .. math::
        \mathrm{rad}_n &= \sum_j T_n(2 r_{ij} / R_r - 1) f_c(r_{ij}, R_r) \\
        \mathrm{ang}_n &= \sum_{j<k} T_n(\cos\theta_{jik}) f_c(r_{ij}, R_a) f_c(r_{ik}, R_a)

    and the same sums with factors :math:`w_j` and :math:`w_j w_k`. Components are
    [rad | ang | rad_w | ang_w]. The element of atom i itself does not enter.

    Parameters
    ----------
    weights : mapping of str to float
        Weight w of every element.
    radial_cutoff : float
        :math:`R_r` in Å; the paper has 6.0.
    n_radial : int
        Number of radial coefficients, the degrees 0 to ``n_radial - 1``; the paper has 19.
        (aenet's input counts degrees: its 18 are these 19.)
    angular_cutoff : float
        :math:`R_a` in Å; the paper has 3.0.
    n_angular : int
        Number of angular coefficients; the paper has 5.

    Raises
    ------
    ValueError
        For cutoffs that are not positive finite numbers, numbers of coefficients that are not
        whole or negative, none of them, or weights that are not finite numbers.
    """

    weights: Mapping[str, float] = field(hash=False)
    radial_cutoff: float = 6.0
    n_radial: int = 19
    angular_cutoff: float = 3.0
    n_angular: int = 5

    def __post_init__(self) -> None:
        for name in ("radial_cutoff", "angular_cutoff"):
            object.__setattr__(self, name, length(name, getattr(self, name)))
        for name in ("n_radial", "n_angular"):
            object.__setattr__(self, name, whole_number(name, getattr(self, name)))
        if self.n_radial + self.n_angular == 0:
            raise ValueError(
                "n_radial=0, n_angular=0: give numbers of coefficients, at least one in all"
            )
        object.__setattr__(self, "weights", element_weights(self.weights))

    @property
    def component_names(self) -> tuple[str, ...]:
        """``rad_0`` ..., ``ang_0`` ..., ``rad_w_0`` ..., ``ang_w_0`` ..."""
        return tuple(
            f"{name}_{n}"
            for name, count in (
                ("rad", self.n_radial),
                ("ang", self.n_angular),
                ("rad_w", self.n_radial),
                ("ang_w", self.n_angular),
            )
            for n in range(count)
        )

    @property
    def n_components(self) -> int:
        """2 (n_radial + n_angular), 48 in the paper."""
        return 2 * (self.n_radial + self.n_angular)

    def compute(self, structures: Sequence[ase.Atoms], *, first_structure: int = 0) -> Sites:
        """LAEDs of all atoms.

        Time grows with the number of atoms, times the neighbours within the cutoffs: pairs of
        neighbours within the angular cutoff are summed one by one only below about
        12 + 2 `n_angular` of them, or beyond 32 coefficients, and through moments of their
        directions otherwise, which agree to some 1e-15 of the largest sum.

        Atoms are shared out over ``numba.get_num_threads()`` threads. Memory grows with the
        result, 8 `n_components` bytes per atom, and with the atoms and images of the largest
        structures; the pairs of at most 1000 atoms per thread are held at once.

        Parameters
        ----------
        structures : sequence of ase.Atoms
            Crystals or molecules, in Å.
        first_structure : int
            Number of the first structure; the others follow.

        Returns
        -------
        Sites
            ``values`` of shape (n_atoms, n_components).

        Raises
        ------
        ValueError
            For an element without a weight or atoms on the same place, naming the structure.
        """
        sizes = [len(atoms) for atoms in structures]
        ends = np.cumsum(sizes, dtype=np.int64)
        structure = np.repeat(np.arange(len(sizes)) + first_structure, sizes)
        element = symbols_of(structures)
        place_of_element = places_among(
            self.weights,
            element,
            structures,
            first_structure=first_structure,
            complaint="which has no weight",
            named="the weights name",
        )
        weight = np.array(list(self.weights.values()), dtype=np.float64)[place_of_element]
        values = np.empty((element.size, self.n_components))
        coefficients = moment_coefficients(self.n_angular)

        def fill(place: int, neighbours: Neighbours, begin: int, end: int) -> None:
            rows = slice(ends[place] - sizes[place], ends[place])
            chebyshev_rows(
                neighbours,
                weight[rows],
                float(self.radial_cutoff),
                self.n_radial,
                float(self.angular_cutoff),
                self.n_angular,
                coefficients,
                begin,
                end,
                values[rows],
            )

        visit_neighbours(
            structures,
            max(self.radial_cutoff, self.angular_cutoff),
            fill,
            first_structure=first_structure,
        )
        return Sites(values, structure, element, self.component_names)
