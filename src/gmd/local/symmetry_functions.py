"""Atom-centred symmetry functions, and their compressions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations_with_replacement

import ase
import numpy as np
from ase.data import atomic_numbers
from numpy.typing import NDArray

from gmd.local._elements import checked_species, places_among, symbols_of
from gmd.local._symmetry_function_kernels import (
    FULL,
    HALF,
    TOTAL,
    symmetry_function_derivatives,
    symmetry_function_rows,
)
from gmd.local._symmetry_function_plan import plan_of
from gmd.local.derivatives import Derivatives
from gmd.local.neighbours import Neighbours, find_neighbours, visit_neighbours
from gmd.local.sites import Sites
from gmd.local.traditional_parameters import traditional_parameters
from gmd.parameters import element_weights, length, suggestion

_MODES = {"nu=2": FULL, "nu=1,mu=1": HALF, "mu=2": TOTAL, "weighted": TOTAL}


@dataclass(frozen=True, kw_only=True)
class SymmetryFunctions:
    r"""G2 and G4 of Behler, J. Chem. Phys. 134, 074106 (2011).

    With neighbours j of atom i (all other atoms and all periodic images), :math:`f_c(r) =
    \frac12 (1 + \cos(\pi r / R))` below R and 0 beyond,

    .. math::
        G2^\alpha &= \sum_{j \in \alpha} e^{-\eta (r_{ij} - R_s)^2} f_c(r_{ij}) \\
        G4^{\alpha\beta} &= 2^{1-\zeta} \sum_{\{j, k\}} (1 + \lambda \cos\theta_{jik})^\zeta
            e^{-\eta (r_{ij}^2 + r_{ik}^2 + r_{jk}^2)} f_c(r_{ij}) f_c(r_{ik}) f_c(r_{jk})

    for all elements :math:`\alpha \le \beta`, in the order of `species`. The second sum runs over
    the pairs of one neighbour of element :math:`\alpha` and one of :math:`\beta`; every pair counts
    once, that of two atoms of one element too. The element of atom i itself does not enter.

    The compressions are those of Darby, Kermode and Csányi, npj Comput. Mater. 8, 166 (2022),
    section "Atom Centered Symmetry Functions": they sum G4 over elements and leave G2 as it is.

    - "nu=2": all :math:`G4^{\alpha\beta}`
    - "nu=1,mu=1": :math:`G4^\alpha = \sum_\beta G4^{\alpha\beta}`, with :math:`G4^{\alpha\beta} =
      G4^{\beta\alpha}`. A pair of two elements thus enters the sums of both, a pair of one element
      its own sum once.
    - "mu=2": :math:`G4 = \sum_{\alpha \le \beta} G4^{\alpha\beta}`, every pair once
    - "weighted": the wACSF of Gastegger, Schwiedrzik, Bittermann, Berzsenyi and Marquetand,
      J. Chem. Phys. 148, 241709 (2018): G2 and G4 over all elements with factors :math:`w_j` and
      :math:`w_j w_k`

    Components are [G2 by element | G4 by channel], in each the functions as they are given.

    Parameters
    ----------
    species : sequence of str
        Elements of the data set.
    cutoff : float
        R in Å.
    compression : str
        One of the above.
    g2 : sequence of (eta, r_s), optional
        :math:`\eta` in Å^-2, :math:`R_s` in Å.
    g4 : sequence of (eta, zeta, lambda), optional
        :math:`\eta \ge 0` in Å^-2, :math:`\zeta \ge 1`, :math:`-1 \le \lambda \le 1`. What is not
        given, `g2` or `g4`, is that of
        :func:`~gmd.local.traditional_parameters.traditional_parameters`.
    weights : mapping of str to float, optional
        w of every element, for "weighted" alone; otherwise its atomic number, as in that paper.

    Raises
    ------
    ValueError
        For elements that are none or named twice, a cutoff that is not positive and finite, an
        unknown compression, parameters that are no such tuples or beyond these bounds, no function
        at all, or weights that are not finite, lacking, or not used.
    """

    species: tuple[str, ...]
    cutoff: float
    compression: str = "nu=2"
    g2: Sequence[tuple[float, float]] | None = None
    g4: Sequence[tuple[float, float, float]] | None = None
    weights: Mapping[str, float] | None = field(default=None, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "species", checked_species(self.species))
        object.__setattr__(self, "cutoff", length("cutoff", self.cutoff))
        if self.compression not in _MODES:
            raise ValueError(
                f"compression={self.compression!r} is unknown"
                f"{suggestion(self.compression, _MODES)}; choose one of "
                + ", ".join(map(repr, _MODES))
            )
        for name, parts in (("g2", ("eta", "r_s")), ("g4", ("eta", "zeta", "lambda"))):
            given = getattr(self, name)
            if given is not None:
                object.__setattr__(self, name, _checked_functions(name, parts, given))
        if not self._g2 and not self._g4:
            raise ValueError("g2 and g4 are both empty; give at least one function")
        if self.weights is not None:
            object.__setattr__(self, "weights", element_weights(self.weights))
            self._check_weights(self.weights)

    def _check_weights(self, weights: Mapping[str, float]) -> None:
        if self.compression != "weighted":
            raise ValueError(
                f"compression={self.compression!r} has no use for weights; leave them out, or "
                f"choose 'weighted'"
            )
        for element in self.species:
            if element not in weights:
                raise ValueError(f"{element} is among the species and has no weight")

    @property
    def _g2(self) -> Sequence[tuple[float, float]]:
        return traditional_parameters(self.cutoff)[0] if self.g2 is None else self.g2

    @property
    def _g4(self) -> Sequence[tuple[float, float, float]]:
        return traditional_parameters(self.cutoff)[1] if self.g4 is None else self.g4

    @property
    def _weight(self) -> NDArray[np.float64]:
        """Of every one of the species."""
        if self.compression != "weighted":
            return np.ones(len(self.species))
        weights: Mapping[str, float] = atomic_numbers if self.weights is None else self.weights
        return np.array([weights[element] for element in self.species], dtype=np.float64)

    @property
    def component_names(self) -> tuple[str, ...]:
        """``G2_Li_0`` ..., then ``G4_Li_P_0`` ..., ``G4_Li_0`` ... or ``G4_0`` ....

        ``wG2_0`` ..., ``wG4_0`` ... for "weighted".
        """
        radial = [f"G2_{element}" for element in self.species]
        if self.compression == "nu=2":
            pairs = combinations_with_replacement(self.species, 2)
            angular = [f"G4_{one}_{other}" for one, other in pairs]
        elif self.compression == "nu=1,mu=1":
            angular = [f"G4_{element}" for element in self.species]
        elif self.compression == "mu=2":
            angular = ["G4"]
        else:
            radial, angular = ["wG2"], ["wG4"]
        return tuple(
            f"{name}_{f}"
            for names, functions in ((radial, self._g2), (angular, self._g4))
            for name in names
            for f in range(len(functions))
        )

    @property
    def n_components(self) -> int:
        """Number of components, of S species and the traditional 8 G2 and 43 G4.

        8 S + 43 S (S + 1) / 2, 51 S, 8 S + 43 and 51 for the four compressions.
        """
        n_species = len(self.species)
        channels = {
            "nu=2": (n_species, n_species * (n_species + 1) // 2),
            "nu=1,mu=1": (n_species, n_species),
            "mu=2": (n_species, 1),
            "weighted": (1, 1),
        }[self.compression]
        return channels[0] * len(self._g2) + channels[1] * len(self._g4)

    def compute(self, structures: Sequence[ase.Atoms], *, first_structure: int = 0) -> Sites:
        """LAEDs of all atoms.

        Time grows with the number of atoms, times the pairs of their neighbours within the cutoff,
        times the functions; it hardly depends on the compression, for which nothing is summed but
        what is kept. A function costs a product and a sum for every pair; every :math:`\\eta` an
        exponential besides, every pair of :math:`\\zeta` and :math:`\\lambda` a few products if
        :math:`\\zeta` is an integer, and a power, which is slow, if not.

        Atoms are shared out over ``numba.get_num_threads()`` threads. Memory grows with the
        result, 8 `n_components` bytes per atom, and with the atoms and images of the largest
        structures.

        Parameters
        ----------
        structures : sequence of ase.Atoms
            Crystals or molecules, in Å.
        first_structure : int
            Number of the first structure; the others follow.

        Returns
        -------
        Sites
            ``values`` of shape (n_atoms, n_components); those of elements that an atom does not
            have among its neighbours are exact zeros.

        Raises
        ------
        ValueError
            For an element that is not among `species` or atoms on the same place, naming the
            structure.
        """
        sizes = [len(atoms) for atoms in structures]
        ends = np.cumsum(sizes, dtype=np.int64)
        structure = np.repeat(np.arange(len(sizes)) + first_structure, sizes)
        element = symbols_of(structures)
        group, weight = self._groups_and_weights(element, structures, first_structure)
        values = np.empty((element.size, self.n_components))
        mode = _MODES[self.compression]
        g2 = np.array(self._g2, dtype=np.float64).reshape(-1, 2)
        plan = plan_of(self._g4)

        def fill(place: int, neighbours: Neighbours, begin: int, end: int) -> None:
            rows = slice(ends[place] - sizes[place], ends[place])
            symmetry_function_rows(
                neighbours,
                group[rows],
                weight[rows],
                float(self.cutoff),
                self._n_groups,
                mode,
                g2,
                plan,
                begin,
                end,
                values[rows],
            )

        visit_neighbours(structures, self.cutoff, fill, first_structure=first_structure)
        return Sites(values, structure, element, self.component_names)

    def derivatives(self, atoms: ase.Atoms, centre: int) -> Derivatives:
        """Derivatives of one atom's LAED by the places of its neighbours.

        Neighbours of all atoms are looked for, and time grows with the square of the centre's.

        Parameters
        ----------
        atoms : ase.Atoms
            A crystal or molecule, in Å.
        centre : int
            The atom.

        Returns
        -------
        Derivatives

        Raises
        ------
        ValueError
            As :meth:`compute`, and for a `centre` that is no atom's index.
        """
        if not 0 <= centre < len(atoms):
            raise ValueError(f"centre={centre}: the structure has atoms 0 to {len(atoms) - 1}")
        group, weight = self._groups_and_weights(symbols_of([atoms]), [atoms], 0)
        first, other, distance, vector = find_neighbours([atoms], self.cutoff)
        mine = slice(first[centre], first[centre + 1])
        values = np.zeros((distance[mine].size, 3, self.n_components))
        symmetry_function_derivatives(
            distance[mine],
            vector[mine],
            group[other[mine]],
            weight[other[mine]],
            float(self.cutoff),
            self._n_groups,
            _MODES[self.compression],
            np.array(self._g2, dtype=np.float64).reshape(-1, 2),
            plan_of(self._g4),
            values,
        )
        return Derivatives(centre, other[mine].copy(), vector[mine].copy(), values)

    @property
    def _n_groups(self) -> int:
        return 1 if self.compression == "weighted" else len(self.species)

    def _groups_and_weights(
        self, element: NDArray[np.str_], structures: Sequence[ase.Atoms], first_structure: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Which sums an atom enters as a neighbour, and its factor in them."""
        place = places_among(self.species, element, structures, first_structure=first_structure)
        return (place if self._n_groups > 1 else np.zeros_like(place)), self._weight[place]


def _checked_functions(
    name: str, parts: tuple[str, ...], given: Sequence[Sequence[float]]
) -> tuple[tuple[float, ...], ...]:
    wanted = f"give a list of ({', '.join(parts)})"
    try:
        functions = tuple(tuple(float(number) for number in function) for function in given)
    except (TypeError, ValueError):
        raise ValueError(f"{name}={given!r}: {wanted}") from None
    for number, function in enumerate(functions):
        where = f"{name}, function {number}"
        if len(function) != len(parts) or not np.isfinite(function).all():
            raise ValueError(f"{where} is {function}; {wanted}, all finite")
        if function[0] < 0:
            raise ValueError(f"{where}: eta={function[0]:g}, which cannot be negative")
        if len(parts) == 3 and function[1] < 1:
            raise ValueError(f"{where}: zeta={function[1]:g}, which must be at least 1")
        if len(parts) == 3 and abs(function[2]) > 1:
            raise ValueError(f"{where}: lambda={function[2]:g}, which must be between -1 and 1")
    return functions
