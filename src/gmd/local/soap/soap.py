"""The SOAP power spectrum and its compressions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

import ase
import numpy as np
from ase.data import atomic_numbers
from numpy.typing import NDArray
from scipy import sparse

from gmd.local._elements import places_among, symbols_of
from gmd.local.derivatives import Derivatives
from gmd.local.neighbours import Neighbours, find_neighbours, visit_neighbours
from gmd.local.sites import Sites
from gmd.local.soap import _kernels as kernels
from gmd.local.soap import recovery
from gmd.local.soap.layout import SideLayout, SoapLayout
from gmd.local.soap.members import Member, Side, member_of
from gmd.local.soap.mixing import embedding_vectors, random_columns, random_orthogonal
from gmd.local.soap.optimal import optimal_basis
from gmd.local.soap.radial import RADIAL_BASES, radial_coefficients, total_coefficients
from gmd.local.soap.tables import tabulate
from gmd.local.sparse_sites import SparseSites

Floats = NDArray[np.float64]
Basis = tuple[tuple[tuple[float, ...], ...], ...]

_ATOMS_PER_FIT = 1000


@dataclass(frozen=True, kw_only=True)
class Soap:
    r"""SOAP power spectrum, whole or compressed: Darby, Kermode and Csányi 2021.

    The density of each element around an atom, a Gaussian per neighbour, is expanded in orthonormal
    radial functions and real spherical harmonics (equation 1 and below). With the coefficients
    :math:`c^\alpha_{nlm}` the power spectrum is

    .. math:: p^{\alpha\beta}_{nn'l} = \frac{1}{\sqrt{2l+1}} \sum_m c^\alpha_{nlm} c^\beta_{n'lm}

    and each compression is such a product of two *sides*: :math:`\nu` stands for the densities of
    the elements, :math:`\mu` for the total density, and a hat for the sum over radial functions,
    which is the density on the unit sphere. The central atom adds a Gaussian of its own element.

    Components of products of a side with itself are weighted by :math:`\sqrt2` beside the diagonal,
    so that the dot product of two descriptors is the kernel (equation 8). Conventions are those of
    ``soap`` in GAP; ``docs/compressions.md`` tells more of each.

    Parameters
    ----------
    species : sequence of str
        Elements; they give the order of components.
    cutoff : float
        Å.
    n_max : int
        Number N of radial functions.
    l_max : int
        Highest degree L of the spherical harmonics.
    atom_sigma : float
        Width of the Gaussians in Å.
    cutoff_transition_width : float
        Over this width, in Å, neighbours fade in below the cutoff.
    compression : str
        ``"nu=2"`` (the whole power spectrum), ``"nu=1,mu=1"``, ``"nu=1,nu_hat=1"``,
        ``"nu=1,mu_hat=1"``, ``"nu_hat=2"``, ``"mu=2"``, ``"mu=1,mu_hat=1"``, ``"nu_hat=1,mu=1"``,
        ``"nu_hat=1,mu_hat=1"``, ``"mu_hat=2"``; ``"nu=1,mu*=1"``, where the total density has
        2l + 1 radial functions of its own; ``"WTP"`` and ``"QTPQ"``, from which the whole power
        spectrum can be recovered; ``"optimal"``, in an optimal radial basis with mixed species.
    central_weight : float
        Weight of the central atom's own Gaussian.
    radial_basis : {"equispaced", "gto"}
        Radial functions, see :func:`gmd.local.soap.radial.radial_coefficients`.
    normalize : bool
        Whether descriptors have length 1, so that the kernel of an environment with itself is 1.
    embedding : str or mapping, optional
        Channels in place of elements, see :func:`gmd.local.soap.mixing.embedding_vectors`. The
        total density remains that of all elements alike.
    n_channels : int
        Number of channels of a random embedding.
    extra_columns : int
        Columns beyond 2l + 1 in ``"WTP"`` and rows in ``"QTPQ"``; with two the recovery is hardly
        ever worse than rounding.
    seed : int
        Of random matrices and embeddings.
    u_max : int
        Functions per degree of the optimal radial basis.
    basis : nested sequences of float, optional
        The optimal radial basis, (l_max + 1, n_species * n_max, u_max), as :meth:`fit` finds it.

    Raises
    ------
    ValueError
        For parameters that make no sense.
    """

    species: tuple[str, ...]
    cutoff: float
    n_max: int
    l_max: int
    atom_sigma: float
    cutoff_transition_width: float = 0.5
    compression: str = "nu=2"
    central_weight: float = 1.0
    radial_basis: str = "equispaced"
    normalize: bool = False
    embedding: str | Mapping[str, Sequence[float]] | None = field(default=None, hash=False)
    n_channels: int = 2
    extra_columns: int = 0
    seed: int = 0
    u_max: int = 0
    basis: Basis | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "species", tuple(self.species))
        if isinstance(self.embedding, Mapping):
            vectors = {element: tuple(map(float, v)) for element, v in self.embedding.items()}
            object.__setattr__(self, "embedding", vectors)
        if self.basis is not None:
            nested = tuple(tuple(map(tuple, rows)) for rows in np.asarray(self.basis).tolist())
            object.__setattr__(self, "basis", nested)
        for name in ("n_max", "l_max", "n_channels", "extra_columns", "seed", "u_max"):
            number = getattr(self, name)
            if isinstance(number, bool) or not isinstance(number, int | np.integer) or number < 0:
                raise ValueError(f"{name}={number!r}: give a whole number, not negative")
        self._check_species()
        self._check_expansion()
        self._check_compression()

    def _check_species(self) -> None:
        unknown = [s for s in self.species if atomic_numbers.get(s, 0) == 0]
        if unknown or not self.species:
            raise ValueError(f"species {list(self.species)}: give symbols of chemical elements")
        if len(set(self.species)) < len(self.species):
            raise ValueError(f"species {list(self.species)} repeat an element; name each once")

    def _check_expansion(self) -> None:
        for name in ("cutoff", "atom_sigma", "cutoff_transition_width"):
            value = getattr(self, name)
            if not (np.isfinite(value) and value > 0):
                raise ValueError(f"{name}={value}: give a positive length in Å")
        if self.cutoff_transition_width > self.cutoff:
            raise ValueError(
                f"cutoff_transition_width={self.cutoff_transition_width} is wider than the "
                f"cutoff, {self.cutoff} Å; lower it"
            )
        if self.n_max < 1:
            raise ValueError(f"n_max={self.n_max}: at least one radial function is needed")
        if not np.isfinite(self.central_weight):
            raise ValueError(f"central_weight={self.central_weight}: give a finite number")
        if self.radial_basis not in RADIAL_BASES:
            raise ValueError(
                f"radial_basis {self.radial_basis!r} is unknown; choose one of "
                f"{', '.join(map(repr, RADIAL_BASES))}"
            )
        radial_coefficients(np.zeros(1), **self._radial)

    def _check_compression(self) -> None:
        member = member_of(self.compression)
        if self.embedding is not None:
            if not member.takes_embedding:
                raise ValueError(
                    f"an embedding cannot go with compression {self.compression!r}, which mixes "
                    f"elements itself; leave one of them out"
                )
            if self.n_channels < 1:
                raise ValueError(f"n_channels={self.n_channels}: give at least one channel")
            self.embedding_vectors()
        if self.n_channels != 2 and self.embedding != "random":
            raise ValueError(
                f"n_channels={self.n_channels} goes with embedding 'random' alone; leave it out"
            )
        if self.extra_columns and member.mixing not in ("W", "Q"):
            raise ValueError(
                f"extra_columns={self.extra_columns} goes with compressions 'WTP' and 'QTPQ' alone"
            )
        size = len(self.species) * self.n_max
        if member.mixing == "U":
            if not 1 <= self.u_max <= size:
                raise ValueError(
                    f"u_max={self.u_max}: an optimal radial basis has between 1 and "
                    f"n_species * n_max = {size} functions for each degree"
                )
        elif self.u_max or self.basis is not None:
            raise ValueError("u_max and basis go with compression 'optimal' alone")
        if self.basis is not None:
            shape, expected = np.shape(self.basis), (self.l_max + 1, size, self.u_max)
            if shape != expected or not np.isfinite(self.basis).all():
                raise ValueError(f"basis has shape {shape}; expected {expected}, finite numbers")

    @cached_property
    def component_names(self) -> tuple[str, ...]:
        """``Li.0_S.3_l2``: left and right channel, degree; by block of elements, then degree."""
        return self._layout.component_names()

    @property
    def n_components(self) -> int:
        """Length of the descriptor, as in Table I."""
        return self._layout.n_components

    def mixing(self, degree: int) -> Floats:
        """The combinations of coefficients that ``"WTP"``, ``"QTPQ"`` or ``"optimal"`` take.

        Parameters
        ----------
        degree : int
            The degree l.

        Returns
        -------
        ndarray of shape (n_species * n_max, k)
            W or Q for this degree, or the optimal radial basis; rows are elements, then radial
            functions.

        Raises
        ------
        ValueError
            For other compressions, or without a fit of the optimal basis.
        """
        mixing = self._member.mixing
        size = len(self.species) * self.n_max
        if mixing == "W":
            # the same first columns, however many there are
            n_columns = 2 * degree + 1 + self.extra_columns
            columns = random_columns(self.species, self.n_max, degree, n_columns, self.seed)
            return columns[:, :size]
        if mixing == "Q":
            return random_orthogonal(size, degree, self.seed)
        if mixing == "U":
            if self.basis is None:
                raise ValueError(
                    "the optimal radial basis is not there yet; call fit(structures), which "
                    "returns a descriptor that has it"
                )
            return np.array(self.basis[degree])
        raise ValueError(f"compression {self.compression!r} takes no combinations")

    def embedding_vectors(self) -> Floats:
        """Weights of the elements in the channels.

        Returns
        -------
        ndarray of shape (n_species, n_channels)

        Raises
        ------
        ValueError
            Without an embedding.
        """
        if self.embedding is None:
            raise ValueError("there is no embedding; elements have a density each")
        return embedding_vectors(
            self.embedding, self.species, n_channels=self.n_channels, seed=self.seed
        )

    def compute(self, structures: Sequence[ase.Atoms], *, first_structure: int = 0) -> Sites:
        """LAEDs of all atoms.

        Time grows with the number of atoms, times (neighbours × N (L + 1)² + the compressed
        length × L + 1); the whole power spectrum is not made on the way to a shorter one.

        Atoms are shared out over ``numba.get_num_threads()`` threads. Memory grows with the result,
        8 `n_components` bytes per atom; :func:`gmd.local.compute_in_chunks` bounds it,
        :meth:`compute_sparse` leaves out the blocks of absent elements.

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
            For an element that is not among the species, or atoms on the same place, naming the
            structure; or without a fit of the optimal basis.
        """
        _ = self._sides  # made before threads ask for them
        structure, element, places = self._atoms_of(structures, first_structure)
        density = self._densities_of(places)
        values = np.zeros((element.size, self.n_components))

        def fill(rows: slice, neighbours: Neighbours, begin: int, end: int) -> None:
            out = values[rows].reshape(-1)
            starts = np.arange(begin, end) * self.n_components
            self._add_rows(density[rows], neighbours, starts, begin, end, out, packed=False)
            if self.normalize:
                first, last = begin * self.n_components, end * self.n_components
                row_ends = starts - first + self.n_components
                kernels.scale_to_unit(out[first:last], row_ends)

        self._visit(structures, fill, first_structure)
        return Sites(values, structure, element, self.component_names)

    def compute_sparse(
        self, structures: Sequence[ase.Atoms], *, first_structure: int = 0
    ) -> SparseSites:
        """LAEDs of all atoms without the components of elements that are absent.

        Memory grows with the components of the elements that are present around each atom, 16
        bytes each.

        Parameters
        ----------
        structures, first_structure
            As in :meth:`compute`.

        Returns
        -------
        SparseSites
            The same numbers as :meth:`compute` has.

        Raises
        ------
        ValueError
            As :meth:`compute`.
        """
        _ = self._sides  # made before threads ask for them
        structure, element, places = self._atoms_of(structures, first_structure)
        density = self._densities_of(places)
        layout = self._layout
        pieces: dict[int, tuple[NDArray[np.bool_], Floats]] = {}

        def fill(rows: slice, neighbours: Neighbours, begin: int, end: int) -> None:
            present = np.empty((end - begin, self._n_densities), dtype=np.bool_)
            kernels.find_present(
                neighbours.first,
                neighbours.other,
                neighbours.distance,
                density[rows],
                float(self.cutoff),
                self.central_weight != 0.0,
                begin,
                end,
                present,
            )
            here = self._blocks_here(present)
            lengths = here @ layout.sizes
            ends = np.cumsum(lengths)
            out = np.zeros(int(lengths.sum()))
            self._add_rows(density[rows], neighbours, ends - lengths, begin, end, out, packed=True)
            if self.normalize:
                kernels.scale_to_unit(out, ends)
            pieces[rows.start + begin] = here, out

        self._visit(structures, fill, first_structure)
        starts = np.cumsum(layout.sizes) - layout.sizes
        indices, counts = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        values = [np.empty(0)]
        for _, (here, out) in sorted(pieces.items()):
            _, block = np.nonzero(here)
            sizes = layout.sizes[block]
            within = np.arange(out.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
            indices.append(np.repeat(starts[block], sizes) + within)
            counts.append(here @ layout.sizes)
            values.append(out)
        pointers = np.concatenate([[0], np.cumsum(np.concatenate(counts))])
        matrix = sparse.csr_array(
            (np.concatenate(values), np.concatenate(indices), pointers),
            shape=(element.size, layout.n_components),
        )
        return SparseSites(matrix, structure, element, self.component_names)

    def expansion(self, structures: Sequence[ase.Atoms], *, first_structure: int = 0) -> Floats:
        r"""Coefficients of the densities around all atoms.

        Parameters
        ----------
        structures : sequence of ase.Atoms
            Crystals or molecules, in Å.
        first_structure : int
            Number of the first structure, for messages.

        Returns
        -------
        ndarray of shape (n_atoms, n_species, n_max, (l_max + 1)**2), float64
            :math:`c^\alpha_{nlm}` at ``l * l + l + m``, sines for m < 0, without the
            Condon-Shortley phase.

        Raises
        ------
        ValueError
            As :meth:`compute`.
        """
        _, _, places = self._atoms_of(structures, first_structure)
        n_rows = (self.l_max + 1) ** 2
        values = np.empty((places.size, len(self.species), self.n_max, n_rows))
        table, central = self._tables(own_total=False)

        def fill(rows: slice, neighbours: Neighbours, begin: int, end: int) -> None:
            kernels.expansion_rows(
                *neighbours,
                places[rows],
                len(self.species),
                table,
                *self._ends,
                self.l_max,
                self.n_max,
                central,
                float(self.central_weight),
                _harmonic_factors(self.l_max),
                begin,
                end,
                values[rows],
            )

        self._visit(structures, fill, first_structure)
        return values

    def derivatives(self, atoms: ase.Atoms, centre: int) -> Derivatives:
        """Derivatives of one atom's LAED by the places of its neighbours.

        Analytic, up to the cutoff, where they are continuous. Memory grows with the neighbours,
        24 `n_components` bytes each.

        Parameters
        ----------
        atoms : ase.Atoms
            A crystal or molecule, in Å.
        centre : int
            The atom.

        Returns
        -------
        Derivatives
            ``values`` of shape (n_neighbours, 3, n_components).

        Raises
        ------
        ValueError
            As :meth:`compute`.
        IndexError
            Where there is no such atom.
        """
        if not 0 <= centre < len(atoms):
            raise IndexError(f"atom {centre} of a structure of {len(atoms)}")
        _, _, places = self._atoms_of([atoms], 0)
        neighbours = find_neighbours([atoms], float(self.cutoff))
        pairs = slice(neighbours.first[centre], neighbours.first[centre + 1])
        n_pairs = pairs.stop - pairs.start
        values = np.zeros((n_pairs, 3, self.n_components))
        table, central = self._tables(own_total=self._has_own_total)
        kernels.soap_derivatives(
            centre,
            *neighbours,
            self._densities_of(places),
            self._n_densities,
            table,
            *self._ends,
            self.l_max,
            self.n_max,
            central,
            float(self.central_weight),
            _harmonic_factors(self.l_max),
            *self._sides,
            self._layout.starts,
            values,
        )
        if self.normalize:
            plain = replace(self, normalize=False).compute([atoms]).values[centre]
            length = np.linalg.norm(plain) or 1.0
            unit = plain / length
            values = (values - np.multiply.outer(values @ unit, unit)) / length
        return Derivatives(
            centre, neighbours.other[pairs].copy(), neighbours.vector[pairs].copy(), values
        )

    def recover(self, values: Floats) -> list[Floats]:
        r"""The whole power spectrum from a lossless compression (section II B).

        Parameters
        ----------
        values : ndarray of shape (n_atoms, n_components)
            What :meth:`compute` gives with ``"WTP"`` or ``"QTPQ"``, not normalised.

        Returns
        -------
        list of ndarray of shape (n_atoms, n_species * n_max, n_species * n_max)
            :math:`P_l = X_l^T X_l / \sqrt{2l+1}` for l = 0, 1, ..., elements slowest.

        Raises
        ------
        ValueError
            For other compressions, or normalised descriptors.
        """
        mixing = self._member.mixing
        if mixing not in ("W", "Q") or self.normalize:
            raise ValueError(
                "the power spectrum is recovered from compressions 'WTP' and 'QTPQ', with "
                "normalize=False"
            )
        if values.ndim != 2 or values.shape[1] != self.n_components:
            raise ValueError(
                f"values have shape {values.shape}; expected (n_atoms, {self.n_components})"
            )
        matrices = [self.mixing(degree) for degree in range(self.l_max + 1)]
        if mixing == "W":
            return recovery.from_random_columns(self._columns_products(values), matrices)
        return recovery.from_random_rotation(self._rotation_rows(values), matrices)

    @property
    def needs_fit(self) -> bool:
        """Whether the optimal radial basis is still to be found."""
        return self._member.mixing == "U" and self.basis is None

    def fit(self, structures: Sequence[ase.Atoms]) -> Soap:
        """Find the optimal radial basis of a data set.

        Goscinski et al., J. Chem. Phys. 155, 104106 (2021): principal axes of the expansion
        coefficients, elements mixed, for each degree.

        Parameters
        ----------
        structures : sequence of ase.Atoms
            The data set; a thousand atoms' coefficients are held at once.

        Returns
        -------
        Soap
            The same descriptor with `basis`.

        Raises
        ------
        ValueError
            For compressions other than ``"optimal"``, no atoms, or as :meth:`compute`.
        """
        if self._member.mixing != "U":
            raise ValueError(f"compression {self.compression!r} has nothing to fit")

        def expansions() -> Iterator[Floats]:
            begin = n_atoms = 0
            for end, atoms in enumerate(structures, start=1):
                n_atoms += len(atoms)
                if n_atoms >= _ATOMS_PER_FIT or end == len(structures):
                    yield self.expansion(structures[begin:end], first_structure=begin)
                    begin, n_atoms = end, 0

        basis, _ = optimal_basis(expansions(), self.u_max)
        return replace(self, basis=basis.tolist())

    @property
    def _member(self) -> Member:
        return member_of(self.compression)

    @property
    def _has_own_total(self) -> bool:
        return self._member.right == "mu*"

    @property
    def _radial(self) -> dict[str, Any]:
        return {
            "kind": self.radial_basis,
            "cutoff": float(self.cutoff),
            "n_max": self.n_max,
            "l_max": self.l_max,
            "atom_sigma": float(self.atom_sigma),
        }

    @property
    def _ends(self) -> tuple[float, float, float]:
        """End of the table, cutoff and transition width."""
        return float(self.cutoff), float(self.cutoff), float(self.cutoff_transition_width)

    @cached_property
    def _layout(self) -> SoapLayout:
        member = self._member
        size = len(self.species) * self.n_max
        degrees = range(self.l_max + 1)
        return SoapLayout(
            self._side(member.left),
            self._side(member.right),
            member.is_symmetric,
            tuple(
                min(2 * degree + 1 + self.extra_columns, size) if member.mixing == "Q" else size
                for degree in degrees
            ),
        )

    def _side(self, side: Side) -> SideLayout:
        degrees = range(self.l_max + 1)
        if side == "mixed":
            mixing = self._member.mixing
            size = len(self.species) * self.n_max
            columns = {
                "W": [min(2 * degree + 1 + self.extra_columns, size) for degree in degrees],
                "Q": [size] * (self.l_max + 1),
                "U": [self.u_max] * (self.l_max + 1),
            }
            return SideLayout((mixing,), tuple(columns[mixing]))
        groups: tuple[str, ...] = ("all",)
        if side in ("nu", "nu_hat"):
            groups = self.species
            if self.embedding is not None:
                groups = tuple(f"J{c}" for c in range(self.embedding_vectors().shape[1]))
        if side == "mu*":
            return SideLayout(groups, tuple(2 * degree + 1 for degree in degrees))
        projected = side.endswith("hat")
        return SideLayout(groups, tuple(1 if projected else self.n_max for _ in degrees), projected)

    @cached_property
    def _sides(self) -> tuple[Any, ...]:
        """What the kernels are told of the two sides."""
        member, layout = self._member, self._layout
        embedded = self.embedding is not None
        vectors = self.embedding_vectors() if embedded else np.zeros((self._n_densities, 0))
        mixing = np.zeros(0)
        if member.mixing:
            parts = [self.mixing(degree).ravel() for degree in range(self.l_max + 1)]
            mixing = np.concatenate(parts)
        return (
            *member.kinds(embedded=embedded),
            np.array(layout.left.widths),
            np.array(layout.right.widths),
            np.array(layout.n_rows),
            member.is_symmetric,
            1.0 if member.mixing == "Q" else float(np.sqrt(2.0)),
            vectors,
            mixing,
        )

    def _tables(self, *, own_total: bool) -> tuple[Floats, Floats]:
        return _tables(tuple(self._radial.items()), own_total)

    @property
    def _n_densities(self) -> int:
        """How many densities are expanded: one per element, or one for all."""
        return 1 if self._member.is_agnostic else len(self.species)

    def _atoms_of(
        self, structures: Sequence[ase.Atoms], first_structure: int
    ) -> tuple[NDArray[np.int64], NDArray[np.str_], NDArray[np.int64]]:
        """Structure, element and place of the element among the species of all atoms."""
        structure = np.repeat(
            np.arange(len(structures)) + first_structure, [len(atoms) for atoms in structures]
        )
        element = symbols_of(structures)
        places = places_among(
            self.species,
            element,
            structures,
            first_structure=first_structure,
            complaint="which is not among the species",
            named="these are",
        )
        return structure, element, places

    def _densities_of(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Index of the density that each atom adds to."""
        return np.zeros_like(places) if self._member.is_agnostic else places

    def _visit(
        self,
        structures: Sequence[ase.Atoms],
        fill: Callable[[slice, Neighbours, int, int], None],
        first_structure: int,
    ) -> None:
        """Call `fill` with a structure's rows, its neighbours, and a range of atoms."""
        ends = np.cumsum([len(atoms) for atoms in structures], dtype=np.int64)

        def work(place: int, neighbours: Neighbours, begin: int, end: int) -> None:
            rows = slice(int(ends[place]) - len(structures[place]), int(ends[place]))
            fill(rows, neighbours, begin, end)

        visit_neighbours(structures, float(self.cutoff), work, first_structure=first_structure)

    def _add_rows(
        self,
        density: NDArray[np.int64],
        neighbours: Neighbours,
        row_begin: NDArray[np.int64],
        begin: int,
        end: int,
        out: Floats,
        *,
        packed: bool,
    ) -> None:
        layout = self._layout
        table, central = self._tables(own_total=self._has_own_total)
        kernels.soap_rows(
            *neighbours,
            density,
            self._n_densities,
            table,
            *self._ends,
            self.l_max,
            self.n_max,
            central,
            float(self.central_weight),
            _harmonic_factors(self.l_max),
            *self._sides,
            np.ascontiguousarray(layout.blocks[:, 0]),
            np.ascontiguousarray(layout.blocks[:, 1]),
            layout.sizes,
            layout.starts,
            packed,
            row_begin,
            begin,
            end,
            out,
        )

    def _blocks_here(self, present: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which blocks each atom has, (n_atoms, n_blocks)."""
        here = np.ones((present.shape[0], len(self._layout.blocks)), dtype=np.bool_)
        if self.embedding is None:
            sides = (self._member.left, self._member.right)
            for side, group in zip(sides, self._layout.blocks.T, strict=True):
                if side in ("nu", "nu_hat"):
                    here &= present[:, group]
        return here

    def _columns_products(self, values: Floats) -> list[Floats]:
        r""":math:`W_l^T P_l` for l = 0, 1, ..., (n_atoms, k_l, n_species * n_max) each."""
        widths = self._layout.left.widths
        n_species, n_max = len(self.species), self.n_max
        blocks = values.reshape(values.shape[0], n_species, -1)
        found, at = [], 0
        for k in widths:
            part = blocks[:, :, at : at + k * n_max]
            part = part.reshape(values.shape[0], n_species, k, n_max).transpose(0, 2, 1, 3)
            found.append(part.reshape(values.shape[0], k, n_species * n_max))
            at += k * n_max
        return found

    def _rotation_rows(self, values: Floats) -> list[Floats]:
        r"""The first rows of :math:`Q_l^T P_l Q_l` for l = 0, 1, ..."""
        size = len(self.species) * self.n_max
        found, at = [], 0
        for k in self._layout.n_rows:
            row, column = np.triu_indices(k, m=size)
            matrix = np.zeros((values.shape[0], k, size))
            part = values[:, at : at + row.size]
            matrix[:, row, column] = part
            mirrored = column < k
            matrix[:, column[mirrored], row[mirrored]] = part[:, mirrored]
            found.append(matrix)
            at += row.size
        return found


@lru_cache(maxsize=16)
def _tables(radial: tuple[tuple[str, Any], ...], own_total: bool) -> tuple[Floats, Floats]:
    """Tabulated radial functions, (n_intervals, 10, n_columns), and those of the central atom.

    Columns are l, then n, and after them l, then the total density's own functions.
    """
    settings = dict(radial)
    cutoff, l_max, sigma = settings["cutoff"], settings["l_max"], settings["atom_sigma"]

    def function(distance: Floats) -> Floats:
        parts = [radial_coefficients(distance, **settings).reshape(distance.size, -1)]
        if own_total:
            parts.append(total_coefficients(distance, cutoff=cutoff, l_max=l_max, atom_sigma=sigma))
        return np.concatenate(parts, axis=1)

    at_zero = function(np.zeros(1))[0] / np.sqrt(4.0 * np.pi)  # times Y_00
    central = at_zero[: settings["n_max"]]
    if own_total:
        central = np.append(central, at_zero[(l_max + 1) * settings["n_max"]])
    return tabulate(function, cutoff, sigma / 4), np.ascontiguousarray(central)


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
