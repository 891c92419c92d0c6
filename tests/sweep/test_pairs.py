"""One descriptor under several LAED settings."""

import numpy as np
import pandas as pd
import pytest

from common import ELEMENTS, WEIGHTS, random_space
from gmd.descriptors import DescriptorSpace, space_to_table
from gmd.imbalance import information_imbalance
from gmd.local import Sites
from gmd.storage import write_parquet
from gmd.sweep import SWEEP_COLUMNS, settings_imbalance

DEGREES = (2, 2)
SIGMAS = ("100", "020", "112", "225")


def space(n_components=3, *, n=18, seed=0, elements=ELEMENTS, degrees=DEGREES, method_ii="moments"):
    """Other descriptors of the same structures for every seed."""
    rng = np.random.default_rng(seed)
    counts = np.random.default_rng(99).integers(2, 7, n)
    sites = Sites(
        rng.normal(size=(counts.sum(), n_components)),
        np.repeat(np.arange(n), counts),
        np.random.default_rng(98).choice(ELEMENTS, counts.sum()),
    )
    return DescriptorSpace.from_sites(
        sites,
        weights=WEIGHTS,
        elements=elements,
        max_outer=degrees[0],
        max_inner=degrees[1],
        method_ii=method_ii,
    )


@pytest.fixture(scope="module")
def spaces():
    return {"paper": space(3, seed=1), "short": space(2, seed=2), "long": space(5, seed=3)}


@pytest.mark.parametrize("normalization", ["zscore", "maxabs", "none"])
@pytest.mark.parametrize("n_neighbours", [1, 3])
def test_each_pair_by_itself(spaces, normalization, n_neighbours):
    found = settings_imbalance(
        spaces, SIGMAS, normalization=normalization, n_neighbours=n_neighbours
    )
    assert tuple(found) == SWEEP_COLUMNS
    assert len(found) == len(SIGMAS) * 3 * 2
    assert found["sigma"].drop_duplicates().tolist() == list(SIGMAS)
    for row in found.itertuples():
        assert row.laed_1 != row.laed_2
        there, back = information_imbalance(
            *(spaces[name].matrix(row.sigma, normalization) for name in (row.laed_1, row.laed_2)),
            n_neighbours=n_neighbours,
        )
        assert (row.rim, row.rim_reverse) == (there, back)
        assert row.srim == (there + back) / 2
        assert row.complexity == spaces["paper"].complexity(row.sigma)
        assert row.n_columns_1 == spaces[row.laed_1].matrix(row.sigma).shape[1]
        assert row.n_columns_2 == spaces[row.laed_2].matrix(row.sigma).shape[1]


def test_files_and_spaces_give_the_same(spaces, tmp_path):
    files = {name: tmp_path / f"{name}.parquet" for name in spaces}
    for name, one in spaces.items():
        write_parquet(space_to_table(one), files[name], settings={})
    done = []
    found = settings_imbalance(files, SIGMAS, progress=done.append)
    pd.testing.assert_frame_equal(found, settings_imbalance(spaces, SIGMAS))
    assert sum(done) == 18 * len(SIGMAS)
    mixed = settings_imbalance({**files, "paper": spaces["paper"]}, SIGMAS)
    pd.testing.assert_frame_equal(found, mixed)


def test_the_same_setting_twice_knows_all():
    found = settings_imbalance({"one": space(seed=5), "other": space(seed=5)}, ["225", "100"])
    assert (found[["rim", "rim_reverse", "srim"]] == 1).all(axis=None)


def test_repeated_columns_count_repeatedly(tmp_path):
    spaces = {
        "one": space(2, seed=1, degrees=(1, 4), method_ii="repeated"),
        "other": space(2, seed=2, degrees=(1, 4), method_ii="repeated"),
    }
    files = {name: tmp_path / f"{name}.parquet" for name in spaces}
    for name, one in spaces.items():
        write_parquet(space_to_table(one), files[name], settings={})
    found = settings_imbalance(files, ["040"])
    expected = information_imbalance(*(s.matrix("040", "zscore") for s in spaces.values()))
    assert (found["rim"][0], found["rim_reverse"][0]) == expected


@pytest.mark.parametrize(
    ("other", "complaint"),
    [
        (space(n=17), "settings one and other describe different structures, 18 and 17 of them"),
        (space(elements=("S", "P", "Li")), "differ in their elements"),
        (space(degrees=(2, 1)), "differ in their notation"),
    ],
)
def test_settings_of_something_else_are_refused(other, complaint):
    with pytest.raises(ValueError, match=complaint):
        settings_imbalance({"one": space(), "other": other}, ["100"])


def test_other_numbers_of_structures_are_other_structures():
    shifted = space(seed=3)
    shifted = DescriptorSpace.from_values(shifted.layout, shifted.structures + 1, shifted.values)
    with pytest.raises(ValueError, match="describe different structures"):
        settings_imbalance({"one": space(), "other": shifted}, ["100"])


def test_what_cannot_be_compared_is_refused(spaces):
    with pytest.raises(ValueError, match=r"1 LAED setting\(s\): a comparison is between at least"):
        settings_imbalance({"one": random_space(9, 0)}, ["100"])
    with pytest.raises(ValueError, match="'333' is not a descriptor"):
        settings_imbalance(spaces, ["333"])
    with pytest.raises(ValueError, match="give at least one label"):
        settings_imbalance(spaces, [])
