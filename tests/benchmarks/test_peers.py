"""The library beside DADApy, scikit-learn, dscribe and pandas, on random cases without ties."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("psutil", reason="the peers are missing: ./run sync --group benchmark")

from benchmarks import brute_force, data, laed, moments
from benchmarks.measuring import DADAPY_PYTHON, dadapy_available, measure
from gmd.descriptors import DescriptorSpace
from gmd.imbalance import glielmo_imbalance, imbalance_table, information_imbalance
from gmd.local import Sites


def related(seed: int, n: int, widths: list[int]) -> list[np.ndarray]:
    """Matrices that know something of each other."""
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=(n, 3))
    return [
        hidden @ rng.normal(size=(3, width)) + 0.5 * rng.normal(size=(n, width)) for width in widths
    ]


@pytest.mark.skipif(
    not dadapy_available(), reason="DADApy is missing: ./run sync --group benchmark"
)
def test_dadapy(tmp_path) -> None:
    """DADApy has Glielmo's scale: 2/N times the mean rank of the nearest neighbour."""
    n = 61
    matrices = related(n, n, [1, 4, 48, 130])
    names = [f"x{i}" for i in range(len(matrices))]
    for name, matrix in zip(names, matrices, strict=True):
        np.save(tmp_path / f"{name}.npy", matrix)
    found = measure(
        "benchmarks.dadapy_parts:table",
        tmp_path,
        {"names": names, "n_jobs": 1},
        cores=1,
        repeats=1,
        python=DADAPY_PYTHON,
    )
    table = imbalance_table(dict(zip(names, matrices, strict=True)), normalization=None)
    for source, target, rim in zip(table.sigma_1, table.sigma_2, table.rim, strict=True):
        theirs = found.results["imbalance"][names.index(source), names.index(target)]
        assert theirs == pytest.approx(glielmo_imbalance(rim, n), rel=1e-12)


@pytest.mark.parametrize("function", [brute_force.pair_by_neighbours, brute_force.pair_by_counting])
@pytest.mark.parametrize(("n", "widths"), [(3, [2, 5]), (64, [1, 1]), (150, [48, 7])])
def test_scikit_learn(function, n, widths) -> None:
    x, y = related(n, n, widths)
    assert function(x, y, n_jobs=1) == pytest.approx(information_imbalance(x, y), rel=1e-12)


def test_sorting_all_at_once() -> None:
    matrices = related(5, 70, [3, 20, 48])
    table = brute_force.table_by_sorting(matrices, n_jobs=1)
    assert np.diag(table) == pytest.approx(1.0)
    for i, x in enumerate(matrices):
        for j, y in enumerate(matrices[:i]):
            both = [table[i, j], table[j, i]]
            assert both == pytest.approx(information_imbalance(x, y), rel=1e-12)


def test_dscribe(random_crystal) -> None:
    structures = [random_crystal(seed, n_atoms=9) for seed in range(4)]
    checks = laed.agreements(structures)
    assert [check.what.split()[0] for check in checks] == ["rad_0", "rad_w_0", "ang_0", "ang_1"]
    assert all(check.passed for check in checks), checks


@pytest.mark.parametrize("seed", range(3))
def test_pandas(seed) -> None:
    """Also where elements are missing or have a single atom."""
    rng = np.random.default_rng(seed)
    counts = rng.integers(1, 9, 25)
    sites = Sites(
        rng.normal(size=(counts.sum(), 4)),
        np.repeat(np.arange(25), counts),
        rng.choice(data.ELEMENTS, counts.sum()),
    )
    check = moments.agreement(sites)
    assert check.passed, check


def test_a_smaller_set_of_random_sites_is_the_beginning_of_a_larger_one() -> None:
    few, more = (moments.joined(list(data.random_sites(n))) for n in (7, data.CHUNK + 3))
    assert more.n_structures == data.CHUNK + 3
    np.testing.assert_array_equal(more.values[: len(few)], few.values)
    np.testing.assert_array_equal(more.element[: len(few)], few.element)


def test_spaces_survive_the_folder(tmp_path) -> None:
    data.write_space(tmp_path, data.random_sites(9), 9)
    whole = DescriptorSpace.from_sites(
        data.random_sites(9), weights=data.WEIGHTS, elements=data.ELEMENTS
    )
    found = data.read_space(tmp_path, 5)
    assert found.labels == whole.labels
    np.testing.assert_array_equal(found.values, whole.values[:5])
