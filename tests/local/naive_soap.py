"""SOAP and its compressions in plain NumPy: matrices, loops and SciPy's special functions.

Follows the definitions of Darby, Kermode and Csányi (2021) one by one and shares nothing with
`gmd.local`: neighbours by counting cells, integrals by quadrature, Bessel functions and harmonics
from SciPy, the whole of every slice P_l before anything is compressed.

A family is anything with the settings of `gmd.local.Soap`; of what is random, its `mixing(l)` and
`embedding_vectors()` are taken, and of what is fitted, its `basis`.
"""

from __future__ import annotations

import functools
import itertools
from typing import Any

import ase
import numpy as np
from scipy import special

Family = Any
Slices = list[np.ndarray]


def neighbours_of(atoms: ase.Atoms, centre: int, cutoff: float) -> list[tuple[int, np.ndarray]]:
    """Atom indices and vectors of all images within the cutoff."""
    cell = atoms.cell.complete().array
    heights = 1 / np.linalg.norm(np.linalg.inv(cell), axis=0)
    spread = np.ptp(atoms.positions @ np.linalg.inv(cell), axis=0)
    cells = np.where(atoms.pbc, np.ceil(cutoff / heights + spread) + 1, 0).astype(int)
    found = []
    for j in range(len(atoms)):
        for shift in itertools.product(*(range(-n, n + 1) for n in cells)):
            vector = atoms.positions[j] + np.array(shift) @ cell - atoms.positions[centre]
            if 1e-9 < np.linalg.norm(vector) < cutoff:
                found.append((j, vector))
    return found


def smooth_cutoff(r: float, cutoff: float, width: float) -> float:
    if r >= cutoff:
        return 0.0
    if r <= cutoff - width:
        return 1.0
    return 0.5 * (1 + np.cos(np.pi * (r - cutoff + width) / width))


def real_harmonics(l_max: int, direction: np.ndarray) -> np.ndarray:
    """Real orthonormal harmonics, at l² + l + m; sines for negative m, Y_11 along +x."""
    x, y, z = direction / np.linalg.norm(direction)
    polar, azimuth = np.arctan2(np.hypot(x, y), z), np.arctan2(y, x)
    values = np.empty((l_max + 1) ** 2)
    for degree in range(l_max + 1):
        for m in range(-degree, degree + 1):
            # SciPy's harmonics carry the factor (-1)^m of Condon and Shortley
            value = (-1) ** m * special.sph_harm_y(degree, abs(m), polar, azimuth)
            part = value.imag if m < 0 else value.real
            values[degree * degree + degree + m] = part if m == 0 else np.sqrt(2) * part
    return values


def density_on_shell(degree: int, r: np.ndarray, distance: float, alpha: float) -> np.ndarray:
    """exp(-α (r² + d²)) i_l(2 α r d), without overflow."""
    x = 2 * alpha * r * distance
    bessel = np.full(r.shape, 1.0 if degree == 0 else 0.0)
    positive = x > 0
    bessel[positive] = special.ive(degree + 0.5, x[positive]) * np.sqrt(np.pi / (2 * x[positive]))
    return np.exp(-alpha * (r - distance) ** 2) * bessel


def overlaps(functions: Any, end: float) -> np.ndarray:
    """∫ r² φ_a φ_b dr from 0 to the end, by Gauss's rule in pieces."""
    nodes, weights = np.polynomial.legendre.leggauss(40)
    edges = np.linspace(0, end, 41)
    half = np.diff(edges)[:, None] / 2
    r = (edges[:-1, None] + half + half * nodes).ravel()
    values = functions(r)
    return values.T @ (((half * weights).ravel() * r**2)[:, None] * values)


