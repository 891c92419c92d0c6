"""How well the full power spectrum is recovered from random combinations of its rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import ase
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gmd.local import Soap
from gmd.local.soap import l_slices

RECOVERY_COLUMNS = ("compression", "extra_columns", "seed", "atom", "error")

_RECOVERABLE = ("WTP", "QTPQ")


def recovery_errors(
    structures: Sequence[ase.Atoms],
    soap: Soap,
    *,
    extra_columns: Iterable[int] = range(5),
    seeds: Iterable[int] = range(100),
) -> pd.DataFrame:
    r"""Recover the power spectrum of every atom, for many random matrices.

    Parameters
    ----------
    structures : sequence of ase.Atoms
        Whose atoms are described.
    soap : Soap
        Species, cutoff and expansion; its compression, seed and additional columns are replaced.
    extra_columns : iterable of int
        Columns of the random matrices beyond :math:`2l + 1`.
    seeds : iterable of int
        Of the random matrices.

    Returns
    -------
    DataFrame
        ``compression`` (WTP and QTPQ), ``extra_columns``, ``seed``, ``atom`` (over all structures)
        and ``error``: the largest Frobenius norm over l of what recovery changes in :math:`P_l`,
        in units of the atom's largest :math:`P_l`. By slice it would say nothing of sites whose
        symmetry makes a slice vanish.

    Raises
    ------
    ValueError
        If rows are scaled to unit length: what is recovered then is not the power spectrum.

    References
    ----------
    Darby, Kermode and Csányi 2021, section II B.
    """
    if soap.normalize:
        raise ValueError("rows of unit length do not give the power spectrum back; normalize=False")
    exact = l_slices(replace(soap, compression="nu=2").expansion(structures))
    size = np.max([_norm(one) for one in exact], axis=0)
    chosen = list(seeds)
    frames = []
    for compression in _RECOVERABLE:
        for extra in extra_columns:
            for seed in chosen:
                one = replace(soap, compression=compression, extra_columns=extra, seed=seed)
                found = one.recover(one.compute(structures).values)
                change = [_norm(a - b) for a, b in zip(found, exact, strict=True)]
                error = np.max(change, axis=0) / size
                frames.append(
                    pd.DataFrame(
                        {
                            "compression": compression,
                            "extra_columns": extra,
                            "seed": seed,
                            "atom": np.arange(len(error)),
                            "error": error,
                        }
                    )
                )
    return pd.concat(frames, ignore_index=True)[list(RECOVERY_COLUMNS)]


def _norm(matrices: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.linalg.norm(matrices, axis=(1, 2)))
