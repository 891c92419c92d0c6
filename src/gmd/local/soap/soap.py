"""The SOAP power spectrum and its compressions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import ase
import numpy as np
from numpy.typing import NDArray

from gmd.local._elements import checked_species
from gmd.local.derivatives import Derivatives
from gmd.local.neighbours import Neighbours, find_neighbours
from gmd.local.sites import Sites
from gmd.local.soap import _kernels as kernels
from gmd.local.soap import recovery
from gmd.local.soap.contraction import Contraction
from gmd.local.soap.expansion import DensityExpansion
from gmd.local.soap.members import member_of
from gmd.local.soap.mixing import embedding_vectors, random_columns, random_orthogonal
from gmd.local.soap.optimal import optimal_basis
from gmd.local.soap.radial import total_coefficients
from gmd.local.sparse_sites import SparseSites, from_blocks
from gmd.parameters import whole_number

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Basis = tuple[tuple[tuple[float, ...], ...], ...]

_ATOMS_PER_FIT = 1000
_MOST_CHANNELS = 1000  # there are 118 elements to mix


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
        That of nothing, no neighbours and no central atom, stays zero.
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
        object.__setattr__(self, "species", checked_species(self.species))
        if isinstance(self.embedding, Mapping):
            vectors = {element: tuple(map(float, v)) for element, v in self.embedding.items()}
            object.__setattr__(self, "embedding", vectors)
        if self.basis is not None:
            nested = tuple(tuple(map(tuple, rows)) for rows in np.asarray(self.basis).tolist())
            object.__setattr__(self, "basis", nested)
        for name in ("n_max", "l_max", "n_channels", "extra_columns", "seed", "u_max"):
            object.__setattr__(self, name, whole_number(name, getattr(self, name)))
        for name in ("cutoff", "cutoff_transition_width", "atom_sigma", "central_weight"):
            object.__setattr__(self, name, getattr(self._density, name))  # which checks them
        self._check_compression()
        if self._contraction.has_own_total:
            total_coefficients(
                np.zeros(1), cutoff=self.cutoff, l_max=self.l_max, atom_sigma=self.atom_sigma
            )

    def _check_compression(self) -> None:
        member = member_of(self.compression)
        if self.embedding is not None:
            if not member.takes_embedding:
                raise ValueError(
                    f"an embedding cannot go with compression {self.compression!r}, which mixes "
                    f"elements itself; leave one of them out"
                )
            if member.is_agnostic:
                raise ValueError(
                    f"compression {self.compression!r} knows no elements, and an embedding is "
                    f"without effect; leave one of them out"
                )
            whole_number("n_channels", self.n_channels, at_least=1, at_most=_MOST_CHANNELS)
            if not self.embedding_vectors().any():
                raise ValueError("all weights of the embedding are zero; give others")
        if self.n_channels != 2 and self.embedding != "random":
            raise ValueError(
                f"n_channels={self.n_channels} goes with embedding 'random' alone; leave it out"
            )
        if self.extra_columns and member.mixing not in ("W", "Q"):
            raise ValueError(
                f"extra_columns={self.extra_columns} goes with compressions 'WTP' and 'QTPQ' alone"
            )
        size = self._density.n_channels
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
        return self._contraction.layout.component_names()

    @property
    def n_components(self) -> int:
        """Length of the descriptor, as in Table I."""
        return self._contraction.layout.n_components

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
            For other compressions or degrees, or without a fit of the optimal basis.
        """
        if not 0 <= degree <= self.l_max:
            raise ValueError(f"degree {degree}: the descriptor has degrees 0 to {self.l_max}")
        mixing = member_of(self.compression).mixing
        size = self._density.n_channels
        if mixing == "W":
            # the same first columns, however many there are
            n_columns = 2 * degree + 1 + self.extra_columns
            columns = random_columns(self.species, self.n_max, degree, n_columns, self.seed)
            return columns[:, :size]
        if mixing == "Q":
            return random_orthogonal(size, degree, self.seed)
        if mixing == "U":
            return np.array(self._fitted_basis()[degree])
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
        length × L + 1); the whole power spectrum is not made on the way to a shorter one. Mixing
        adds (L + 1)² × the channels of the elements around × the columns of the matrices, which for
        ``"QTPQ"`` are all channels.

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
        contraction, width = self._fitted_contraction(), self.n_components
        structure, element, places = self._density.atoms_of(structures, first_structure)
        density = contraction.densities_of(places)
        rows_of = self._row_kernel(packed=False)
        values = np.zeros((element.size, width))

        def fill(rows: slice, neighbours: Neighbours, begin: int, end: int) -> None:
            out = values[rows][begin:end].reshape(-1)
            starts = np.arange(end - begin) * width
            rows_of(neighbours, density[rows], starts, begin, end, out)
            if self.normalize:
                kernels.scale_to_unit(out, starts + width)

        self._density.visit(structures, fill, first_structure)
        return Sites(values, structure, element, self.component_names)

    def compute_sparse(
        self, structures: Sequence[ase.Atoms], *, first_structure: int = 0
    ) -> SparseSites:
        """LAEDs of all atoms without the components of elements that are absent.

        Memory grows with the components of the elements that are present around each atom, 16
        bytes each, and 40 on the way: it is worth while where few of the elements are.

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
        contraction = self._fitted_contraction()
        sizes = contraction.layout.sizes
        structure, element, places = self._density.atoms_of(structures, first_structure)
        density = contraction.densities_of(places)
        rows_of = self._row_kernel(packed=True)
        pieces: dict[int, tuple[NDArray[np.bool_], Floats]] = {}

        def fill(rows: slice, neighbours: Neighbours, begin: int, end: int) -> None:
            present = np.empty((end - begin, contraction.n_densities), dtype=np.bool_)
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
            here = contraction.blocks_here(present)
            lengths = here @ sizes
            ends = np.cumsum(lengths)
            out = np.zeros(int(lengths.sum()))
            rows_of(neighbours, density[rows], ends - lengths, begin, end, out)
            if self.normalize:
                kernels.scale_to_unit(out, ends)
            pieces[rows.start + begin] = here, out

        self._density.visit(structures, fill, first_structure)
        ordered = [piece for _, piece in sorted(pieces.items())]
        matrix = from_blocks(ordered, sizes, element.size)
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
        return self._density.coefficients(structures, first_structure=first_structure)

    def derivatives(self, atoms: ase.Atoms, centre: int) -> Derivatives:
        """Derivatives of one atom's LAED by the places of its neighbours.

        Analytic, up to the cutoff, where they are continuous. Memory grows with the neighbours,
        24 `n_components` bytes each, twice that with `normalize`. Neighbours of the whole
        structure are searched for.

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
            As :meth:`compute`, and where there is no such atom.
        """
        if not 0 <= centre < len(atoms):
            raise ValueError(
                f"there is no atom {centre}; the structure has atoms 0 to {len(atoms) - 1}"
            )
        contraction = self._fitted_contraction()
        _, _, places = self._density.atoms_of([atoms], 0)
        neighbours = find_neighbours([atoms], float(self.cutoff))
        pairs = slice(neighbours.first[centre], neighbours.first[centre + 1])
        values = np.zeros((pairs.stop - pairs.start, 3, self.n_components))
        kernels.soap_derivatives(
            centre,
            *neighbours,
            contraction.densities_of(places),
            contraction.n_densities,
            *self._density.arguments(own_total=contraction.has_own_total),
            *contraction.arguments,
            contraction.layout.starts,
            values,
        )
        if self.normalize:
            plain = np.zeros(self.n_components)
            begin = np.zeros(1, dtype=np.int64)
            density = contraction.densities_of(places)
            self._row_kernel(packed=False)(neighbours, density, begin, centre, centre + 1, plain)
            length = np.linalg.norm(plain) or 1.0
            unit = plain / length
            values -= np.multiply.outer(values @ unit, unit)
            values /= length
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
        contraction = self._contraction
        mixing = contraction.member.mixing
        if mixing not in ("W", "Q") or self.normalize:
            raise ValueError(
                "the power spectrum is recovered from compressions 'WTP' and 'QTPQ', with "
                "normalize=False"
            )
        if values.ndim != 2 or values.shape[1] != self.n_components:
            raise ValueError(
                f"values have shape {values.shape}; expected (n_atoms, {self.n_components})"
            )
        if mixing == "W":
            rows = recovery.rows_of_columns(values, contraction.layout, len(self.species))
            return recovery.from_random_columns(rows, contraction.mixing())
        rows = recovery.rows_of_rotation(values, contraction.layout)
        return recovery.from_random_rotation(rows, contraction.mixing())

    @property
    def needs_fit(self) -> bool:
        """Whether the optimal radial basis is still to be found."""
        return member_of(self.compression).mixing == "U" and self.basis is None

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
        if member_of(self.compression).mixing != "U":
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

    @cached_property
    def _density(self) -> DensityExpansion:
        return DensityExpansion(
            self.species,
            self.cutoff,
            self.cutoff_transition_width,
            self.atom_sigma,
            self.n_max,
            self.l_max,
            self.central_weight,
            self.radial_basis,
        )

    @cached_property
    def _contraction(self) -> Contraction:
        member = member_of(self.compression)
        size, degrees = self._density.n_channels, range(self.l_max + 1)
        kept = [min(2 * degree + 1 + self.extra_columns, size) for degree in degrees]
        whole = [size] * len(degrees)
        mixed = {"": [], "W": kept, "Q": whole, "U": [self.u_max] * len(degrees)}[member.mixing]
        return Contraction(
            member,
            self.species,
            self.n_max,
            self.l_max,
            None if self.embedding is None else self.embedding_vectors(),
            tuple(mixed),
            lambda: [self.mixing(degree) for degree in degrees] if mixed else [],
            tuple(kept if member.mixing == "Q" else whole),
        )

    def _fitted_basis(self) -> Basis:
        if self.basis is None:
            raise ValueError(
                "the optimal radial basis is not there yet; call fit(structures), which returns a "
                "descriptor that has it"
            )
        return self.basis

    def _fitted_contraction(self) -> Contraction:
        """The contraction, once it can be computed."""
        if self.needs_fit:
            self._fitted_basis()
        return self._contraction

    def _row_kernel(
        self, *, packed: bool
    ) -> Callable[[Neighbours, Integers, Integers, int, int, Floats], None]:
        """The kernel that adds some atoms' descriptors to an array, each from where it begins."""
        contraction = self._contraction
        expansion = self._density.arguments(own_total=contraction.has_own_total)

        def rows_of(
            neighbours: Neighbours,
            density: Integers,
            starts: Integers,
            begin: int,
            end: int,
            out: Floats,
        ) -> None:
            kernels.soap_rows(
                *neighbours,
                density,
                contraction.n_densities,
                *expansion,
                *contraction.arguments,
                *contraction.block_arguments,
                packed,
                starts,
                begin,
                end,
                out,
            )

        # made here, before threads ask for them
        _ = contraction.arguments, contraction.block_arguments
        return rows_of
