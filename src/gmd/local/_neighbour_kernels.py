"""Compiled loops behind :mod:`gmd.local.neighbours`; inputs are checked there.

Atoms and their images are sorted into bins, in which the neighbours of an atom are looked for. All
of it serves one structure, and what is found for an atom does not depend on which other atoms are
asked for.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

_BINS_PER_CUTOFF = 2.0
_SLACK = 1e-9  # of the cutoff, against rounding: neighbours so close to it weigh nothing


class Images(NamedTuple):
    """All atoms and images that an atom of the structure may have for a neighbour.

    Attributes
    ----------
    position : ndarray of shape (3, n_images), float64
        Å, bin by bin.
    atom : ndarray of shape (n_images,), int
        The atom of which each is an image.
    itself : ndarray of shape (n_atoms,), int
        The image in the home cell, in which an atom's neighbours are looked for.
    home : ndarray of shape (n_atoms, 3), int
        The bin of that image.
    n_bins, reach : ndarray of shape (3,), int
        Number of bins along each axis, and how many of them the cutoff spans.
    first : ndarray of shape (n_bins + 1,), int
        The images in bin b are ``first[b]:first[b + 1]``; the last axis is the fastest.
    """

    position: NDArray[np.float64]
    atom: NDArray[np.int64]
    itself: NDArray[np.int64]
    home: NDArray[np.int64]
    n_bins: NDArray[np.int64]
    reach: NDArray[np.int64]
    first: NDArray[np.int64]


@numba.njit(cache=True, nogil=True)
def bin_of(place, origin, per_bin, n_bins):  # type: ignore[no-untyped-def]
    """Index of a bin along one axis."""
    return min(n_bins - 1, max(0, int((place - origin) * per_bin)))


@numba.njit(cache=True, nogil=True)
def images_within(positions, cell, inverse, periodic, cutoff):  # type: ignore[no-untyped-def]
    """Sort atoms and their images within the cutoff of any atom's home place into bins."""
    n_atoms = positions.shape[0]
    # in units of the cell vectors: where atoms are after wrapping, and the cells they were moved by
    place = np.empty((n_atoms, 3))
    moved = np.zeros((n_atoms, 3))
    margin, low, high = np.empty(3), np.empty(3), np.empty(3)
    for k in range(3):
        column = inverse[:, k]
        # one over the height of the cell along k
        margin[k] = (1.0 + _SLACK) * cutoff * math.sqrt((column * column).sum())
        low[k], high[k] = np.inf, -np.inf
        for a in range(n_atoms):
            p = positions[a, 0] * column[0] + positions[a, 1] * column[1]
            p += positions[a, 2] * column[2]
            if periodic[k]:
                moved[a, k] = math.floor(p)
                p -= moved[a, k]
            place[a, k] = p
            low[k], high[k] = min(low[k], p), max(high[k], p)

    begin = np.zeros((n_atoms, 3), dtype=np.int64)
    end = np.ones((n_atoms, 3), dtype=np.int64)
    n_images = 0
    for a in range(n_atoms):
        count = 1
        for k in range(3):
            if periodic[k]:
                begin[a, k] = math.ceil(low[k] - margin[k] - place[a, k])
                end[a, k] = math.floor(high[k] + margin[k] - place[a, k]) + 1
            count *= end[a, k] - begin[a, k]
        n_images += count

    n_bins, reach = np.empty(3, dtype=np.int64), np.empty(3, dtype=np.int64)
    origin, span = np.empty(3), np.empty(3)
    product = 1.0
    for k in range(3):
        beyond = margin[k] if periodic[k] else 0.0
        origin[k] = low[k] - beyond
        span[k] = high[k] - low[k] + 2.0 * beyond
        # rounded down: bins a little narrower would make the cutoff reach one bin further
        n_bins[k] = max(1, int(min(1e6, _BINS_PER_CUTOFF * span[k] / margin[k])))
        product *= n_bins[k]
    # atoms far from each other leave most of the space empty: not more bins than images
    while product > 2.0 * n_images + 64.0:
        longest = np.argmax(n_bins)
        product *= (n_bins[longest] // 2) / n_bins[longest]
        n_bins[longest] //= 2
    per_bin = np.zeros(3)
    for k in range(3):
        if span[k] > 0.0:
            per_bin[k] = n_bins[k] / span[k]
        reach[k] = math.ceil(margin[k] * per_bin[k])

    first = np.zeros(n_bins[0] * n_bins[1] * n_bins[2] + 1, dtype=np.int64)
    where = np.empty(n_images, dtype=np.int64)
    image = 0
    for a in range(n_atoms):
        for s in range(begin[a, 0], end[a, 0]):
            x = bin_of(place[a, 0] + s, origin[0], per_bin[0], n_bins[0])
            for t in range(begin[a, 1], end[a, 1]):
                y = bin_of(place[a, 1] + t, origin[1], per_bin[1], n_bins[1])
                for u in range(begin[a, 2], end[a, 2]):
                    z = bin_of(place[a, 2] + u, origin[2], per_bin[2], n_bins[2])
                    where[image] = (x * n_bins[1] + y) * n_bins[2] + z
                    first[where[image] + 1] += 1
                    image += 1
    for b in range(first.size - 1):
        first[b + 1] += first[b]

    free = first[:-1].copy()
    position = np.empty((3, n_images))
    atom = np.empty(n_images, dtype=np.int64)
    itself = np.empty(n_atoms, dtype=np.int64)
    home = np.empty((n_atoms, 3), dtype=np.int64)
    image = 0
    for a in range(n_atoms):
        for k in range(3):
            home[a, k] = bin_of(place[a, k], origin[k], per_bin[k], n_bins[k])
        for s in range(begin[a, 0], end[a, 0]):
            for t in range(begin[a, 1], end[a, 1]):
                for u in range(begin[a, 2], end[a, 2]):
                    q = free[where[image]]
                    free[where[image]] += 1
                    image += 1
                    atom[q] = a
                    if s == 0 and t == 0 and u == 0:
                        itself[a] = q
                    x, y, z = s - moved[a, 0], t - moved[a, 1], u - moved[a, 2]
                    for c in range(3):
                        shift = x * cell[0, c] + y * cell[1, c] + z * cell[2, c]
                        position[c, q] = positions[a, c] + shift
    return Images(position, atom, itself, home, n_bins, reach, first)


@numba.njit(cache=True, nogil=True)
def neighbours_among(images, cutoff, begin, end, first, other, distance, vector):  # type: ignore[no-untyped-def]
    """Fill the last four arrays with the neighbours of the atoms `begin` to ``end - 1``.

    Returns the number of pairs; where it exceeds the room for them, the rest is left out.
    """
    x, y, z = images.position[0], images.position[1], images.position[2]
    n_x, n_y, n_z = images.n_bins[0], images.n_bins[1], images.n_bins[2]
    reach_x, reach_y, reach_z = images.reach[0], images.reach[1], images.reach[2]
    square = np.empty(images.atom.size)
    found = np.empty(images.atom.size + 1, dtype=np.int64)
    n_pairs = 0
    first[0] = 0
    for a in range(begin, end):
        itself = images.itself[a]
        x_a, y_a, z_a = x[itself], y[itself], z[itself]
        home_x, home_y, home_z = images.home[a, 0], images.home[a, 1], images.home[a, 2]
        low_z, high_z = max(home_z - reach_z, 0), min(home_z + reach_z + 1, n_z)
        n_found = 0
        for bin_x in range(max(home_x - reach_x, 0), min(home_x + reach_x + 1, n_x)):
            for bin_y in range(max(home_y - reach_y, 0), min(home_y + reach_y + 1, n_y)):
                # bins along the last axis follow each other
                row = (bin_x * n_y + bin_y) * n_z
                start, stop = images.first[row + low_z], images.first[row + high_z]
                for q in range(start, stop):
                    dx, dy, dz = x[q] - x_a, y[q] - y_a, z[q] - z_a
                    square[q - start] = dx * dx + dy * dy + dz * dz
                for q in range(start, stop):
                    # overwritten by the next unless it is near enough: no branch to mispredict
                    found[n_found] = q
                    n_found += square[q - start] < cutoff * cutoff
        for p in range(n_found):
            q = found[p]
            if q == itself:
                continue
            if n_pairs < other.size:
                dx, dy, dz = x[q] - x_a, y[q] - y_a, z[q] - z_a
                other[n_pairs] = images.atom[q]
                distance[n_pairs] = math.sqrt(dx * dx + dy * dy + dz * dz)
                vector[n_pairs, 0] = dx
                vector[n_pairs, 1] = dy
                vector[n_pairs, 2] = dz
            n_pairs += 1
        first[a - begin + 1] = n_pairs
    return n_pairs
