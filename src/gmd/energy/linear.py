"""Linear models of the energy on a descriptor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmd.descriptors import normalized, varying_columns
from gmd.energy._checks import Features, centre, checked_samples
from gmd.parameters import finite_number


@dataclass(frozen=True)
class LinearFit:
    """What a linear fit leaves over.

    Attributes
    ----------
    mae, rmse : float
        Mean absolute and root mean squared error over the structures that were fitted, in the unit
        of the targets (eV/atom).
    rank : int
        Independent parameters, the intercept included.
    n_columns : int
        Columns of the descriptor.
    interpolating : bool
        Whether there are as many independent parameters as structures. Such a fit passes through
        every target: its error is rounding, around 1e-15, and says nothing of the descriptor.
    """

    mae: float
    rmse: float
    rank: int
    n_columns: int
    interpolating: bool


def fit_linear(
    features: Features, targets: NDArray[np.float64], *, rcond: float | None = None
) -> LinearFit:
    """Ordinary least squares with an intercept, fitted to and judged on all structures.

    Gharakhanyan et al. 2023, appendix E. The columns are brought to zero mean and unit deviation
    first, the targets to zero mean, so the intercept needs no column of its own. Where columns
    depend on each other, as they must if they outnumber the structures, the solution of smallest
    norm is taken, by singular value decomposition; see `LinearFit.interpolating` before comparing
    errors of wide descriptors.

    Parameters
    ----------
    features : ndarray or scipy.sparse.csr_array of shape (n_structures, n_columns)
        Descriptor, raw or normalised.
    targets : ndarray of shape (n_structures,)
        Formation energies in eV/atom.
    rcond : float, optional
        Singular values up to `rcond` times the largest count as zero; by default the rounding
        error of float64 times the larger of the two dimensions.

    Returns
    -------
    LinearFit

    Raises
    ------
    ValueError
        For shapes that disagree, values that are not finite, or fewer than two structures.

    Notes
    -----
    Memory holds two dense copies of the columns that vary; constant ones, as method ii has them of
    elements with one atom in every structure, are left out.

    Repeated runs agree to the last bit as long as the linear algebra library uses as many threads;
    run it with one thread (``OPENBLAS_NUM_THREADS=1``, as in a Snakemake rule of one thread) where
    the numbers shall not depend on the machine's cores.
    """
    features, targets = checked_samples(features, targets, at_least=2)
    n, n_columns = features.shape
    centred = targets - centre(targets)
    varies, _ = varying_columns(features)
    columns = normalized(features if varies.all() else features[:, varies], "zscore")
    columns -= columns.mean(axis=0)
    if rcond is None:
        rcond = float(np.finfo(np.float64).eps) * max(n, n_columns)
    rcond = finite_number("rcond", rcond, at_least=0, below=1)
    coefficients, _, rank, _ = np.linalg.lstsq(columns, centred, rcond=rcond)
    residuals = centred - columns @ coefficients
    n_parameters = int(rank) + 1
    return LinearFit(
        mae=float(np.abs(residuals).mean()),
        rmse=float(np.sqrt((residuals**2).mean())),
        rank=n_parameters,
        n_columns=n_columns,
        interpolating=n_parameters >= n,
    )
