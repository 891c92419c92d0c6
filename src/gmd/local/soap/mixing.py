"""Fixed combinations of expansion coefficients: random ones, and channels in place of elements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import numpy as np
from ase.data import atomic_numbers
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Embedding = Literal["atomic_number", "group_period", "random"]
EMBEDDINGS: tuple[str, ...] = get_args(Embedding)

_NOBLE_GASES = (0, 2, 10, 18, 36, 54, 86, 118)
_GROUP_3 = 3


def random_columns(
    species: Sequence[str], n_max: int, degree: int, n_columns: int, seed: int
) -> Floats:
    """The matrix W of :math:`W^T P_l` (Darby et al. 2021, equation 5).

    Numbers are standard normal, and those of an element depend on the seed, its atomic number, and
    l alone: further elements leave them as they are.

    Returns
    -------
    ndarray of shape (n_species * n_max, n_columns)
    """
    rows = [
        np.random.default_rng([seed, atomic_numbers[element], degree]).standard_normal(
            (n_max, n_columns)
        )
        for element in species
    ]
    return np.concatenate(rows)


def random_orthogonal(size: int, degree: int, seed: int) -> Floats:
    """The matrix Q of :math:`Q^T P_l Q`: random and orthogonal, so that it inverts to rounding.

    Returns
    -------
    ndarray of shape (size, size)
    """
    normal = np.random.default_rng([seed, degree]).standard_normal((size, size))
    q, r = np.linalg.qr(normal)
    return np.asarray(q * np.sign(np.diag(r)))


def embedding_vectors(
    embedding: str | Mapping[str, Sequence[float]],
    species: Sequence[str],
    *,
    n_channels: int = 2,
    seed: int = 0,
) -> Floats:
    """Weights of the elements in the channels that take their place (section II D, IV B).

    Parameters
    ----------
    embedding : {"atomic_number", "group_period", "random"} or mapping
        1 and the place of the element among all, in order of atomic number; 1, period and group;
        standard normal numbers; or a vector for every element.
    species : sequence of str
        The elements.
    n_channels : int
        Number of channels of a random embedding.
    seed : int
        Of a random embedding; an element's vector depends on this and its atomic number alone.

    Returns
    -------
    ndarray of shape (n_species, n_channels)

    Raises
    ------
    ValueError
        For an unknown rule, or vectors that are missing, of different lengths or not finite.
    """
    numbers = [atomic_numbers[element] for element in species]
    if isinstance(embedding, Mapping):
        return _given_vectors(embedding, species)
    if embedding == "atomic_number":
        place = {number: 1 + n for n, number in enumerate(sorted(numbers))}
        return np.array([[1.0, place[number]] for number in numbers])
    if embedding == "group_period":
        return np.array([[1.0, *period_and_group(number)] for number in numbers])
    if embedding == "random":
        return np.array(
            [np.random.default_rng([seed, n]).standard_normal(n_channels) for n in numbers]
        )
    raise ValueError(
        f"embedding {embedding!r} is unknown; choose one of {', '.join(map(repr, EMBEDDINGS))}, "
        f"or give a vector for every element"
    )


def _given_vectors(embedding: Mapping[str, Sequence[float]], species: Sequence[str]) -> Floats:
    missing = [element for element in species if element not in embedding]
    if missing:
        raise ValueError(f"the embedding has no vector for {', '.join(missing)}; give one")
    lengths = {element: len(embedding[element]) for element in species}
    if len(set(lengths.values())) > 1 or 0 in lengths.values():
        raise ValueError(f"vectors of an embedding must have one length; these have {lengths}")
    vectors = np.array([embedding[element] for element in species], dtype=np.float64)
    if not np.isfinite(vectors).all():
        element = species[int(np.argwhere(~np.isfinite(vectors))[0, 0])]
        raise ValueError(f"the embedding's vector of {element} is not finite; correct it")
    return vectors


def period_and_group(number: int) -> tuple[int, int]:
    """Period and group of an element in the periodic table.

    Lanthanides and actinides count as group 3.
    """
    period = next(n for n, noble in enumerate(_NOBLE_GASES) if number <= noble)
    place = number - _NOBLE_GASES[period - 1]
    length = _NOBLE_GASES[period] - _NOBLE_GASES[period - 1]
    if place <= 2 and length > 2:
        return period, place
    if length == 2:
        return period, 1 if place == 1 else 18
    from_end = 18 - (length - place)
    return period, max(from_end, _GROUP_3)
