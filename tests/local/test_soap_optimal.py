"""Optimal radial functions of mixed elements (Goscinski et al. 2021), by principal components."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from gmd.local import Chebyshev, FittedFamily, family_settings, local_family
from local.naive_soap import optimal_basis, slices_of
from local.soap_cases import assert_close, cluster, few_structures, small_crystal, soap

TRAINING = [cluster(10, 9), cluster(11, 9), small_crystal()]
# what soap("optimal") is fitted to


@pytest.mark.parametrize("basis", ["equispaced", "gto"])
def test_functions_are_principal_components(basis) -> None:
    family = soap("optimal", radial_basis=basis)
    assert np.shape(family.basis) == (4, 9, 4)
    variances, vectors = optimal_basis(TRAINING, family)
    for u, variance, v in zip(np.array(family.basis), variances, vectors, strict=True):
        assert_close(u.T @ u, np.eye(4), 1e-13)
        # to a sign; close variances mix, by rounding over the distance between them
        gap = min(variance[:4] - variance[1:5])
        overlap = np.abs(u.T @ v[:, :4])
        np.testing.assert_allclose(overlap, np.eye(4), atol=1e-13 * variance[0] / gap + 1e-12)


def test_variance_falls_and_none_keeps_more() -> None:
    family = soap("optimal", u_max=9)
    c = family.expansion(TRAINING)
    rng = np.random.default_rng(0)
    for degree, u in enumerate(np.array(family.basis)):
        x = np.array([slices_of(row)[degree].reshape(2 * degree + 1, -1) for row in c])
        variance = ((x @ u) ** 2).sum(axis=(0, 1))
        assert (np.diff(variance) <= 1e-12 * variance[0]).all()
        assert variance.sum() == pytest.approx((x**2).sum(), rel=1e-12)
        for _ in range(5):
            other = np.linalg.qr(rng.normal(size=(9, 3)))[0]
            assert ((x @ other) ** 2).sum() < variance[:3].sum()


def test_all_functions_keep_the_kernel() -> None:
    structures = few_structures()
    full = soap().compute(structures).values
    family = soap("optimal", u_max=9)
    turned = family.compute(structures).values
    assert turned.shape[1] == full.shape[1]
    assert_close(turned @ turned.T, full @ full.T, 1e-12)


def test_few_functions_keep_most_of_the_kernel() -> None:
    full = soap().compute(TRAINING).values
    kernel = full @ full.T
    errors = []
    for u_max in (1, 3, 5, 7):
        values = soap("optimal", u_max=u_max).compute(TRAINING).values
        errors.append(np.abs(values @ values.T - kernel).max() / kernel.max())
    assert errors == sorted(errors, reverse=True)
    assert errors[0] > 1e-2
    assert errors[-1] < 1e-4


def test_settings_survive_a_file() -> None:
    family = soap("optimal", normalize=True)
    text = json.dumps(family_settings(family))
    again = local_family(json.loads(text))
    assert again == family
    structures = few_structures()
    assert np.array_equal(again.compute(structures).values, family.compute(structures).values)


def test_fit_leaves_the_original_and_depends_on_the_structures() -> None:
    fitted = soap("optimal")
    other = fitted.fit([cluster(12, 9)])
    assert other.basis != fitted.basis
    assert soap("optimal").basis == fitted.basis


def test_unfitted_is_refused() -> None:
    with pytest.raises(ValueError, match="fit"):
        type(soap())(
            species=("S",), cutoff=3.0, n_max=2, l_max=1, atom_sigma=0.5, compression="optimal",
            u_max=2,
        ).compute([small_crystal("SS")])  # fmt: skip


def test_fit_without_atoms_is_refused() -> None:
    with pytest.raises(ValueError, match="no atoms"):
        soap("optimal").fit([])


def test_nothing_to_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to fit"):
        soap("nu=2").fit([cluster(10, 9)])


def test_what_needs_a_fit_says_so() -> None:
    fitted = soap("optimal")
    assert not fitted.needs_fit
    unfitted = replace(fitted, basis=None)
    assert unfitted.needs_fit
    assert not unfitted.fit(TRAINING).needs_fit
    assert not soap("nu=2").needs_fit
    assert isinstance(fitted, FittedFamily)
    assert not isinstance(Chebyshev(weights={"Li": 1.0}), FittedFamily)
