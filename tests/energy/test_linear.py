"""Least squares against scikit-learn and the pseudo-inverse."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import LinearRegression

from gmd.energy import fit_linear


def samples(n, p, seed=0):
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(n, p)) @ rng.normal(size=(p, p)) + 3
    return features, features[:, 0] * 0.2 + np.sin(features[:, -1]) + rng.normal(size=n)


def test_agrees_with_scikit_learn():
    features, targets = samples(80, 6)
    model = LinearRegression().fit(features, targets)
    residuals = targets - model.predict(features)
    fit = fit_linear(features, targets)
    assert fit.mae == pytest.approx(np.abs(residuals).mean(), rel=1e-10)
    assert fit.rmse == pytest.approx(np.sqrt((residuals**2).mean()), rel=1e-10)
    assert (fit.rank, fit.n_columns, fit.interpolating) == (7, 6, False)


def test_dependent_columns_agree_with_the_pseudo_inverse():
    features, targets = samples(40, 5)
    wide = features @ np.random.default_rng(7).normal(size=(5, 90))
    design = np.column_stack([np.ones(40), wide])
    residuals = targets - design @ (np.linalg.pinv(design, rcond=1e-10) @ targets)
    fit = fit_linear(wide, targets)
    assert fit.mae == pytest.approx(np.abs(residuals).mean(), rel=1e-9)
    assert (fit.rank, fit.interpolating) == (6, False)


@pytest.mark.parametrize("p", [29, 30, 200])
def test_as_many_parameters_as_structures_interpolate(p):
    features, targets = samples(30, p)
    fit = fit_linear(features, targets)
    assert fit.interpolating
    assert fit.rank == 30
    assert fit.mae < 1e-11


def test_sparse_features_fit_the_same():
    features, targets = samples(60, 30)
    features[:, 5:] *= np.random.default_rng(1).random((60, 25)) < 0.2
    features[:, 9] = 0.0
    assert fit_linear(sparse.csr_array(features), targets) == fit_linear(features, targets)
    assert fit_linear(features, targets).n_columns == 30


def test_one_parameter_fewer_does_not():
    fit = fit_linear(*samples(30, 28))
    assert not fit.interpolating
    assert fit.rank == 29
    assert fit.mae > 1e-6


def test_equal_structures_of_different_energy_are_not_interpolated():
    features, targets = samples(30, 200)
    features[1] = features[0]
    fit = fit_linear(features, targets)
    assert not fit.interpolating
    assert fit.mae == pytest.approx(abs(targets[1] - targets[0]) / 30, rel=1e-8)


def test_scales_of_fifty_decades_do_not_matter():
    features, targets = samples(80, 6)
    scaled = features * [1e-44, 1e-160, 1e-6, 1, 1e10, 1e160]
    assert fit_linear(scaled, targets).rank == 7
    assert fit_linear(scaled, targets).mae == pytest.approx(
        fit_linear(features, targets).mae, rel=1e-9
    )


def test_constant_columns_leave_the_intercept():
    _, targets = samples(20, 2)
    fit = fit_linear(np.full((20, 3), 7.0), targets)
    assert fit.mae == pytest.approx(np.abs(targets - targets.mean()).mean())
    assert (fit.rank, fit.interpolating) == (1, False)


def test_the_zero_of_the_targets_does_not_matter():
    features, targets = samples(80, 6)
    assert fit_linear(features, targets - 240).mae == pytest.approx(
        fit_linear(features, targets).mae, rel=1e-9
    )


def test_rcond_drops_weak_directions():
    features, targets = samples(80, 6)
    assert fit_linear(features, targets, rcond=0.5).rank < 7


@pytest.mark.parametrize(
    ("features", "targets", "message"),
    [
        (np.ones((4, 2)), np.ones(3), r"targets have shape \(3,\) for 4 rows"),
        (np.ones(4), np.ones(4), r"features have shape \(4,\)"),
        (np.ones((4, 0)), np.ones(4), "at least one column"),
        (np.ones((1, 2)), np.ones(1), "1 structures are too few"),
        (np.array([[0, 1], [np.nan, 2]]), np.ones(2), "row 1, column 0 is not finite"),
        (np.ones((2, 2)), np.array([1, np.nan]), "targets: row 1 is not finite"),
    ],
)
def test_input_that_is_refused(features, targets, message):
    with pytest.raises(ValueError, match=message):
        fit_linear(features, targets)
