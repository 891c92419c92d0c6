"""Settings of the paper that many tests use, and data made up by them."""

import numpy as np

from gmd.descriptors import DescriptorSpace
from gmd.local import Sites

WEIGHTS = {"Li": -1.0, "P": 0.0, "S": 1.0}
ELEMENTS = ("Li", "P", "S")


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
