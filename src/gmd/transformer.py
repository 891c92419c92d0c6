"""A descriptor of structures as a transformer of scikit-learn."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Self

import ase
import numpy as np
from ase.data import chemical_symbols
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from gmd import __version__
from gmd.descriptors import (
    ColumnScaling,
    DescriptorSpace,
    Layout,
    Notation,
    informative_columns,
    varying_columns,
)
from gmd.descriptors.moments import AbsentElements
from gmd.descriptors.normalization import Normalization
from gmd.descriptors.notation import MethodII
from gmd.local import (
    Chebyshev,
    FittedFamily,
    LocalFamily,
    compute_in_chunks,
    family_settings,
    local_family,
)
from gmd.storage import DamagedFileError, verify_document, with_checksum, written_whole
from gmd.structures import check_structure, element_weights

_FORMAT = "gmd.GlobalDescriptor"
_VERSION = 1


class GlobalDescriptor(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    r"""A global descriptor :math:`\Sigma_{ijk}` of structures, for scikit-learn's pipelines.

    ``fit`` takes the elements and the scale of every column from some structures, ``transform``
    describes any structures of these elements by the same columns on the same scale.

    Parameters
    ----------
    sigma : str
        Label of the descriptor, three digits (Gharakhanyan et al. 2023, section 3.1).
    laed : LocalFamily, optional
        Local descriptor; if not given, :class:`gmd.local.Chebyshev` with the paper's settings and
        the weights below. One that needs a fit, such as an optimal radial basis, is fitted too.
    elements : sequence of str, optional
        Elements in the order in which method ii stacks them; if not given, those of the structures
        that are fitted, by atomic number.
    weights : mapping of str to float or str, optional
        Weight of every element, or a rule of :func:`gmd.structures.element_weights`. If not given,
        those of a Chebyshev `laed`, and otherwise aenet's rule.
    max_outer, max_inner : int
        Highest degrees of the space that `sigma` belongs to.
    absent_elements : {"zero", "exclude"}
        Whether an element that a structure lacks adds a row of zeros to methods i and iii.
    method_ii : {"moments", "repeated"}
        What ``0j0`` holds for degrees of three and above.
    normalization : {"zscore", "minmax", "maxabs", "none"}
        Column-wise, over the structures that are fitted.

    Attributes
    ----------
    elements_ : tuple of str
    weights_ : dict of str to float
    laed_ : LocalFamily
    scaling_ : ColumnScaling
        Of the columns of `sigma`.
    n_structures_fit_ : int
        How many structures were fitted.

    Examples
    --------
    >>> from gmd import GlobalDescriptor
    >>> from gmd.structures import load_lps
    >>> GlobalDescriptor(sigma="101").fit_transform(load_lps()).shape
    (423, 48)
    """

    def __init__(
        self,
        sigma: str = "555",
        *,
        laed: LocalFamily | None = None,
        elements: Sequence[str] | None = None,
        weights: Mapping[str, float] | str | None = None,
        max_outer: int = 5,
        max_inner: int = 5,
        absent_elements: AbsentElements = "zero",
        method_ii: MethodII = "moments",
        normalization: Normalization = "zscore",
    ) -> None:
        self.sigma = sigma
        self.laed = laed
        self.elements = elements
        self.weights = weights
        self.max_outer = max_outer
        self.max_inner = max_inner
        self.absent_elements = absent_elements
        self.method_ii = method_ii
        self.normalization = normalization

    def fit(self, structures: Sequence[ase.Atoms], y: object = None) -> Self:
        """Take elements and the columns' scale from some structures.

        Parameters
        ----------
        structures : sequence of ase.Atoms
            At least one.
        y : object
            Not used.

        Returns
        -------
        GlobalDescriptor
            Itself.

        Raises
        ------
        ValueError
            For no structures, an unknown `sigma`, elements without weights, or a structure that
            cannot be described.
        TypeError
            For anything but structures.

        Warns
        -----
        UserWarning
            Where half of the columns or more are constant over the structures.
        """
        self._fit(structures)
        return self

    def fit_transform(
        self, structures: Sequence[ase.Atoms], y: object = None, **fit_params: object
    ) -> NDArray[np.float64]:
        """Fit, and describe the same structures; see :meth:`fit` and :meth:`transform`."""
        columns = self._fit(structures)
        return self.scaling_.apply(columns)

    def transform(self, structures: Sequence[ase.Atoms]) -> NDArray[np.float64]:
        """Describe structures.

        Parameters
        ----------
        structures : sequence of ase.Atoms
            Of the elements that were fitted.

        Returns
        -------
        ndarray of shape (n_structures, n_columns), float64

        Raises
        ------
        sklearn.exceptions.NotFittedError
            Before :meth:`fit`.
        ValueError
            For an element that was not fitted, or a structure that cannot be described.
        """
        check_is_fitted(self)
        structures = _checked(structures)
        if not structures:
            return np.empty((0, self.scaling_.varies.size))
        return self.scaling_.apply(self._space(structures).matrix(self.sigma))

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:
        """Names of the columns, that tell moment orders, weighting, element and component.

        Parameters
        ----------
        input_features : object
            Not used: structures have no features.
        """
        check_is_fitted(self)
        layout = Layout(self._notation(), self.elements_, self.laed_.component_names)
        names = layout.column_names
        return np.array([names[c] for c in layout.columns(self.sigma)], dtype=object)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a fitted descriptor as JSON, to be read by :meth:`load`.

        Parameters
        ----------
        path : path-like
            The file is written whole or not at all.

        Raises
        ------
        ValueError
            For a LAED of a class of your own, of which the file could not tell how to make it.
        """
        check_is_fitted(self)
        scaling = {name: getattr(self.scaling_, name).tolist() for name in _SCALING}
        content = {
            "format": _FORMAT,
            "version": _VERSION,
            "gmd": __version__,
            "parameters": {name: getattr(self, name) for name in _PLAIN_PARAMETERS},
            "laed": family_settings(self.laed_),
            "elements": list(self.elements_),
            "weights": self.weights_,
            "n_structures_fit": self.n_structures_fit_,
            "scaling": scaling,
        }
        with written_whole(path) as partial:
            text = json.dumps(with_checksum(content), allow_nan=False)
            partial.write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read what :meth:`save` wrote; nothing in the file is executed.

        Parameters
        ----------
        path : path-like

        Returns
        -------
        GlobalDescriptor
            Fitted, with elements, weights and LAED as its parameters.

        Raises
        ------
        ValueError
            For a file that holds something else, or less.
        """
        path = Path(path)
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if not isinstance(content, dict) or content.get("format") != _FORMAT:
                raise ValueError("it was not written by GlobalDescriptor.save")
            if content.get("version") != _VERSION:
                raise ValueError(f"version {content.get('version')} of the file is unknown")
            if unknown := sorted(content.keys() - _KEYS):
                raise ValueError(f"it has entries that are unknown: {', '.join(unknown)}")
            if "checksum" in content:  # files of earlier versions have none
                verify_document(content, path)
            parameters = {name: content["parameters"][name] for name in _PLAIN_PARAMETERS}
            descriptor = cls(
                laed=local_family(content["laed"]),
                elements=tuple(content["elements"]),
                weights=dict(content["weights"]),
                **parameters,
            )
            descriptor._choose(tuple(content["elements"]))
            descriptor.n_structures_fit_ = int(content["n_structures_fit"])
            varies, *others = (content["scaling"][name] for name in _SCALING)
            descriptor.scaling_ = ColumnScaling(
                np.array(varies, dtype=bool), *(np.array(o, dtype=np.float64) for o in others)
            )
            n = descriptor.get_feature_names_out().size
            for name in _SCALING:
                column = getattr(descriptor.scaling_, name)
                if column.shape != (n,) or not np.isfinite(column).all():
                    raise ValueError(f"scaling.{name} is not {n} finite numbers")
        except (DamagedFileError, json.JSONDecodeError, UnicodeDecodeError):
            raise ValueError(f"{path}: the file is damaged or not JSON; save it again") from None
        except KeyError as error:
            raise ValueError(f"{path}: {error.args[0]} is missing; save it again") from None
        except (ValueError, TypeError, AttributeError) as error:
            raise ValueError(f"{path}: {error}; save it again") from None
        return descriptor

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        return tags

    def _fit(self, structures: Sequence[ase.Atoms]) -> NDArray[np.float64]:
        """Fit, and return the columns before they are scaled."""
        structures = _checked(structures)
        if not structures:
            raise ValueError("there are no structures; fit at least one")
        found = self.elements
        if found is None:
            numbers = np.unique(np.concatenate([atoms.numbers for atoms in structures]))
            found = [chemical_symbols[number] for number in numbers]
        self._choose(found)
        laed = self._chosen_laed()
        if isinstance(laed, FittedFamily) and laed.needs_fit:
            self.laed_ = laed.fit(structures)
        space = self._space(structures)
        columns = space.matrix(self.sigma)
        self.scaling_ = ColumnScaling.of(columns, self.normalization)
        self.n_structures_fit_ = len(structures)
        self._warn_of_constant_columns(space, columns)
        return columns

    def _warn_of_constant_columns(
        self, space: DescriptorSpace, columns: NDArray[np.float64]
    ) -> None:
        """Warn where half of the columns or more are constant over the fitted structures."""
        varies, _ = varying_columns(columns)
        n_constant, n = int((~varies).sum()), varies.size
        if 2 * n_constant < n:
            return
        message = (
            f"{n_constant} of {n} columns of Σ_{self.sigma} are constant over the "
            f"{space.n_structures} fitted structures and carry no information"
        )
        smallest = informative_columns(space, self.normalization).smallest(self.sigma)
        if n_constant == n:
            advice = "fit structures that differ"
        elif smallest != self.sigma:
            advice = (
                f"Σ_{smallest} gives the same distances with "
                f"{space.layout.columns(smallest).size} columns: use it instead, or fit structures "
                f"that differ in more than these"
            )
        else:
            advice = "use a descriptor of lower degrees, or fit structures that differ in more"
        warnings.warn(f"{message}; {advice}", UserWarning, stacklevel=4)

    def _choose(self, elements: Sequence[str]) -> None:
        """Settle elements, weights and LAED."""
        self.elements_ = tuple(elements)
        weights = self.weights
        if weights is None:
            # weighted symmetry functions have weights of another kind
            weights = self.laed.weights if isinstance(self.laed, Chebyshev) else "aenet"
        if isinstance(weights, str):
            weights = element_weights(self.elements_, weights)
        for element in self.elements_:
            if element not in weights:
                raise ValueError(f"no weight for {element}; the weights name {', '.join(weights)}")
        self.weights_ = {element: float(weights[element]) for element in self.elements_}
        self.laed_ = self._chosen_laed()

    def _chosen_laed(self) -> LocalFamily:
        return Chebyshev(weights=self.weights_) if self.laed is None else self.laed

    def _notation(self) -> Notation:
        """The smallest space with the same columns: moments of higher degrees cost time."""
        whole = Notation(self.max_outer, self.max_inner, self.method_ii)
        blocks = whole.blocks(self.sigma)
        outer = max(1, *(block.outer for block in blocks))
        inner = max(1, *(block.inner for block in blocks))
        smaller = Notation(outer, inner, self.method_ii)
        return smaller if self.sigma in smaller.labels else whole

    def _space(self, structures: Sequence[ase.Atoms]) -> DescriptorSpace:
        notation = self._notation()
        for number, atoms in enumerate(structures):
            for symbol in atoms.symbols.species():
                if symbol not in self.elements_:
                    raise ValueError(
                        f"structure {number} holds {symbol}; the descriptor was fitted for "
                        f"{', '.join(self.elements_)}: fit it with all elements"
                    )
        return DescriptorSpace.from_sites(
            compute_in_chunks(self.laed_, structures),
            weights=self.weights_,
            elements=self.elements_,
            max_outer=notation.max_outer,
            max_inner=notation.max_inner,
            absent_elements=self.absent_elements,
            method_ii=self.method_ii,
        )


_PLAIN_PARAMETERS = (
    "sigma",
    "max_outer",
    "max_inner",
    "absent_elements",
    "method_ii",
    "normalization",
)
_KEYS = {
    "format",
    "version",
    "gmd",
    "parameters",
    "laed",
    "elements",
    "weights",
    "n_structures_fit",
    "scaling",
    "checksum",
}
"""Entries of a file."""

_SCALING = tuple(field.name for field in fields(ColumnScaling))


def _checked(structures: Sequence[ase.Atoms]) -> list[ase.Atoms]:
    if isinstance(structures, ase.Atoms):
        raise TypeError("one structure was given; give a list of structures")
    found = list(structures)
    for number, atoms in enumerate(found):
        if not isinstance(atoms, ase.Atoms):
            raise TypeError(
                f"structure {number} is a {type(atoms).__name__}; structures are ase.Atoms"
            )
        check_structure(atoms, f"structure {number}", minimum_distance=0)
    return found
