"""Boosted trees: staged prediction, determinism, and scales that LightGBM alone would lose."""

import os
import subprocess
import sys

import lightgbm
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from gmd.energy import fit_boosted_trees, split_train_test
from gmd.storage import write_parquet

QUICK = {"n_estimators": (2, 5, 9, 20), "seeds": (0, 3)}


def samples(n=120, p=12, seed=0):
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(n, p))
    return features, np.sin(2 * features[:, 0]) + features[:, 1] * features[:, 2]


def same_bits(one, other):
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_errors_of_a_naive_twin():
    features, targets = samples()
    settings = {
        "learning_rate": 0.1,
        "num_leaves": 5,
        "min_data_in_leaf": 4,
        "max_bin": 31,
        "feature_fraction": 0.5,
    }
    table = fit_boosted_trees(features, targets, **QUICK, **settings)
    assert table.columns.tolist() == ["n_estimators", "seed", "mae", "rmse"]
    assert list(zip(table["n_estimators"], table["seed"], strict=True)) == [
        (trees, seed) for trees in (2, 5, 9, 20) for seed in (0, 3)
    ]
    for row in table.itertuples():
        train, test = split_train_test(120, seed=row.seed)
        model = lightgbm.LGBMRegressor(
            n_estimators=row.n_estimators,
            learning_rate=0.1,
            num_leaves=5,
            min_child_samples=4,
            max_bin=31,
            colsample_bytree=0.5,
            random_state=row.seed,
            n_jobs=1,
            verbosity=-1,
        ).fit(features[train], targets[train])
        residuals = model.predict(features[test]) - targets[test]
        assert row.mae == pytest.approx(np.abs(residuals).mean(), rel=1e-5)
        assert row.rmse == pytest.approx(np.sqrt((residuals**2).mean()), rel=1e-5)


def test_staged_prediction_equals_fits_with_fewer_trees():
    features, targets = samples()
    staged = fit_boosted_trees(features, targets, **QUICK)
    for trees in QUICK["n_estimators"]:
        alone = fit_boosted_trees(features, targets, n_estimators=(trees,), seeds=QUICK["seeds"])
        same_bits(staged[staged["n_estimators"] == trees].reset_index(drop=True), alone)


@pytest.mark.parametrize("feature_fraction", [1.0, 0.4])
@pytest.mark.parametrize("kind", ["dense", "sparse", "ties"])
def test_exactly_what_plain_training_predicts(kind, feature_fraction):
    features, targets = samples(n=300, p=40)
    if kind == "sparse":  # columns that LightGBM would bundle, and constant ones
        features *= np.arange(40) // 4 == np.arange(300)[:, None] % 10
        features[:, [7, 21]] = 3.0
    elif kind == "ties":  # copies, and columns with the same bins
        features = np.hstack([features[:, :10], features[:, :10] ** 3, features[:, :20].round(1)])
    settings = {
        "learning_rate": 0.1,
        "num_leaves": 7,
        "min_data_in_leaf": 5,
        "max_bin": 31,
        "feature_fraction": feature_fraction,
    }
    table = fit_boosted_trees(features, targets, **QUICK, **settings)
    for row in table.itertuples():
        train, test = split_train_test(300, seed=row.seed)
        mean = targets[train].mean()
        plain = {"seed": row.seed, "num_threads": 1, "force_col_wise": True, "use_missing": False}
        model = lightgbm.train(
            {"objective": "regression", "verbosity": -1, **plain, **settings},
            lightgbm.Dataset(features[train], targets[train] - mean),
            num_boost_round=row.n_estimators,
        )
        residuals = mean + model.predict(features[test]) - targets[test]
        assert row.mae == np.abs(residuals).mean()
        assert row.rmse == np.sqrt((residuals**2).mean())


@pytest.mark.parametrize("feature_fraction", [1.0, 0.4])
def test_sparse_features_learn_the_same(feature_fraction):
    features, targets = samples(n=300, p=60)
    features[:, 5:] *= np.random.default_rng(1).random((300, 55)) < 0.07
    features[:, 9] *= 1e-44
    features[:, [7, 21]] = 0.0
    settings = {**QUICK, "feature_fraction": feature_fraction, "min_data_in_leaf": 4}
    same_bits(
        fit_boosted_trees(sparse.csr_array(features), targets, **settings),
        fit_boosted_trees(features, targets, **settings),
    )


def test_the_number_of_threads_does_not_matter(monkeypatch, tmp_path):
    # more rows than LightGBM sums up in one thread
    features, targets = samples(n=2600, p=30)
    train = lightgbm.train
    models = {}

    def recorded(parameters, *args, **options):
        model = train(parameters, *args, **options)
        models[threads, parameters["seed"]] = model.model_to_string()
        return model

    monkeypatch.setattr(lightgbm, "train", recorded)
    for threads in (1, 2, 4):
        table = fit_boosted_trees(
            features, targets, n_estimators=(3, 12), seeds=(0, 5, 1), num_threads=threads
        )
        write_parquet(table, tmp_path / f"{threads}.parquet", settings={})
    assert len(models) == 9
    for threads in (2, 4):
        for seed in (0, 5, 1):
            assert models[threads, seed] == models[1, seed]
        files = [tmp_path / f"{n}.parquet" for n in (1, threads)]
        assert files[0].read_bytes() == files[1].read_bytes()


