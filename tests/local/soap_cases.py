"""Members of the SOAP family, and small structures, that its tests share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ase
import numpy as np

from common import ELEMENTS
from gmd.local import Soap

CONTRACTIONS = (
    "nu=2",
    "nu=1,mu=1",
    "nu=1,nu_hat=1",
    "nu=1,mu_hat=1",
    "nu_hat=2",
    "mu=2",
    "mu=1,mu_hat=1",
    "nu_hat=1,mu=1",
    "nu_hat=1,mu_hat=1",
    "mu_hat=2",
)
COMPRESSIONS = (*CONTRACTIONS, "nu=1,mu*=1", "WTP", "QTPQ", "optimal")


def cluster(seed: int, n_atoms: int, elements: Sequence[str] = ELEMENTS) -> ase.Atoms:
    """Atoms in a box, none too close to another; every element at least once."""
    rng = np.random.default_rng(seed)
    half = 1.15 * n_atoms ** (1 / 3)
    places: list[np.ndarray] = []
    while len(places) < n_atoms:
        trial = rng.uniform(-half, half, 3)
        if all(np.linalg.norm(trial - place) > 1.3 for place in places):
            places.append(trial)
    symbols = [*elements, *rng.choice(elements, n_atoms)][:n_atoms]
    return ase.Atoms(rng.permutation(symbols), positions=places)


def small_crystal(symbols: str = "LiS") -> ase.Atoms:
    """Two atoms in a skewed cell that is smaller than the cutoffs of these tests."""
    cell = [[3.1, 0.0, 0.0], [0.4, 3.3, 0.0], [-0.3, 0.5, 2.9]]
    return ase.Atoms(
        symbols, scaled_positions=[[0.1, 0.2, 0.9], [0.6, 0.8, 0.4]], cell=cell, pbc=True
    )


def few_structures() -> list[ase.Atoms]:
    """All elements, one missing, periodic, and an atom alone."""
    return [
        cluster(0, 6),
        cluster(1, 4, ("S", "Li")),
        small_crystal(),
        ase.Atoms("P"),
    ]


def soap(compression: str = "nu=2", **changes: Any) -> Soap:
    """A small member; what has to be fitted is fitted to a few structures."""
    settings: dict[str, Any] = {
        "species": ELEMENTS,
        "cutoff": 3.5,
        "n_max": 3,
        "l_max": 3,
        "atom_sigma": 0.5,
        "compression": compression,
        **changes,
    }
    if compression != "optimal":
        return Soap(**settings)
    return Soap(**{"u_max": 4, **settings}).fit([cluster(10, 9), cluster(11, 9), small_crystal()])


def assert_close(values: np.ndarray, expected: np.ndarray, tolerance: float) -> None:
    """Equal to a part of the largest entry."""
    assert values.shape == expected.shape
    difference = np.abs(values - expected).max()
    assert difference <= tolerance * np.abs(expected).max(), (
        f"{difference:.2e} of {np.abs(expected).max():.2e}"
    )
