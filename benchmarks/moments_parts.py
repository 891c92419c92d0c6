"""Parts of the benchmark of moments: this library and pandas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import data
from benchmarks.grouped_moments import grouped_moments
from benchmarks.worker import Part
from gmd.descriptors import DescriptorSpace
from gmd.local import Sites


def write_sites(folder: Path, sites: Sites) -> None:
    """Keep sites in a folder."""
    np.save(folder / "values.npy", sites.values)
    np.savez(folder / "atoms.npz", structure=sites.structure, element=sites.element)


def read_sites(folder: Path) -> Sites:
    """Sites that :func:`write_sites` kept."""
    with np.load(folder / "atoms.npz") as atoms:
        return Sites(np.load(folder / "values.npy"), atoms["structure"], atoms["element"])


def first_structures(sites: Sites, n: int) -> Sites:
    """The sites of the first structures."""
    kept = sites.structure < n
    return Sites(sites.values[kept], sites.structure[kept], sites.element[kept])


def gmd_moments(folder: Path) -> Part:
    """``DescriptorSpace.from_sites``: all 97 descriptors in one pass."""
    sites = read_sites(folder)
    few = first_structures(sites, 4)

    def run(chosen: Sites = sites) -> dict[str, Any]:
        space = DescriptorSpace.from_sites(chosen, weights=data.WEIGHTS, elements=data.ELEMENTS)
        return {"sum": space.values.sum()}

    return Part(lambda: run(few), run)


def pandas_moments(folder: Path) -> Part:
    """The same by pandas."""
    sites = read_sites(folder)
    few = first_structures(sites, 4)

    def run(chosen: Sites = sites) -> dict[str, Any]:
        table = grouped_moments(chosen, weights=data.WEIGHTS, elements=data.ELEMENTS)
        return {"sum": table.sum()}

    return Part(lambda: run(few), run)
