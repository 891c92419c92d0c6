"""How well channels span the coefficients."""

from dataclasses import replace

import numpy as np
import pytest

from gmd.compression import SPANNING_COLUMNS, spanning
from gmd.local import Soap

SOAP = Soap(species=("Li", "P", "S"), cutoff=4.0, n_max=5, l_max=3, atom_sigma=0.5)


@pytest.fixture(scope="module")
def crystals(random_crystal):
    return [random_crystal(seed) for seed in (4, 5)]


def ratio(matrix: np.ndarray) -> float:
    """Of the least to the largest singular value, by way of the Gram matrix of the rows."""
    eigenvalues = np.linalg.eigvalsh(matrix @ matrix.T)
    return float(np.sqrt(max(eigenvalues[0], 0.0) / eigenvalues[-1]))


@pytest.mark.parametrize("basis", ["equispaced", "gto"])
def test_equals_naive(crystals, basis) -> None:
    soap = replace(SOAP, radial_basis=basis)
    found = spanning(crystals, soap)
    assert tuple(found.columns) == SPANNING_COLUMNS
    # 2l + 1 functions of five: up to l = 2, although there are three degrees
    assert found["degree"].tolist() == [1, 2]
    mixed = replace(soap, compression="WTP")
    for degree, *values in found.itertuples(index=False):
        expected = {name: [] for name in SPANNING_COLUMNS[1:]}
        for atom in soap.expansion(crystals)[..., degree**2 : (degree + 1) ** 2]:
            x = np.concatenate(list(atom)).T
            expected["all"].append(ratio(x))
            expected["W"].append(ratio(x @ mixed.mixing(degree)))
        for kind in ("equispaced", "gto"):
            c = replace(soap, radial_basis=kind).expansion(crystals)
            for atom in c[..., degree**2 : (degree + 1) ** 2]:
                expected[f"total, {kind}"].append(ratio(sum(atom).T))
        medians = [np.median(expected[name]) for name in SPANNING_COLUMNS[1:]]
        # roots of rounding: the Gram matrix squares the range
        np.testing.assert_allclose(values, medians, rtol=1e-6, atol=1e-7)


def test_random_columns_span_what_a_mirror_hides_from_the_total_density() -> None:
    """Figure 2 of the paper: the total density has a mirror plane, the elements have not."""
    from ase import Atoms

    angles = np.radians([35.0, -35.0, 100.0, -100.0])
    radii = np.array([1.6, 1.6, 2.1, 2.1])
    places = np.c_[radii * np.cos(angles), radii * np.sin(angles), 0 * radii]
    atoms = Atoms("CNONO", positions=np.r_[np.zeros((1, 3)), places])
    soap = Soap(species=("C", "N", "O"), cutoff=4.0, n_max=8, l_max=1, atom_sigma=0.5)
    total = soap.expansion([atoms])[0, ..., 1:4].sum(axis=0)  # of the atom in the middle
    whole = soap.expansion([atoms])[0, ..., 1:4].reshape(-1, 3)
    assert np.linalg.matrix_rank(total, tol=1e-10) == 1
    assert np.linalg.matrix_rank(whole, tol=1e-10) == 2
