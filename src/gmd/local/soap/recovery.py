"""From a compressed power spectrum back to the whole one (Darby et al. 2021, section II B)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def l_slices(expansion: Floats) -> list[Floats]:
    r"""The matrices :math:`P_l = X_l^T X_l / \sqrt{2l + 1}`, Gram matrices of the expansion.

    Parameters
    ----------
    expansion : ndarray of shape (n_atoms, n_species, n_max, (l_max + 1)**2)
        Coefficients :math:`c^\alpha_{nlm}`.

    Returns
    -------
    list of ndarray of shape (n_atoms, n_species * n_max, n_species * n_max)
        For l = 0, 1, ...; elements slowest. The rank is at most 2l + 1.
    """
    n_atoms, n_species, n_max, n_rows = expansion.shape
    columns = expansion.reshape(n_atoms, n_species * n_max, n_rows)
    found = []
    for degree in range(round(np.sqrt(n_rows))):
        x = columns[:, :, degree**2 : (degree + 1) ** 2]
        found.append(x @ x.transpose(0, 2, 1) / np.sqrt(2 * degree + 1))
    return found


def recovered_slice(products: Floats, corner: Floats, degree: int) -> Floats:
    r"""A matrix of low rank from some combinations of its rows.

    With :math:`R = W^T P` and :math:`A = W^T P W`, :math:`P = R^T A^{+} R` if the columns of W
    miss nothing of P. No more than the 2l + 1 largest eigenvalues of A are taken for other than
    rounding, and none below the rounding of the largest.

    Parameters
    ----------
    products : ndarray of shape (n_atoms, k, size)
        R.
    corner : ndarray of shape (n_atoms, k, k)
        A.
    degree : int
        The degree l.

    Returns
    -------
    ndarray of shape (n_atoms, size, size)
    """
    eigenvalues, vectors = np.linalg.eigh((corner + corner.transpose(0, 2, 1)) / 2)
    k = eigenvalues.shape[1]
    kept = min(k, 2 * degree + 1)
    eigenvalues, vectors = eigenvalues[:, k - kept :], vectors[:, :, k - kept :]
    limit = k * np.finfo(float).eps * eigenvalues[:, -1:]
    usable = eigenvalues > limit
    root = np.where(usable, 1.0 / np.sqrt(np.where(usable, eigenvalues, 1.0)), 0.0)
    # a set of coefficients that has this power spectrum, (n_atoms, kept, size)
    x = root[:, :, None] * (vectors.transpose(0, 2, 1) @ products)
    return np.asarray(x.transpose(0, 2, 1) @ x)


def from_random_columns(values: Sequence[Floats], mixing: Sequence[Floats]) -> list[Floats]:
    r""":math:`P_l` from :math:`W^T P_l`.

    Parameters
    ----------
    values : sequence of ndarray of shape (n_atoms, k_l, size)
        :math:`W_l^T P_l` for l = 0, 1, ...
    mixing : sequence of ndarray of shape (size, k_l)
        :math:`W_l`.

    Returns
    -------
    list of ndarray of shape (n_atoms, size, size)
    """
    return [
        recovered_slice(r, r @ w, degree)
        for degree, (r, w) in enumerate(zip(values, mixing, strict=True))
    ]


def from_random_rotation(values: Sequence[Floats], mixing: Sequence[Floats]) -> list[Floats]:
    r""":math:`P_l` from rows of :math:`Q^T P_l Q`.

    Parameters
    ----------
    values : sequence of ndarray of shape (n_atoms, k_l, size)
        The first :math:`k_l` rows of :math:`Q_l^T P_l Q_l`, whose left corner is symmetric.
    mixing : sequence of ndarray of shape (size, size)
        :math:`Q_l`, orthogonal.

    Returns
    -------
    list of ndarray of shape (n_atoms, size, size)
    """
    return [
        q @ recovered_slice(r, r[:, :, : r.shape[1]], degree) @ q.T
        for degree, (r, q) in enumerate(zip(values, mixing, strict=True))
    ]
