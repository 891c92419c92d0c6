"""Radial functions of the density expansion, exact; :mod:`gmd.local.soap.tables` tabulates them.

The density of one neighbour at distance r' has, for each degree l, the radial part
:math:`f_l(r) = e^{-\\alpha (r^2 + r'^2)} i_l(2 \\alpha r r')` with :math:`\\alpha = 1/(2\\sigma^2)`
(Darby et al. 2021, supporting information A). What is computed here are its coefficients in
orthonormal functions of r.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, special

Floats = NDArray[np.float64]
RadialBasis = Literal["equispaced", "gto"]
RADIAL_BASES: tuple[str, ...] = get_args(RadialBasis)

_FIT_ERROR = 10.0  # decimal exponent: the density of an atom at the cutoff has faded at the end
_GRID_PER_FUNCTION = 3
_LARGEST_CONDITION = 1e12  # of orbitals, about 13 of them; coefficients are right to some 1e-7
_SERIES_BELOW = 0.01
_GTO_END = 1e-3  # value of a Gaussian-type orbital, without its normalisation, where it ends
_QUADRATURE_PER_WIDTH = 6.0
_MOST_POINTS = 2000


def basis_end(cutoff: float, atom_sigma: float) -> float:
    """Where the radial functions end: the cutoff and as much as an atom's Gaussian reaches, Å."""
    return cutoff + atom_sigma * float(np.sqrt(2.0 * _FIT_ERROR * np.log(10.0)))


def neighbour_density(r: Floats, distance: Floats, l_max: int, atom_sigma: float) -> Floats:
    """Radial parts of the density of a neighbour.

    Parameters
    ----------
    r : ndarray of shape (n_r,)
        Where, Å.
    distance : ndarray of shape (n,)
        Distances of the neighbour, Å.
    l_max : int
        Highest degree.
    atom_sigma : float
        Width of the Gaussian, Å.

    Returns
    -------
    ndarray of shape (n, l_max + 1, n_r)
    """
    alpha = 0.5 / atom_sigma**2
    envelope = np.exp(-alpha * (distance[:, None] - r[None, :]) ** 2)
    bessel = scaled_bessel(2.0 * alpha * distance[:, None] * r[None, :], l_max)
    return np.asarray((envelope * bessel).transpose(1, 0, 2))


def scaled_bessel(x: Floats, l_max: int) -> Floats:
    r"""Modified spherical Bessel functions :math:`e^{-x} i_l(x)` for l = 0 ... l_max.

    The highest two by SciPy, the others by downward recurrence, which is stable; near 0, where the
    highest ones vanish, by their series.

    Parameters
    ----------
    x : ndarray
        From 0 on.
    l_max : int
        Highest degree.

    Returns
    -------
    ndarray of shape (l_max + 1, *x.shape)
    """
    found = np.empty((l_max + 1, *x.shape))
    near = x < _SERIES_BELOW
    far = np.where(near, 1.0, x)
    root = np.sqrt(np.pi / (2.0 * far))
    above = root * special.ive(l_max + 1.5, far)
    found[l_max] = root * special.ive(l_max + 0.5, far)
    for degree in range(l_max, 0, -1):
        found[degree - 1] = above + (2 * degree + 1) / far * found[degree]
        above = found[degree]
    small = x[near]
    power = np.exp(-small)
    for degree in range(l_max + 1):
        square = small**2 / (2 * (2 * degree + 3))
        found[degree, near] = power * (1.0 + square * (1.0 + small**2 / (4 * (2 * degree + 5))))
        power = power * small / (2 * degree + 3)
    return found


def radial_coefficients(
    distance: Floats, *, kind: str, cutoff: float, n_max: int, l_max: int, atom_sigma: float
) -> Floats:
    r"""Coefficients :math:`4\pi b_{nl}` of a neighbour's density, before the cutoff function.

    As GAP's ``soap`` has them, so that they can be compared to it. ``"equispaced"``: Gaussians of
    the atoms' width at :math:`r_a = (a - 1) R_b / N`; the combination of them that equals the
    density at the :math:`r_a`, in a basis orthonormal with weight :math:`r^2` (Cholesky).
    ``"gto"``: Gaussian-type orbitals :math:`r^l e^{-\alpha_{nl} r^2}`, orthonormal likewise on
    :math:`[0, R_b]`, fitted by least squares on a grid of 3 N points.

    Parameters
    ----------
    distance : ndarray of shape (n,)
        Distances of the neighbour, Å.
    kind : {"equispaced", "gto"}
        Radial functions.
    cutoff, atom_sigma : float
        Å.
    n_max, l_max : int
        Number of radial functions and highest degree.

    Returns
    -------
    ndarray of shape (n, l_max + 1, n_max)

    Raises
    ------
    ValueError
        Where the functions are so many that they are linearly dependent to rounding.
    """
    end = basis_end(cutoff, atom_sigma)
    if kind == "equispaced":
        transform = _equispaced_transform(end, n_max, atom_sigma)
        grid = _grid(end, n_max)
        density = neighbour_density(grid, distance, l_max, atom_sigma)
        return np.asarray(4.0 * np.pi * density @ transform)
    n_grid = _GRID_PER_FUNCTION * n_max
    grid = _grid(end, n_grid)
    density = neighbour_density(grid, distance, l_max, atom_sigma)
    found = np.empty((distance.size, l_max + 1, n_max))
    for degree in range(l_max + 1):
        fit = _orbital_fit(degree, end, n_max, grid)
        found[:, degree] = 4.0 * np.pi * density[:, degree] @ fit.T
    return found


