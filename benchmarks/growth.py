"""How time and memory of the imbalances grow with the number of structures."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks import data
from benchmarks.figure import draw_growth
from benchmarks.imbalance import (
    FLOOR,
    LABELS,
    NEEDS_DADAPY,
    DadapyTimes,
    add_dadapy,
    add_dadapy_table,
    add_floor,
    add_table,
)
from benchmarks.measuring import dadapy_available
from benchmarks.report import Report, Target, power_law
from benchmarks.settings import Settings
from gmd.figures import save

SMALLEST = 1000
LARGEST_DADAPY = 4000
TINY = (60, 120)
FIGURE = "performance_growth"


def growing_sizes(smallest: int, largest: int) -> list[int]:
    """Sizes that double, and the largest."""
    sizes = []
    n = smallest
    while n < largest:
        sizes.append(n)
        n *= 2
    return [*sizes, largest]


def run(settings: Settings) -> Report:
    """Measure the imbalances at growing sizes, and draw the figure."""
    sizes = list(TINY) if settings.tiny else growing_sizes(SMALLEST, settings.largest)
    largest_dadapy = TINY[0] if settings.tiny else LARGEST_DADAPY
    report = Report(
        "`imbalance_growth`: all imbalances, by the number of structures",
        f"3600 columns, {data.SYNTHETIC}",
        [
            "parts as in `imbalance`; every row of this library is a run over all N structures",
            "the floor's products are made in strips of rows where N × N numbers would take more "
            "than 1 GiB",
            f"DADApy is measured up to N = {largest_dadapy}, on Σ_{', Σ_'.join(LABELS)}, and "
            "beyond by its growth",
        ],
    )
    dadapy = DadapyTimes(settings.cores) if dadapy_available() else None
    with tempfile.TemporaryDirectory(prefix="gmd-benchmark-") as name:
        folder = Path(name)
        data.write_space(folder, data.random_sites(sizes[-1]), sizes[-1])
        for n in sizes:
            add_table(report, settings, folder, n)
            add_floor(report, settings, folder, n)
            if dadapy is None:
                continue
            if n <= largest_dadapy:
                add_dadapy(report, settings, data.read_space(folder, n), dadapy)
            if n in dadapy.sizes or len(dadapy.sizes) > 1:
                add_dadapy_table(report, dadapy, n)
    if dadapy is None:
        report.notes.append(NEEDS_DADAPY)
    else:
        report.raw["dadapy"] = dadapy.raw()
    if len(sizes) > 1:
        times = [report.row(f"N = {n}", "gmd").seconds for n in sizes]
        report.raw["power_of_n"] = power_law(sizes, times)[1]
        report.notes.append(
            f"this library's time grows as N to the power {report.raw['power_of_n']:.2f} over "
            "these sizes"
        )
    largest = f"N = {sizes[-1]}"
    ratio = report.row(largest, "gmd").seconds
    ratio /= report.row(largest, FLOOR).seconds
    report.targets.append(Target(f"time over the floor's at {largest}", ratio, 3, "<="))
    save(draw_growth(report), settings.output / FIGURE)
    return report
