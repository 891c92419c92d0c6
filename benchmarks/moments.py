"""From the sites of all structures to all 97 descriptors."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from benchmarks import data
from benchmarks.grouped_moments import grouped_moments
from benchmarks.moments_parts import first_structures, write_sites
from benchmarks.report import Check, Report, Target, measured_row
from benchmarks.settings import Settings
from gmd.descriptors import DescriptorSpace
from gmd.local import Sites

N_STRUCTURES = 6050
ATOMS = (30, 130)


def joined(chunks: list[Sites]) -> Sites:
    """All sites in one."""
    return Sites(
        np.concatenate([sites.values for sites in chunks]),
        np.concatenate([sites.structure for sites in chunks]),
        np.concatenate([sites.element for sites in chunks]),
    )


def agreement(sites: Sites) -> Check:
    """The library's table against pandas', each column by its own largest value."""
    space = DescriptorSpace.from_sites(sites, weights=data.WEIGHTS, elements=data.ELEMENTS)
    grouped = grouped_moments(sites, weights=data.WEIGHTS, elements=data.ELEMENTS)
    # the fifth moment of three rows and the like cancel: what counts is the size of what they are
    # made of, which the same column's largest value tells
    largest = np.abs(grouped).max(axis=0)
    difference = np.abs(space.values - grouped).max(axis=0) / np.where(largest > 0, largest, 1.0)
    what = f"pandas' table = gmd's, {space.n_structures} structures, relative to each column"
    return Check(what, float(difference.max()), 1e-10)


def run(settings: Settings) -> Report:
    """Measure the moments."""
    n = 40 if settings.tiny else N_STRUCTURES
    sites = joined(list(data.random_sites(n, atoms=ATOMS)))
    group = f"N = {n}, {len(sites)} atoms"
    scales = {"ns per atom": 1e9 / len(sites), "µs per structure": 1e6 / n}
    report = Report(
        "`moments`: all 97 descriptors from the sites",
        f"random LAED-like sites of {n} structures of {ATOMS[0]} to {ATOMS[1]} atoms (seed "
        f"{data.SEED}), {data.N_COMPONENTS} components, {len(data.ELEMENTS)} elements",
        [
            "gmd: `DescriptorSpace.from_sites`, the 3600 columns of all descriptors in one pass",
            "floor: one sum of all sites by structure and one writing of the table, by NumPy",
            "pandas: means and powers of deviations by `groupby`, written in "
            "`benchmarks/grouped_moments.py`",
        ],
        checks=[agreement(first_structures(sites, 200))],
    )
    with tempfile.TemporaryDirectory(prefix="gmd-benchmark-") as name:
        folder = Path(name)
        write_sites(folder, sites)
        ours = settings.measure("moments_parts:gmd_moments", folder)
        bare = settings.measure("plain_parts:read_and_write", folder, {"columns": 3600})
        pandas = settings.measure("moments_parts:pandas_moments", folder)
    report.rows = [
        measured_row(group, "gmd", "gmd", ours, scales),
        measured_row(group, "floor: read and write once", "floor", bare, scales),
        measured_row(group, "pandas", "peer", pandas, scales),
    ]
    report.targets = [Target("time", ours.seconds, 5, "<=", "s")]
    return report
