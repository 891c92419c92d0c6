"""The data that is measured on: made from a fixed seed, or read."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from pathlib import Path

import ase
import numpy as np
from numpy.typing import NDArray

from gmd.descriptors import DescriptorSpace, Layout, Notation
from gmd.local import Chebyshev, Sites
from gmd.structures import load_lps, read_structures

ELEMENTS = ("Li", "P", "S")
WEIGHTS = {"Li": -1.0, "P": 0.0, "S": 1.0}
SEED = 20231
N_COMPONENTS = 48
CHUNK = 500

SYNTHETIC = (
    f"moments made by the library from random LAED-like sites (seed {SEED}): {N_COMPONENTS} "
    f"components, {len(ELEMENTS)} elements, 12 to 36 atoms a structure"
)


def paper_laed() -> Chebyshev:
    """The paper's LAED: 19 and 5 coefficients, cutoffs of 6 and 3 Å, 48 components."""
    return Chebyshev(
        weights=WEIGHTS, radial_cutoff=6.0, n_radial=19, angular_cutoff=3.0, n_angular=5
    )


def random_sites(
    n_structures: int, *, atoms: tuple[int, int] = (12, 36), seed: int = SEED
) -> Iterator[Sites]:
    """LAED-like sites in chunks of whole structures.

    Every component has a mean per element, a shift per structure and a scatter per atom, and later
    components are smaller than earlier ones, as in a Chebyshev expansion.

    Parameters
    ----------
    n_structures : int
        Number of structures.
    atoms : tuple of int
        Least and largest number of atoms of a structure.
    seed : int
        The same numbers for the same seed, whatever else is asked for.
    """
    names = tuple(f"x_{c}" for c in range(N_COMPONENTS))
    means = np.random.default_rng(seed).normal(size=(len(ELEMENTS), N_COMPONENTS))
    scale = 4.0 / (1.0 + np.arange(N_COMPONENTS) % (N_COMPONENTS // 2))
    for first in range(0, n_structures, CHUNK):
        rng = np.random.default_rng([seed, first])
        n = min(CHUNK, n_structures - first)
        # drawn for the whole chunk, so that a smaller set is the beginning of a larger one
        counts = rng.integers(*atoms, CHUNK, endpoint=True)
        fractions = rng.dirichlet(np.full(len(ELEMENTS), 4.0), CHUNK)
        shifts = 0.4 * rng.normal(size=(CHUNK, N_COMPONENTS))
        spread = rng.uniform(0.1, 0.4, CHUNK)
        structure = np.repeat(np.arange(CHUNK), counts)
        drawn = rng.uniform(size=structure.size)
        element = (drawn[:, None] > fractions.cumsum(axis=1)[structure, :-1]).sum(axis=1)
        values = rng.normal(size=(structure.size, N_COMPONENTS))
        values *= spread[structure, None]
        values += means[element] + shifts[structure]
        values *= scale
        kept = structure < n
        yield Sites(
            values[kept],
            first + structure[kept],
            np.array(ELEMENTS)[element[kept]],
            names,
        )


def write_space(folder: Path, chunks: Iterator[Sites], n_structures: int) -> None:
    """Build the descriptor space of sites chunk by chunk and keep it in a folder.

    Parameters
    ----------
    folder : Path
        Where ``space.npy`` is written.
    chunks : iterator of Sites
        Whole structures, in rising order.
    n_structures : int
        Number of structures in all.
    """
    table: NDArray[np.float64] | None = None
    row = 0
    for sites in chunks:
        space = DescriptorSpace.from_sites(sites, weights=WEIGHTS, elements=ELEMENTS)
        if table is None:
            table = np.lib.format.open_memmap(
                folder / "space.npy",
                mode="w+",
                dtype=np.float64,
                shape=(n_structures, space.layout.n_columns),
            )
        table[row : row + space.n_structures] = space.values
        row += space.n_structures
    assert row == n_structures, f"{row} structures were made, not {n_structures}"


def read_space(folder: Path, n_structures: int | None = None) -> DescriptorSpace:
    """The first structures of the space in a folder; all of them if no number is given."""
    values = np.load(folder / "space.npy", mmap_mode="r")
    values = np.array(values[:n_structures])
    names = tuple(f"x_{c}" for c in range(N_COMPONENTS))
    layout = Layout(Notation(), ELEMENTS, names)
    return DescriptorSpace.from_values(layout, np.arange(len(values)), values)


def write_structures(folder: Path, structures: Sequence[ase.Atoms]) -> None:
    """Keep structures in a folder, for the processes that are measured."""
    bare = [ase.Atoms(a.numbers, a.positions, cell=a.cell, pbc=a.pbc) for a in structures]
    (folder / "structures.pickle").write_bytes(pickle.dumps(bare))


def kept_structures(folder: Path) -> list[ase.Atoms]:
    """Structures that :func:`write_structures` kept."""
    structures: list[ase.Atoms] = pickle.loads((folder / "structures.pickle").read_bytes())
    return structures


def sampled_structures(
    source: Path | None, n_structures: int | None
) -> tuple[list[ase.Atoms], str]:
    """A sample of fixed seed of the structures of a file, or of the embedded ones.

    Parameters
    ----------
    source : Path or None
        File or folder of structures; the embedded Li-P-S set if there is none.
    n_structures : int or None
        How many; all if None or more than there are.

    Returns
    -------
    structures : list of ase.Atoms
        In the order of the source.
    description : str
        What they are, without a path.
    """
    structures = load_lps() if source is None else read_structures(source)
    name = "the embedded Li-P-S structures" if source is None else source.name
    n_all = len(structures)
    if n_structures is not None and n_structures < n_all:
        chosen = np.random.default_rng(SEED).choice(n_all, n_structures, replace=False)
        structures = [structures[i] for i in sorted(chosen)]
        name = f"{n_structures} of the {n_all} structures of {name} (seed {SEED})"
    n_atoms = [len(atoms) for atoms in structures]
    return structures, f"{name}: {sum(n_atoms)} atoms, {min(n_atoms)} to {max(n_atoms)} a structure"
