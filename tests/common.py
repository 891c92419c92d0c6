"""Settings of the paper that many tests use, and data made up by them."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from ase.data import chemical_symbols

from gmd.descriptors import DescriptorSpace
from gmd.local import Sites

SMALL_STUDY: dict[str, Any] = {
    "study": "tiny",
    "datasets": {
        "toy": {
            "source": {"path": "toy.extxyz"},
            "elements": ["Li", "P", "S"],
            "weights": {"Li": -1, "P": 0, "S": 1},
            "subsets": {"whole": {}, "limited": {"end_members": ["Li2S", "P2S5"]}},
        }
    },
    "laeds": {
        "one": {"family": "chebyshev", "n_radial": 6},
        "two": {"family": "chebyshev", "n_radial": 3},
    },
    "imbalance": {"n_neighbours": 5},
    "recommendation": {"seed": 3},
    "energy": {"lightgbm": {"sigmas": ["100", "555"]}, "linear": {"sigmas": ["100"]}},
    "comparison": {"conventions": True},
}
"""A study that is never run, with two subsets, two LAEDs and fits."""

WEIGHTS = {"Li": -1.0, "P": 0.0, "S": 1.0}
ELEMENTS = ("Li", "P", "S")


def flipped_bits(contents: bytes, n: int = 200, seed: int = 0) -> Iterator[bytes]:
    """Copies of a file's contents, each with one bit changed at a random place."""
    rng = np.random.default_rng(seed)
    for place in rng.integers(len(contents), size=n):
        damaged = bytearray(contents)
        damaged[place] ^= 1 << int(rng.integers(8))
        yield bytes(damaged)


def random_space(
    n: int, seed: int, *, n_components: int = 3, degrees: tuple[int, int] = (5, 5)
) -> DescriptorSpace:
    """Descriptors of two to six random sites a structure, up to outer and inner degrees."""
    rng = np.random.default_rng(seed)
    counts = rng.integers(2, 7, n)
    sites = Sites(
        rng.normal(size=(counts.sum(), n_components)),
        np.repeat(np.arange(n), counts),
        rng.choice(ELEMENTS, counts.sum()),
    )
    return DescriptorSpace.from_sites(
        sites, weights=WEIGHTS, elements=ELEMENTS, max_outer=degrees[0], max_inner=degrees[1]
    )


def space_of_few(
    n: int,
    seed: int,
    *,
    n_elements: int,
    per_structure: int,
    n_components: int = 3,
    degrees: tuple[int, int] = (2, 3),
    **settings: str,
) -> DescriptorSpace:
    """Descriptors of random sites, each structure with a few of many elements.

    The last element is in the last structure alone.
    """
    rng = np.random.default_rng(seed)
    elements = np.array(chemical_symbols[1 : n_elements + 1])
    structure, element = [], []
    for s in range(n):
        last = s == n - 1
        chosen = rng.choice(n_elements - 1, per_structure - last, replace=False)
        counts = rng.integers(1, 4, per_structure)
        element.append(np.repeat(np.append(chosen, n_elements - 1) if last else chosen, counts))
        structure.append(np.full(counts.sum(), s))
    indices = np.concatenate(element)
    sites = Sites(
        rng.normal(size=(indices.size, n_components)), np.concatenate(structure), elements[indices]
    )
    return DescriptorSpace.from_sites(
        sites,
        weights={symbol: e - 1.5 for e, symbol in enumerate(elements)},
        elements=tuple(elements.tolist()),
        max_outer=degrees[0],
        max_inner=degrees[1],
        **settings,
    )
