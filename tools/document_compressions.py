"""Write the table and the figures of docs/compressions.md.

``./run python tools/document_compressions.py`` writes what stands between the markers of the page,
with lengths that :class:`gmd.local.Soap` gives, and the page's figures. With ``--check`` it only
compares the tables.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from ase import Atoms
from ase.data import chemical_symbols
from matplotlib.figure import Figure

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from gmd.compression import (  # noqa: E402
    COMPRESSIONS,
    Compression,
    recovery_errors,
    spanning,
    stored_entries,
)
from gmd.figures import conditioning, save, slices, triangles  # noqa: E402
from gmd.local import Soap  # noqa: E402
from gmd.structures import load_lps  # noqa: E402
from tools.pages import update_pages  # noqa: E402

MAKER = "tools/document_compressions.py"
PAGE = ROOT / "docs" / "compressions.md"
IMAGES = ROOT / "docs" / "images"

N_ELEMENTS = (2, 4, 10, 20)
N_MAX, L_MAX = 12, 9
"""Radial functions and degrees of the lengths: the paper's for the elpasolites."""

TOTALS = ("total density, `equispaced`", "total density, `gto`")
ROUNDING = 1e-6

SLICES_OF = "Li2S_perturbed_0.16-0"
RECOVERED = ("Li7PS6_perturbed_0.16-0", "glass-x067_glass_0")
N_SEEDS = 100
EVERY = 8
"""Of the atoms whose recovery is drawn: neighbouring ones are much alike."""


def table() -> str:
    """All compressions with their formulas and lengths, in Markdown."""
    heading = (
        "",
        "`compression`",
        "components",
        "length",
        *(f"S = {number}" for number in N_ELEMENTS),
        "sparse",
        "gives all back",
    )
    align = ("---",) * 4 + ("--:",) * len(N_ELEMENTS) + ("---",) * 2
    rows = [heading, align, *map(_row, COMPRESSIONS)]
    lines = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    return f"{lines}\nLengths are for N = {N_MAX}, L = {L_MAX}, {_choices()}.\n"


def _row(one: Compression) -> tuple[str, ...]:
    lengths = (_grouped(length(one, number)) for number in N_ELEMENTS)
    return (
        f"${one.label}$",
        f"`{one.settings['compression']}`",
        f"${one.descriptor}$",
        f"${one.length}$",
        *lengths,
        "yes" if one.sparse else "no",
        one.lossless,
    )


def _grouped(number: int) -> str:
    """The number, with a space before the last three of five digits and more."""
    return f"{number:,}".replace(",", " ") if number >= 10_000 else str(number)


def _choices() -> str:
    """The sizes that some compressions have of their own."""
    sizes = {"n_channels": "d", "u_max": "u"}
    found = (
        f"{letter} = {one.settings[key]} (`{key}`)"
        for one in COMPRESSIONS
        for key, letter in sizes.items()
        if key in one.settings
    )
    return ", ".join(found)


def length(one: Compression, n_elements: int) -> int:
    """Number of components that :class:`gmd.local.Soap` says a compression has.

    Parameters
    ----------
    one : Compression
        With its own settings.
    n_elements : int
        S; which elements they are does not matter.
    """
    return Soap(
        species=tuple(chemical_symbols[1 : n_elements + 1]),
        cutoff=5.0,
        n_max=N_MAX,
        l_max=L_MAX,
        atom_sigma=0.5,
        **one.settings,
    ).n_components


def slices_figure() -> Figure:
    """Stored entries for one lithium atom of the embedded structures."""
    (atoms,) = (atoms for atoms in load_lps() if atoms.info["name"] == SLICES_OF)
    soap = Soap(species=("Li", "S"), cutoff=4.0, n_max=4, l_max=2, atom_sigma=0.5)
    matrices = {}
    for name, compression in (("P_l", "nu=2"), ("W^T P_l", "WTP"), ("Q^T P_l Q", "QTPQ")):
        one = replace(soap, compression=compression)
        matrices[name] = stored_entries(one, one.compute([atoms]).values[0])
    return slices.draw(
        matrices, caption=f"the first atom of {SLICES_OF}, N = 4, S = 2 (Li, S), cutoff 4 Å"
    )


def recovered() -> tuple[list[Atoms], Soap]:
    """A crystal and a glass, and what they are described by to be recovered."""
    structures = [atoms for atoms in load_lps() if atoms.info["name"] in RECOVERED]
    soap = Soap(species=("Li", "P", "S"), cutoff=5.0, n_max=8, l_max=6, atom_sigma=0.5)
    return structures, soap


def spanning_table() -> str:
    """Least singular values of channels, to one figure, in Markdown."""
    heading = ("l", "all coefficients", "W, 2l + 1 columns", *TOTALS)
    rows = [heading, ("--:",) * len(heading)]
    for degree, *values in spanning(*recovered()).itertuples(index=False):
        rows.append((str(degree), *map(_one_figure, values)))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _one_figure(value: float) -> str:
    """To one figure, so that machines agree; rounding is no number at all."""
    return f"{float(f'{value:.0e}'):g}" if value > ROUNDING else f"below {ROUNDING:g}"


def conditioning_figure() -> Figure:
    """Errors of recovery for a crystal and a glass."""
    structures, soap = recovered()
    errors = recovery_errors(structures, soap, seeds=range(N_SEEDS))
    drawn = errors.loc[errors["atom"] % EVERY == 0]
    return conditioning.draw(
        drawn,
        caption=f"{drawn['atom'].nunique()} environments of {' and '.join(RECOVERED)}, "
        f"{N_SEEDS} matrices each, N = {soap.n_max}, S = 3, L = {soap.l_max}, cutoff 5 Å",
    )


FIGURES: Mapping[str, Callable[[], Figure]] = {
    "compression_triangles": triangles.draw,
    "compression_slices": slices_figure,
    "compression_recovery": conditioning_figure,
}
"""What is drawn, by its name in docs/images."""


TABLES: Mapping[str, Callable[[], str]] = {MAKER: table, f"{MAKER}, spanning": spanning_table}
"""What is written between markers, by what these name."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Write table and figures of docs/compressions.md.")
    parser.add_argument(
        "--check", action="store_true", help="change nothing; fail if a table is out of date"
    )
    check = parser.parse_args().check
    if not check:
        for name, figure in FIGURES.items():
            save(figure(), IMAGES / name)
    command = f"./run python {MAKER}"
    found = [
        update_pages({PAGE: make}, maker=maker, command=command, check=check)
        for maker, make in TABLES.items()
    ]
    return max(found)


if __name__ == "__main__":
    sys.exit(main())