@functools.cache
def radial_basis(
    kind: str, n_max: int, degree: int, cutoff: float, sigma: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Radii where the density is looked at, and M and A of b = M A⁺ f there."""
    alpha = 1 / (2 * sigma**2)
    reach = cutoff + sigma * np.sqrt(20 * np.log(10))
    if kind == "equispaced":
        grid = np.arange(n_max) * reach / n_max

        def gaussians(r: np.ndarray) -> np.ndarray:
            return np.exp(-alpha * (r[:, None] - grid) ** 2)

        lower = np.linalg.cholesky(overlaps(gaussians, reach + 10 * sigma))
        return grid, lower.T, gaussians(grid)
    grid = np.arange(3 * n_max) * reach / (3 * n_max)
    width = (np.arange(n_max) + 1) * reach / n_max
    decay = -(np.log(0.001) - degree * np.log(width)) / width**2

    def orbitals(r: np.ndarray) -> np.ndarray:
        return r[:, None] ** degree * np.exp(-decay * r[:, None] ** 2)

    lower = np.linalg.cholesky(overlaps(orbitals, reach))
    return grid, np.eye(n_max), np.linalg.solve(lower, orbitals(grid).T).T


@functools.cache
def wide_radial_values(
    n_max: int, degree: int, distance: float, cutoff: float, sigma: float
) -> np.ndarray:
    """Those of the total density's own functions: Gaussians that fill their distances.

    The density is projected on them, ∫ r² g_n f_l dr, not interpolated.
    """
    reach = cutoff + sigma * np.sqrt(20 * np.log(10))
    centres = np.arange(n_max) * reach / n_max
    width = reach / n_max

    def gaussians_and_density(r: np.ndarray) -> np.ndarray:
        shell = density_on_shell(degree, r, distance, 1 / (2 * sigma**2))
        return np.c_[np.exp(-((r[:, None] - centres) ** 2) / (2 * width**2)), shell]

    products = overlaps(gaussians_and_density, reach)
    lower = np.linalg.cholesky(products[:n_max, :n_max])
    values = np.linalg.solve(lower, products[:n_max, n_max])
    values.setflags(write=False)
    return np.asarray(values)


@functools.cache
def radial_values(
    kind: str, n_max: int, degree: int, distance: float, cutoff: float, sigma: float
) -> np.ndarray:
    """b_nl(d) for all n; the central atom is at no distance."""
    grid, turn, functions = radial_basis(kind, n_max, degree, cutoff, sigma)
    shell = density_on_shell(degree, grid, distance, 1 / (2 * sigma**2))
    values = turn @ np.linalg.lstsq(functions, shell, rcond=None)[0]
    values.setflags(write=False)
    return np.asarray(values)


def coefficients_of(atoms: ase.Atoms, centre: int, family: Family, *, wide: bool = False) -> Slices:
    """c^α_nlm of one atom: for each l an array (2l + 1, S, n of this l).

    With `wide`, in the 2l + 1 functions that the total density has for ν, μ* = 1, 1.
    """
    found = [
        (family.species.index(atoms[j].symbol), float(np.linalg.norm(vector)), vector)
        for j, vector in neighbours_of(atoms, centre, family.cutoff)
    ]
    cutoffs = [smooth_cutoff(r, family.cutoff, family.cutoff_transition_width) for _, r, _ in found]
    harmonics = [real_harmonics(family.l_max, vector) for _, _, vector in found]
    own = family.species.index(atoms[centre].symbol)
    slices = []
    for degree in range(family.l_max + 1):
        n_max = 2 * degree + 1 if wide else family.n_max

        def radial(r: float, *, of: tuple[int, int] = (n_max, degree)) -> np.ndarray:
            if wide:
                return wide_radial_values(*of, r, family.cutoff, family.atom_sigma)
            return radial_values(family.radial_basis, *of, r, family.cutoff, family.atom_sigma)

        c = np.zeros((2 * degree + 1, len(family.species), n_max))
        for (element, r, _), weight, y in zip(found, cutoffs, harmonics, strict=True):
            angular = y[degree**2 : (degree + 1) ** 2]
            c[:, element] += 4 * np.pi * weight * np.outer(angular, radial(r))
        if degree == 0:
            harmonic = np.sqrt(1 / (4 * np.pi))
            c[0, own] += family.central_weight * 4 * np.pi * harmonic * radial(0.0)
        slices.append(c)
    return slices


def expansion(atoms: ase.Atoms, family: Family) -> np.ndarray:
    """(n_atoms, S, N, (L + 1)²), as `Soap.expansion` has it."""
    rows = []
    for centre in range(len(atoms)):
        slices = coefficients_of(atoms, centre, family)
        rows.append(np.concatenate([np.moveaxis(c, 0, -1) for c in slices], axis=-1))
    return np.array(rows)


def full_slices(slices: Slices) -> Slices:
    """P_l = X_lᵀ X_l / √(2l + 1) between all channels, of coefficients (2l + 1, S, N)."""
    matrices = [c.reshape(len(c), -1) for c in slices]
    return [x.T @ x / np.sqrt(len(x)) for x in matrices]


def embedded(slices: Slices, family: Family) -> tuple[list[str], Slices]:
    """Names of the kinds of density that are told apart, and their coefficients."""
    if family.embedding is None:
        return list(family.species), slices
    vectors = family.embedding_vectors()
    names = [f"J{j}" for j in range(vectors.shape[1])]
    return names, [np.einsum("man,aj->mjn", c, vectors) for c in slices]


def side_of(label: str, family: Family, slices: Slices) -> list[list[tuple[str, np.ndarray]]]:
    """For each l the named channels that ν, ν̂, μ or μ̂ stands for, as columns of length 2l + 1.

    An embedding takes the place of the elements, not of the total density.
    """
    kinds = list(family.species)
    if label.startswith("nu"):
        kinds, slices = embedded(slices, family)
    sides = []
    for c in slices:
        if label == "nu":
            named = [
                (f"{kind}.{n}", c[:, a, n])
                for a, kind in enumerate(kinds)
                for n in range(c.shape[2])
            ]
        elif label == "nu_hat":
            named = [(f"{kind}.hat", c[:, a].sum(axis=1)) for a, kind in enumerate(kinds)]
        elif label == "mu":
            named = [(f"all.{n}", c[:, :, n].sum(axis=1)) for n in range(c.shape[2])]
        else:
            named = [("all.hat", c.sum(axis=(1, 2)))]
        sides.append(named)
    return sides


def symmetric_entries(side: list[list[tuple[str, np.ndarray]]]) -> dict[str, float]:
    """Upper triangles, so scaled that their dot product is the kernel; blocks first, then l."""
    kinds = list(dict.fromkeys(name.rsplit(".", 1)[0] for name, _ in side[0]))
    entries = {}
    for block in itertools.combinations_with_replacement(kinds, 2):
        for degree, named in enumerate(side):
            for i, (left, x) in enumerate(named):
                for right, y in named[i:]:
                    if (left.rsplit(".", 1)[0], right.rsplit(".", 1)[0]) == block:
                        scale = (1 if left == right else np.sqrt(2)) / np.sqrt(2 * degree + 1)
                        entries[f"{left}_{right}_l{degree}"] = float(scale * (x @ y))
    return entries


def mixed_entries(
    left_side: list[list[tuple[str, np.ndarray]]], right_side: list[list[tuple[str, np.ndarray]]]
) -> dict[str, float]:
    """All products of left and right channels; blocks first, then l."""
    entries = {}
    left_kinds, right_kinds = (
        list(dict.fromkeys(name.rsplit(".", 1)[0] for name, _ in side[0]))
        for side in (left_side, right_side)
    )
    for block in itertools.product(left_kinds, right_kinds):
        for degree, (lefts, rights) in enumerate(zip(left_side, right_side, strict=True)):
            for (left, x), (right, y) in itertools.product(lefts, rights):
                if (left.rsplit(".", 1)[0], right.rsplit(".", 1)[0]) == block:
                    entries[f"{left}_{right}_l{degree}"] = float(x @ y / np.sqrt(2 * degree + 1))
    return entries


def labels_of(compression: str) -> tuple[str, str]:
    """ν = 2 is ν and ν; ν, μ̂ = 1, 1 is ν and μ̂."""
    if "," not in compression:
        label = compression.removesuffix("=2")
        return label, label
    left, right = (part.removesuffix("=1") for part in compression.split(","))
    return left, right


def components_of(atoms: ase.Atoms, centre: int, family: Family) -> dict[str, float]:
    """The named components of one atom's row, in their order."""
    slices = coefficients_of(atoms, centre, family)
    total = None
    if family.compression == "nu=1,mu*=1":
        total = coefficients_of(atoms, centre, family, wide=True)
    return contracted(slices, family, total=total)


def contracted(slices: Slices, family: Family, *, total: Slices | None = None) -> dict[str, float]:
    """Components of given coefficients; with `total`, the density expanded in 2l + 1 functions."""
    if family.compression == "WTP":
        return wtp_entries(list(family.species), full_slices(slices), family)
    if family.compression == "QTPQ":
        return qtpq_entries(full_slices(slices), family)
    if family.compression == "optimal":
        return symmetric_entries(optimal_side(slices, family))
    left, right = labels_of(family.compression)
    if right == "mu*":
        assert total is not None
        return mixed_entries(side_of(left, family, slices), side_of("mu", family, total))
    sides = side_of(left, family, slices), side_of(right, family, slices)
    return symmetric_entries(sides[0]) if left == right else mixed_entries(*sides)


def wtp_entries(kinds: list[str], slices: Slices, family: Family) -> dict[str, float]:
    """WᵀP_l, in blocks of the columns of P_l."""
    entries = {}
    for a, kind in enumerate(kinds):
        for degree, p in enumerate(slices):
            w = family.mixing(degree)
            for k in range(w.shape[1]):
                for n in range(family.n_max):
                    value = w[:, k] @ p[:, a * family.n_max + n]
                    entries[f"W.{k}_{kind}.{n}_l{degree}"] = float(value)
    return entries


def qtpq_entries(slices: Slices, family: Family) -> dict[str, float]:
    """The first rows of the upper triangle of QᵀP_lQ."""
    entries = {}
    for degree, p in enumerate(slices):
        q = family.mixing(degree)
        turned = q.T @ p @ q
        for i in range(min(2 * degree + 1 + family.extra_columns, len(q))):
            for j in range(i, len(q)):
                entries[f"Q.{i}_Q.{j}_l{degree}"] = float(turned[i, j])
    return entries


def optimal_side(slices: Slices, family: Family) -> list[list[tuple[str, np.ndarray]]]:
    """For each l the coefficients in the fitted basis."""
    side = []
    for c, u in zip(slices, np.array(family.basis), strict=True):
        columns = c.reshape(len(c), -1) @ u
        side.append([(f"U.{i}", columns[:, i]) for i in range(columns.shape[1])])
    return side


def naive_soap(atoms: ase.Atoms, family: Family) -> tuple[list[str], np.ndarray]:
    """Names and rows of all atoms."""
    found = [components_of(atoms, centre, family) for centre in range(len(atoms))]
    values = np.array([list(entries.values()) for entries in found])
    if family.normalize:
        # nothing has no direction and stays nothing
        lengths = np.linalg.norm(values, axis=1)[:, None]
        values = np.divide(values, lengths, out=np.zeros_like(values), where=lengths > 0)
    return list(found[0]), values


def slices_of(coefficients: np.ndarray) -> Slices:
    """One atom's row (S, N, (L + 1)²) of an expansion, by l."""
    l_max = int(np.sqrt(coefficients.shape[-1])) - 1
    return [
        np.moveaxis(coefficients[..., degree**2 : (degree + 1) ** 2], -1, 0)
        for degree in range(l_max + 1)
    ]


def optimal_basis(structures: list[ase.Atoms], family: Family) -> tuple[list[np.ndarray], Slices]:
    """Eigenvalues and eigenvectors, largest first, of the mean of Σ_m c c over all atoms."""
    rows = [expansion(atoms, family) for atoms in structures]
    c = np.concatenate(rows)
    values, vectors = [], []
    for degree in range(family.l_max + 1):
        x = c[..., degree**2 : (degree + 1) ** 2].reshape(len(c), -1, 2 * degree + 1)
        eigenvalues, eigenvectors = np.linalg.eigh(np.einsum("icm,idm->cd", x, x) / len(c))
        values.append(eigenvalues[::-1])
        vectors.append(eigenvectors[:, ::-1])
    return values, vectors


def recovered_from_wtp(mixed: np.ndarray, w: np.ndarray) -> np.ndarray:
    """P of rank r from WᵀP, section II B: B = WᵀXᵀ spans it and BᵀB = WᵀPW is known."""
    return recovered(mixed, mixed @ w)


def recovered_from_qtpq(rows: np.ndarray, q: np.ndarray) -> np.ndarray:
    """P from the first rows of QᵀPQ."""
    k = len(rows)
    return q @ recovered(rows, rows[:, :k]) @ q.T


def recovered(mixed: np.ndarray, gram: np.ndarray) -> np.ndarray:
    """XᵀX from BᵀX and BᵀB: U Λ Uᵀ = BᵀB and X = Λ^(-1/2) Uᵀ (BᵀX), without vanishing Λ."""
    eigenvalues, u = np.linalg.eigh((gram + gram.T) / 2)
    kept = eigenvalues > 1e-13 * eigenvalues.max()
    x = (u[:, kept].T @ mixed) / np.sqrt(eigenvalues[kept])[:, None]
    return x.T @ x
