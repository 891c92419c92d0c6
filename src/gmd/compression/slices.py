"""Where the components of a compressed power spectrum stand in its matrices."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from gmd.local import Soap

_NAME = re.compile(r"(?P<left>[^_]+)_(?P<right>[^_]+)_l(?P<degree>\d+)")


def stored_entries(soap: Soap, row: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    r"""Put the components of one atom where they stand in a matrix for every l.

    Parameters
    ----------
    soap : Soap
        With the compression "nu=2", "WTP" or "QTPQ".
    row : ndarray of shape (n_components,)
        Of the atom.

    Returns
    -------
    list of ndarray of shape (N S, N S)
        For l = 0 … L, entries of :math:`P_l`, :math:`W^T P_l` or :math:`Q^T P_l Q`, as stored; NaN
        where nothing is, since the rest follows from it.

    Raises
    ------
    ValueError
        For another compression, or a row of another length.
    """
    if soap.compression not in ("nu=2", "WTP", "QTPQ"):
        raise ValueError(f"{soap.compression!r} is no selection of entries of N S by N S matrices")
    if row.shape != (soap.n_components,):
        raise ValueError(f"a row of {soap.n_components} components is needed, not {row.shape}")
    size = len(soap.species) * soap.n_max
    matrices = [np.full((size, size), np.nan) for _ in range(soap.l_max + 1)]
    for name, value in zip(soap.component_names, row.tolist(), strict=True):
        found = _NAME.fullmatch(name)
        assert found is not None, name
        place = tuple(_channel(soap, found[side]) for side in ("left", "right"))
        matrices[int(found["degree"])][place] = value
    return matrices


def _channel(soap: Soap, label: str) -> int:
    """Number of a channel: of an element and a radial function, or of a random combination."""
    owner, _, number = label.partition(".")
    start = soap.species.index(owner) * soap.n_max if owner in soap.species else 0
    return start + int(number)
