"""Errors of recovery: what they are of, and of how many matrices."""

from dataclasses import replace

import numpy as np
import pytest

from gmd.compression import RECOVERY_COLUMNS, recovery_errors
from gmd.local import Soap

SOAP = Soap(species=("Li", "P", "S"), cutoff=4.0, n_max=3, l_max=2, atom_sigma=0.5)


@pytest.fixture(scope="module")
def crystals(random_crystal):
    return [random_crystal(seed) for seed in (4, 5)]


def naive_error(structures, soap, compression, extra, seed):
    """Largest change of P_l over l by the largest P_l, atom by atom."""
    one = replace(soap, compression=compression, extra_columns=extra, seed=seed)
    found = one.recover(one.compute(structures).values)
    errors = []
    for atom, c in enumerate(soap.expansion(structures)):
        sizes, changes = [], []
        for degree in range(soap.l_max + 1):
            x = np.array(
                [
                    c[e, n, degree**2 : (degree + 1) ** 2]
                    for e in range(len(soap.species))
                    for n in range(soap.n_max)
                ]
            )
            exact = np.array([[a @ b for b in x] for a in x]) / (2 * degree + 1) ** 0.5
            sizes.append(np.sqrt((exact**2).sum()))
            changes.append(np.sqrt(((found[degree][atom] - exact) ** 2).sum()))
        errors.append(max(changes) / max(sizes))
    return np.array(errors)


def test_rows_are_of_every_matrix_and_atom(crystals) -> None:
    errors = recovery_errors(crystals, SOAP, extra_columns=(0, 2), seeds=(3, 8))
    assert tuple(errors.columns) == RECOVERY_COLUMNS
    assert len(errors) == 2 * 2 * 2 * 16
    for (compression, extra, seed), rows in errors.groupby(
        ["compression", "extra_columns", "seed"]
    ):
        assert rows["atom"].tolist() == list(range(16))
        np.testing.assert_allclose(
            rows["error"], naive_error(crystals, SOAP, compression, extra, seed), atol=3e-15
        )
    assert errors.loc[errors["extra_columns"] == 2, "error"].max() < 1e-9
    # matrices are different ones
    assert errors.groupby(["compression", "seed"])["error"].max().nunique() == 4


def test_unit_length_is_refused(crystals) -> None:
    with pytest.raises(ValueError, match="normalize=False"):
        recovery_errors(crystals, replace(SOAP, normalize=True), seeds=(0,))
