"""Constant columns, repeats and identical descriptors, against distances and known algebra."""

from __future__ import annotations

from typing import Any

import ase
import numpy as np
import pyarrow.parquet as pq
import pytest

from common import space_of_few
from gmd.descriptors import (
    DescriptorSpace,
    informative_columns,
    read_space,
    space_to_table,
)
from gmd.descriptors.normalization import NORMALIZATIONS
from gmd.imbalance import imbalance_table
from gmd.local import Chebyshev, Sites


def space_of(
    weights: dict[str, float],
    *,
    n: int = 14,
    n_components: int = 2,
    absent: bool = False,
    seed: int = 3,
    **settings: Any,
) -> DescriptorSpace:
    """Random sites; the second half of the components are the first half times the weights."""
    rng = np.random.default_rng(seed)
    elements = list(weights)
    structure: list[int] = []
    element: list[str] = []
    for s in range(n):
        there = elements if not absent else elements[: 1 + s % len(elements)]
        for e in there:
            count = int(rng.integers(2, 6))
            structure += [s] * count
            element += [e] * count
    plain = rng.normal(size=(len(structure), n_components // 2))
    weighted = rng.normal(size=plain.shape)
    if len(elements) == 1:
        weighted = weights[elements[0]] * plain  # all neighbours have the same weight
    sites = Sites(np.hstack([plain, weighted]), np.array(structure), np.array(element))
    return DescriptorSpace.from_sites(sites, weights=weights, elements=elements, **settings)


def squared_distances(space: DescriptorSpace, label: str, normalization: Any) -> np.ndarray:
    x = space.matrix(label, normalization)
    return ((x[:, None] - x[None]) ** 2).sum(axis=-1)


def classes_naive(space: DescriptorSpace, normalization: Any) -> set[frozenset[str]]:
    """Labels whose distances are the same for all pairs but for one factor."""
    found: list[tuple[np.ndarray, set[str]]] = []
    for label in space.labels:
        d = squared_distances(space, label, normalization)
        d = d / d.max() if d.max() > 0 else d
        for other, members in found:
            if np.allclose(d, other, rtol=0, atol=1e-9):
                members.add(label)
                break
        else:
            found.append((d, {label}))
    return {frozenset(members) for _, members in found}


def repeats_naive(values: np.ndarray) -> np.ndarray:
    """For each column the first one that it is perfectly correlated with."""
    first = np.arange(values.shape[1])
    with np.errstate(invalid="ignore"):
        scaled = values - values.mean(axis=0)
        scaled /= np.linalg.norm(scaled, axis=0)
    for c in range(values.shape[1]):
        for b in range(c):
            if min(abs(scaled[:, c] - s * scaled[:, b]).max() for s in (1, -1)) < 1e-9:
                first[c] = b
                break
    return first


ONE = {"Mo": 1.3}
TWO = {"Ti": 1.0, "O": -0.7}
CASES: dict[str, tuple[dict[str, float], dict[str, Any]]] = {
    "one element": (ONE, {}),
    "two elements": (TWO, {}),
    "two elements, opposite weights": ({"Ti": 1.0, "O": -1.0}, {}),
    "two elements, equal weights": ({"Ti": 2.0, "O": 2.0}, {}),
    "two elements, one without weight": ({"Ti": 1.0, "O": 0.0}, {}),
    "two elements, repeated": (TWO, {"method_ii": "repeated"}),
    "three elements": ({"Li": -1.0, "P": 0.0, "S": 1.0}, {}),
    "three elements, all weights zero": ({"Li": 0.0, "P": 0.0, "S": 0.0}, {}),
    "three elements, some absent": ({"Li": -1.0, "P": 0.5, "S": 1.0}, {"absent": True}),
    "three elements, some excluded": (
        {"Li": -1.0, "P": 0.5, "S": 1.0},
        {"absent": True, "absent_elements": "exclude"},
    ),
    "four elements, repeated": (
        {"Li": -1.0, "P": 0.5, "S": 1.0, "O": 2.0},
        {"method_ii": "repeated"},
    ),
}


@pytest.mark.parametrize("normalization", NORMALIZATIONS)
@pytest.mark.parametrize("case", CASES)
def test_classes_are_those_of_all_distances(case, normalization) -> None:
    weights, settings = CASES[case]
    space = space_of(weights, max_outer=3, max_inner=3, **settings)
    found = informative_columns(space, normalization)
    classes = {frozenset(members) for members in found.classes}
    expected = classes_naive(space, normalization)
    if (case, normalization) == ("two elements, opposite weights", "none"):
        # (x + y) / 2 and (x - y) / 2 are a rotation of x and y, which is not looked for
        assert classes != expected
        assert all(any(members <= one for one in expected) for members in classes)
    else:
        assert classes == expected
    for members in found.classes:
        sizes = [(found.n_varying(label), found.n_columns(label)) for label in members]
        assert sizes[0] == min(sizes)
        for label in members:
            assert found.smallest(label) == members[0]
            assert found.identical(label) == members


@pytest.mark.parametrize("case", CASES)
def test_columns_are_counted_one_by_one(case) -> None:
    weights, settings = CASES[case]
    space = space_of(weights, max_outer=3, max_inner=3, **settings)
    found = informative_columns(space)
    values = space.values
    constant = values.max(axis=0) == values.min(axis=0)
    np.testing.assert_array_equal(found.zero, ~values.any(axis=0))
    np.testing.assert_array_equal(found.varies, ~constant)
    expected = np.arange(values.shape[1])
    varying = np.flatnonzero(~constant)
    expected[varying] = varying[repeats_naive(values[:, varying])]
    np.testing.assert_array_equal(found.repeats, expected)
    for label in space.labels:
        matrix = space.matrix(label)
        assert found.n_columns(label) == matrix.shape[1]
        assert found.n_varying(label) == (np.ptp(matrix, axis=0) > 0).sum()
        assert found.n_zero(label) == (~matrix.any(axis=0)).sum()
        assert found.effective_complexity(label) == found.n_varying(label) / 2


def test_two_elements_have_no_odd_outer_moments() -> None:
    # as TiO2 in the paper's settings: 48 components, degrees 5 and 5
    found = informative_columns(space_of({"Ti": 1.0, "O": -1.0}, n_components=48))
    assert (found.n_zero("555"), found.n_columns("555")) == (960, 3360)
    assert found.n_varying("555") == 2400
    assert (found.layout.complexity("555"), found.effective_complexity("555")) == (70, 50)
    shared = {members for members in found.classes if len(members) > 1}
    assert shared == {
        (f"{i}{j}{k}", f"{i + 1}{j}{k}") for i in (2, 4) for j in range(1, 6) for k in range(3)
    }
    assert found.smallest("555") == "555"
    report = found.columns_report()
    assert "960 of 3360 columns of Σ_555 are constant" in report
    assert "of order 3, 5 over the elements' rows" in report
    assert "Σ_220 = Σ_320" in found.classes_report()


@pytest.mark.parametrize("weight", [1.0, 1.3, -0.4])
def test_one_element_has_no_outer_moments(weight) -> None:
    # as Mo in the paper's settings
    found = informative_columns(space_of({"Mo": weight}, n_components=48))
    assert (found.n_zero("555"), found.n_columns("555")) == (1920, 3120)
    assert found.effective_complexity("555") == 25
    assert found.n_distinct("555") == 5 * 24
    assert sorted(map(len, found.classes)) == [19, 19, 19, 19, 21]
    assert sum(len(m) * (len(m) - 1) // 2 for m in found.classes) == 894
    assert found.smallest("555") == "050"
    assert found.layout.complexity("050") == found.effective_complexity("050") == 5


def test_structures_of_two_elements_at_most_are_like_two_elements() -> None:
    rng = np.random.default_rng(4)
    pairs = [("Li", "P"), ("P", "S"), ("Li", "S"), ("S", "S")] * 4
    element = np.repeat(np.array(pairs), 3, axis=1).ravel()
    sites = Sites(rng.normal(size=(element.size, 1)), np.repeat(np.arange(len(pairs)), 6), element)
    settings: dict[str, Any] = {
        "weights": {"Li": -1.0, "P": 0.5, "S": 1.0},
        "elements": ("Li", "P", "S"),
        "max_outer": 3,
        "max_inner": 2,
    }
    space = DescriptorSpace.from_sites(sites, absent_elements="exclude", **settings)
    assert informative_columns(space).smallest("322") == "222"
    space = DescriptorSpace.from_sites(sites, absent_elements="zero", **settings)
    assert informative_columns(space).smallest("322") == "322"


def test_a_sum_over_pairs_of_atoms_is_there_twice() -> None:
    # the mean of w_i rad(r_ij) over the atoms i is that of w_j rad(r_ij)
    rng = np.random.default_rng(7)
    structures = [
        ase.Atoms("Li2PS3", positions=rng.uniform(0, 5, size=(6, 3)), cell=[6, 6, 6], pbc=True)
        for _ in range(8)
    ]
    weights = {"Li": -1.0, "P": 0.3, "S": 1.0}
    laed = Chebyshev(
        weights=weights, radial_cutoff=4.0, n_radial=3, angular_cutoff=3.0, n_angular=2
    )
    space = DescriptorSpace.from_sites(
        laed.compute(structures), weights=weights, elements=list(weights), max_outer=2, max_inner=1
    )
    found = informative_columns(space)
    names = space.layout.column_names
    repeated = {names[c]: names[first] for c, first in enumerate(found.repeats) if first != c}
    assert repeated == {f"o1_w1_rad_{n}": f"o1_w0_rad_w_{n}" for n in range(3)}
    assert found.n_columns("102") - found.n_distinct("102") == 3


def test_functions_of_a_column_are_not_repeats() -> None:
    # three rows obey mu_4 = 1.5 mu_2^2 and mu_5 = 2.5 mu_2 mu_3: not proportional
    found = informative_columns(space_of({"Li": -1.0, "P": 0.2, "S": 1.0}))
    assert found.n_varying("555") == found.n_distinct("555") == found.n_columns("555")
    assert all(len(members) == 1 for members in found.classes)
    assert found.columns_report().startswith("0 of 150 columns of Σ_555 are constant")
    assert found.classes_report() == "No two descriptors give the same distances by construction."


def test_equal_weights_make_the_weighting_a_repeat() -> None:
    space = space_of({"Ti": 2.0, "O": 2.0}, max_outer=2, max_inner=2)
    assert informative_columns(space).smallest("222") == "220"
    # without a scale, columns weighted by 4 and by 2 do not count alike
    assert informative_columns(space, "none").smallest("222") == "222"


def test_an_imbalance_of_one_is_no_proof() -> None:
    # distances that grow from structure to structure: neighbours agree, distances do not
    values = np.zeros((6, 2))
    values[:, 0] = [0.0, 1.0, 3.0, 7.0, 15.0, 31.0]
    values[:, 1] = values[:, 0] ** 1.01
    # two atoms, so that moments of order two vary as well
    sites = Sites(
        np.repeat(values, 2, axis=0) * np.tile([[1.0], [1.5]], (6, 1)),
        np.repeat(np.arange(6), 2),
        np.full(12, "Mo"),
    )
    space = DescriptorSpace.from_sites(
        sites, weights={"Mo": 1.0}, elements=["Mo"], max_outer=1, max_inner=2
    )
    pair = imbalance_table(space).query("sigma_1 == '010' and sigma_2 == '020'")
    assert pair["srim"].tolist() == [1.0]
    found = informative_columns(space)
    assert found.smallest("020") == "020" != found.smallest("010") == "010"


def test_repeats_survive_an_offset_only_where_normalisation_removes_it() -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(size=(9, 1)) + 3
    sites = Sites(np.hstack([x, 10 - 2 * x]), np.arange(9), np.full(9, "Mo"))
    space = DescriptorSpace.from_sites(
        sites, weights={"Mo": 1.0}, elements=["Mo"], max_outer=1, max_inner=1
    )
    for normalization, same in (("zscore", 1), ("minmax", 1), ("maxabs", 0), ("none", 0)):
        weights = informative_columns(space, normalization).weight[:2]
        assert (abs(weights[1] - weights[0]) < 1e-9) == same


def test_rounding_is_no_difference_and_small_differences_are() -> None:
    rng = np.random.default_rng(6)
    x = rng.normal(size=(50, 1)) * 1e-30
    noise = 1 + rng.normal(size=x.shape) * [[1e-14, 1e-6]]
    values = np.hstack([x, 7 * x * noise[:, :1], x * noise[:, 1:], np.full_like(x, 0.1)])
    values[::2, 3] *= 1 + 2**-52  # a constant with one rounding
    sites = Sites(values, np.arange(50), np.full(50, "Mo"))
    found = informative_columns(
        DescriptorSpace.from_sites(
            sites, weights={"Mo": 1.0}, elements=["Mo"], max_outer=1, max_inner=1
        )
    )
    assert found.varies[:4].tolist() == [True, True, True, False]
    assert found.repeats[:3].tolist() == [0, 0, 2]


def test_many_elements_without_their_zeros(tmp_path) -> None:
    space = space_of_few(40, 1, n_elements=30, per_structure=3)
    assert space.is_sparse
    dense = DescriptorSpace.from_values(space.layout, space.structures, space.values)
    pq.write_table(space_to_table(space), tmp_path / "descriptors.parquet", row_group_size=7)
    expected = informative_columns(dense)
    values = space.values
    np.testing.assert_array_equal(expected.varies, np.ptp(values, axis=0) > 0)
    for found in (
        informative_columns(space),
        informative_columns(read_space(tmp_path / "descriptors.parquet")),
    ):
        for name in ("zero", "varies", "repeats", "weight"):
            np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
        assert found.classes == expected.classes


def test_the_order_of_structures_does_not_matter() -> None:
    space = space_of(ONE, max_outer=2, max_inner=2)
    mixed = space.subset(np.random.default_rng(1).permutation(space.n_structures))
    one, other = informative_columns(space), informative_columns(mixed)
    assert one.classes == other.classes
    np.testing.assert_array_equal(one.repeats, other.repeats)


def test_one_structure_tells_nothing() -> None:
    found = informative_columns(space_of(TWO, n=1, max_outer=2, max_inner=2))
    assert found.n_varying("225") == 0
    assert len(found.classes) == 1


def test_unknown_labels_are_refused() -> None:
    found = informative_columns(space_of(TWO, max_outer=2, max_inner=2))
    with pytest.raises(ValueError, match="is not a descriptor"):
        found.smallest("555")