def total_coefficients(distance: Floats, *, cutoff: float, l_max: int, atom_sigma: float) -> Floats:
    r"""Coefficients in the 2l + 1 functions of the total density for :math:`\nu,\mu^* = 1,1`.

    Equispaced Gaussians again, but as wide as their spacing, and the density is projected on them,
    not interpolated: a few narrow Gaussians would miss most neighbours, and many wide ones would be
    linearly dependent. The paper leaves these functions open.

    Parameters
    ----------
    distance : ndarray of shape (n,)
        Distances of the neighbour, Å.
    cutoff, atom_sigma : float
        Å.
    l_max : int
        Highest degree.

    Returns
    -------
    ndarray of shape (n, (l_max + 1)**2)
        Those of degree l begin at l².
    """
    end = basis_end(cutoff, atom_sigma)
    per_cutoff = _QUADRATURE_PER_WIDTH * end / atom_sigma
    if per_cutoff > _MOST_POINTS:
        raise ValueError(
            f"atom_sigma={atom_sigma:g} Å is too small for a cutoff of {cutoff:g} Å: integrals of "
            f"the total density would take {per_cutoff:.3g} points, and at most {_MOST_POINTS} are "
            f"allowed; raise atom_sigma"
        )
    n_points = int(np.ceil(per_cutoff)) + 32
    node, weight = np.polynomial.legendre.leggauss(n_points)
    r = 0.5 * end * (node + 1.0)
    weight = 0.5 * end * weight * r**2
    density = neighbour_density(r, distance, l_max, atom_sigma) * weight
    found = np.empty((distance.size, (l_max + 1) ** 2))
    for degree in range(l_max + 1):
        n_functions = 2 * degree + 1
        centre = _grid(end, n_functions)
        spacing = end / n_functions
        functions = np.exp(-0.5 * ((r[None, :] - centre[:, None]) / spacing) ** 2)
        lower = _cholesky(functions * weight @ functions.T, f"l_max={l_max}", "lower l_max")
        orthonormal = linalg.solve_triangular(lower, functions, lower=True)
        found[:, degree**2 : (degree + 1) ** 2] = density[:, degree] @ orthonormal.T
    return 4.0 * np.pi * found


def _grid(end: float, n_points: int) -> Floats:
    """Points from 0 on, at equal distances, that leave out the end."""
    return np.linspace(0.0, end, n_points, endpoint=False, dtype=np.float64)


def _equispaced_transform(end: float, n_max: int, atom_sigma: float) -> Floats:
    """From the density at the grid to coefficients in the orthonormal basis, (n_max, n_max)."""
    alpha = 0.5 / atom_sigma**2
    centre = _grid(end, n_max)
    total = centre[:, None] + centre[None, :]
    apart = centre[:, None] - centre[None, :]
    at_grid = np.exp(-alpha * apart**2)
    # integral of r^2 times the product of two Gaussians, from 0 to infinity
    faded = np.exp(-alpha * (centre[:, None] ** 2 + centre[None, :] ** 2))
    filled = np.exp(-0.5 * alpha * apart**2) * (1.0 + special.erf(np.sqrt(0.5 * alpha) * total))
    overlap = total * faded / (8.0 * alpha) + np.sqrt(np.pi / (2.0 * alpha)) * filled * (
        1.0 + alpha * total**2
    ) / (8.0 * alpha)
    lower = _cholesky(overlap, f"n_max={n_max}", "lower n_max or atom_sigma")
    return np.asarray(linalg.solve(at_grid, lower, assume_a="sym"))


def _orbital_fit(degree: int, end: float, n_max: int, grid: Floats) -> Floats:
    """Least-squares fit of values on a grid by orthonormal orbitals, (n_max, n_grid)."""
    reach = end / n_max * np.arange(1, n_max + 1)
    exponent = -(np.log(_GTO_END) - degree * np.log(reach)) / reach**2
    both = exponent[:, None] + exponent[None, :]
    power = degree + 1.5
    overlap = 0.5 * both**-power * special.gamma(power) * special.gammainc(power, both * end**2)
    lower = _cholesky(overlap, f"n_max={n_max}", "lower n_max to 13 or less")
    values = grid[:, None] ** degree * np.exp(-exponent[None, :] * grid[:, None] ** 2)
    orthonormal = linalg.solve_triangular(lower, values.T, lower=True).T
    q, r = np.linalg.qr(orthonormal)
    return np.asarray(linalg.solve_triangular(r, q.T))


def _cholesky(overlap: Floats, what: str, remedy: str) -> Floats:
    """Lower factor of the functions' overlap, unless they are dependent to rounding."""
    scale = 1.0 / np.sqrt(np.diag(overlap))
    if np.linalg.cond(overlap * scale * scale[:, None]) > _LARGEST_CONDITION:
        raise ValueError(
            f"{what}: {len(overlap)} radial functions are linearly dependent; {remedy}"
        )
    return np.asarray(np.linalg.cholesky(overlap))
