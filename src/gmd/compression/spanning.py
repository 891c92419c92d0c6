"""How well the channels of a compression span the coefficients that it is to tell of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import ase
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gmd.local import Soap

SPANNING_COLUMNS = ("degree", "all", "W", "total, equispaced", "total, gto")


def spanning(structures: Sequence[ase.Atoms], soap: Soap) -> pd.DataFrame:
    r"""Least singular values of coefficients and of channels that stand for them.

    For degree l the coefficients are a matrix :math:`X_l` of 2l + 1 rows, and channels are
    combinations of its columns. Where the least of their 2l + 1 singular values is small in units
    of the largest, a direction is all but lost, and so is what is recovered of it.

    Parameters
    ----------
    structures : sequence of ase.Atoms
        Whose atoms are looked at.
    soap : Soap
        Species, cutoff and expansion; compression and radial basis are replaced.

    Returns
    -------
    DataFrame
        A row for every ``degree`` from 1 to the last with 2l + 1 radial functions or fewer, with
        medians over the atoms: of ``all`` coefficients, of 2l + 1 random combinations ``W``, and
        of the total density's radial functions in both bases.

    References
    ----------
    Darby, Kermode and Csányi 2021, sections II B and II C.
    """
    mixed = replace(soap, compression="WTP", extra_columns=0)
    expansions = {
        basis: replace(soap, compression="nu=2", radial_basis=basis).expansion(structures)
        for basis in ("equispaced", "gto")
    }
    own = expansions[soap.radial_basis]
    n_atoms, n_species, n_max, _ = own.shape
    rows = []
    for degree in range(1, min(soap.l_max, (n_max - 1) // 2) + 1):
        part = slice(degree**2, (degree + 1) ** 2)
        columns = own[..., part].reshape(n_atoms, n_species * n_max, -1)
        values = [columns, mixed.mixing(degree).T @ columns]
        values += [expansions[basis][..., part].sum(axis=1) for basis in expansions]
        rows.append([degree, *map(_median_ratio, values)])
    return pd.DataFrame(rows, columns=list(SPANNING_COLUMNS))


def _median_ratio(matrices: NDArray[np.float64]) -> float:
    singular = np.linalg.svd(matrices, compute_uv=False)
    return float(np.median(singular[:, -1] / singular[:, 0]))
