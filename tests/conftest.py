"""Structures and reference numbers that many tests share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import ase
import ase.io
import numpy as np
import pytest

from common import ELEMENTS

REFERENCE = Path(__file__).parent / "data" / "reference"


@pytest.fixture(scope="session")
def reference_structures() -> list[ase.Atoms]:
    """The seven structures with numbers from elsewhere."""
    return ase.io.read(REFERENCE / "structures.extxyz", index=":")


@pytest.fixture(scope="session")
def reference_numbers() -> dict[str, np.ndarray]:
    """LAEDs and descriptors of the reference structures."""
    with np.load(REFERENCE / "reference.npz") as arrays:
        return dict(arrays)


@pytest.fixture(scope="session")
def random_crystal() -> Callable[..., ase.Atoms]:
    """Make a skewed cell with atoms that keep a distance from each other."""

    def make(seed: int, n_atoms: int = 8, edge: float = 6.0) -> ase.Atoms:
        rng = np.random.default_rng(seed)
        cell = edge * (np.eye(3) + 0.25 * rng.uniform(-1, 1, (3, 3)))
        atoms = ase.Atoms(cell=cell, pbc=True)
        while len(atoms) < n_atoms:
            trial = atoms + ase.Atoms(
                rng.choice(ELEMENTS), positions=[rng.uniform(size=3) @ cell], cell=cell, pbc=True
            )
            others = list(range(len(trial) - 1))
            if not others or trial.get_distances(-1, others, mic=True).min() > 1.2:
                atoms = trial
        return atoms

    return make