def test_a_training_depends_on_nothing_but_its_seed(monkeypatch):
    # sums in another order differ too little to show in most errors
    seen = []
    train = lightgbm.train

    def recorded(parameters, *args, **options):
        seen.append(parameters)
        return train(parameters, *args, **options)

    monkeypatch.setattr(lightgbm, "train", recorded)
    fit_boosted_trees(*samples(), **QUICK, num_threads=2)
    assert sorted(parameters["seed"] for parameters in seen) == [0, 3]
    assert all(p["num_threads"] == 1 and p["deterministic"] for p in seen)
    # LightGBM would choose by how long each takes
    assert all(p["force_row_wise"] for p in seen)


def test_what_fails_in_a_thread_is_raised(monkeypatch):
    def failing(*_args, **_options):
        raise lightgbm.basic.LightGBMError("no memory")

    monkeypatch.setattr(lightgbm, "train", failing)
    with pytest.raises(lightgbm.basic.LightGBMError, match="no memory"):
        fit_boosted_trees(*samples(), **QUICK, num_threads=2)


def test_two_processes_agree():
    program = (
        "import numpy as np; from gmd.energy import fit_boosted_trees as fit;"
        "x = np.random.default_rng(0).normal(size=(120, 12));"
        "y = np.sin(2 * x[:, 0]) + x[:, 1] * x[:, 2];"
        "t = fit(x, y, n_estimators=(2, 5, 9, 20), seeds=(0, 3));"
        "print(' '.join(v.hex() for v in t['mae'].tolist() + t['rmse'].tolist()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"OMP_NUM_THREADS": "2"},
    )
    here = fit_boosted_trees(*samples(), **QUICK)
    assert done.stdout.split() == [v.hex() for v in [*here["mae"], *here["rmse"]]]


def test_more_trees_learn_more():
    features, _ = samples(n=400, p=4)
    targets = features @ [1.0, -2.0, 0.5, 1.0]
    mae = fit_boosted_trees(features, targets).groupby("n_estimators")["mae"].mean()
    assert mae.is_monotonic_decreasing
    assert mae[200] < 0.5 * np.abs(targets - targets.mean()).mean()


def test_scales_of_fifty_decades_do_not_matter():
    features, targets = samples()
    scaled = features * 2.0 ** np.array([-146, -500, -20, 0, 33, 500, 1, -300, 9, 100, -2, 0])
    same_bits(
        fit_boosted_trees(scaled, targets, **QUICK), fit_boosted_trees(features, targets, **QUICK)
    )


def test_the_zero_of_the_targets_does_not_matter():
    features, targets = samples()
    shifted = fit_boosted_trees(features, targets - 1e6, **QUICK)
    plain = fit_boosted_trees(features, targets, **QUICK)
    np.testing.assert_allclose(shifted["mae"], plain["mae"], rtol=1e-5)


def test_bins_come_from_the_training_part_alone():
    features, targets = samples()
    _, test = split_train_test(120, seed=0)
    settings = {"n_estimators": (5,), "seeds": (0,), "max_bin": 4, "feature_fraction": 1.0}
    plain = fit_boosted_trees(features, targets, **settings)
    # crowd the held-out rows beyond all others: they stay in their outermost leaves
    beyond = features.copy()
    beyond[test] = np.where(features[test] > 0, features.max() + 1, features.min() - 1)
    twin = beyond.copy()
    twin[test] = np.where(features[test] > 0, features.max() + 2, features.min() - 3)
    assert plain["mae"].item() != fit_boosted_trees(beyond, targets, **settings)["mae"].item()
    same_bits(
        fit_boosted_trees(beyond, targets, **settings),
        fit_boosted_trees(twin, targets, **settings),
    )


def test_constant_columns_predict_the_mean_of_the_training_part():
    _, targets = samples()
    table = fit_boosted_trees(np.full((120, 3), 4.0), targets, **QUICK)
    train, test = split_train_test(120, seed=3)
    expected = np.abs(targets[test] - targets[train].mean()).mean()
    assert table.loc[table["seed"] == 3, "mae"].to_numpy() == pytest.approx(expected)


def test_importing_the_layer_leaves_lightgbm_alone():
    program = (
        "import sys, gmd.energy;"
        "print([m for m in ('lightgbm', 'sklearn', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_fits_without_scikit_learn():
    program = (
        "import sys; sys.modules['sklearn'] = None;"
        "import numpy as np; from gmd.energy import fit_boosted_trees as fit;"
        "x = np.arange(40.0)[:, None]; print(len(fit(x, x[:, 0], n_estimators=(2,), seeds=(0,))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "1"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_estimators": ()}, "n_estimators"),
        ({"n_estimators": (5, 5)}, "n_estimators"),
        ({"n_estimators": (0, 5)}, "n_estimators"),
        ({"seeds": (1, -1)}, "seeds"),
        ({"test_fraction": 1.5}, "test_fraction"),
        ({"learning_rate": 0.0}, "learning_rate"),
        ({"feature_fraction": 1.2}, "feature_fraction"),
        ({"num_leaves": 1}, "num_leaves=1"),
        ({"max_bin": 1}, "max_bin=1"),
        ({"num_threads": 0}, "num_threads=0"),
        ({"min_data_in_leaf": 60}, "108 training structures .* min_data_in_leaf=60"),
    ],
)
def test_settings_that_are_refused(options, message):
    features, targets = samples()
    with pytest.raises(ValueError, match=message):
        fit_boosted_trees(features, targets, **options)


def test_sparse_features_that_are_not_finite():
    features, targets = samples()
    features *= np.random.default_rng(1).random(features.shape) < 0.3
    features[17, 4] = np.nan
    with pytest.raises(ValueError, match="features: row 17, column 4 is not finite"):
        fit_boosted_trees(sparse.csr_array(features), targets)


def test_too_few_structures():
    with pytest.raises(ValueError, match="9 structures are too few"):
        fit_boosted_trees(*samples(n=9))
