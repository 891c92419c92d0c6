"""How many neighbours to expect, before memory is taken for them."""

from __future__ import annotations

import math

import ase
import numpy as np

LARGEST_NUMBER_OF_PAIRS = 50_000_000
"""Ordered pairs of neighbours of one structure, some 80 bytes each: what 4 GiB hold."""


def expected_pairs(atoms: ase.Atoms, cutoff: float) -> float:
    r"""Rough number of ordered pairs (i, j or an image of j) closer than `cutoff`.

    As if the atoms were spread evenly: over the cell along periodic directions, and over their own
    extent :math:`e_a` along the others, of which a sphere reaches the part :math:`\min(1, 2r/e_a)`:

    .. math::
        n \approx N^2 \frac{V_k(r)}{A_k} \prod_{a \text{ not periodic}} \min(1, 2 r / e_a)

    with the volume :math:`V_k` of a sphere in the k periodic dimensions and the cell's
    :math:`A_k`. Without periodic directions that is at most :math:`N^2`.

    Parameters
    ----------
    atoms : ase.Atoms
        A structure that passed :func:`gmd.structures.check_structure`, in Å.
    cutoff : float
        r in Å.

    Returns
    -------
    float
    """
    n_atoms = float(len(atoms))
    if atoms.pbc.all():
        (ax, ay, az), (bx, by, bz), (cx, cy, cz) = atoms.cell.array.tolist()
        volume: float = abs(
            ax * (by * cz - bz * cy) - ay * (bx * cz - bz * cx) + az * (bx * cy - by * cx)
        )
        return n_atoms**2 * 4 / 3 * math.pi * cutoff**3 / volume
    periodic = atoms.cell.array[atoms.pbc]
    n_pairs = n_atoms**2
    if len(periodic) == 2:
        area = float(np.linalg.norm(np.cross(*periodic)))
        n_pairs *= math.pi * cutoff**2 / area
    elif len(periodic) == 1:
        n_pairs *= 2 * cutoff / float(np.linalg.norm(periodic[0]))
    if n_pairs <= LARGEST_NUMBER_OF_PAIRS:
        return n_pairs  # the rest makes it less
    # directions across the periodic ones
    across = (
        np.linalg.svd(periodic, full_matrices=True)[2][len(periodic) :]
        if len(periodic)
        else np.eye(3)
    )
    for extent in np.ptp(atoms.positions @ across.T, axis=0).tolist():
        if extent > 2 * cutoff:
            n_pairs *= 2 * cutoff / extent
    return n_pairs
