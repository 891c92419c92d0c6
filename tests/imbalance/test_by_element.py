"""Method ii compared by the elements that structures have, against all of its columns."""

from __future__ import annotations

import numpy as np
import pytest

from common import random_space, space_of_few
from gmd.descriptors import DescriptorSpace, ElementRows, normalized
from gmd.descriptors.normalization import NORMALIZATIONS
from gmd.imbalance import imbalance_table, mean_ranks
from gmd.imbalance._element_kernels import element_table, fill_element_planes
from gmd.imbalance._vectors import LANES, ROWS
from gmd.imbalance.program import nested_program


def ranks_of_all_columns(space: DescriptorSpace, normalization="zscore", k=1) -> np.ndarray:
    values = normalized(space.values, normalization)
    return mean_ranks(values, nested_program(space), n_neighbours=k)


def ranks_by_element(space: DescriptorSpace, normalization="zscore", k=1) -> np.ndarray:
    scaled = space.normalized(normalization)
    program = nested_program(space, by_element=True)
    return mean_ranks(scaled.shared, program, by_element=scaled.by_element, n_neighbours=k)


def distances_naive(values: np.ndarray) -> np.ndarray:
    """Squared distances of (structures, elements, orders, components), by order."""
    n, _, n_inner, _ = values.shape
    found = np.empty((n_inner, n, n))
    for s in range(n):
        for u in range(n):
            found[:, s, u] = ((values[s] - values[u]) ** 2).sum(axis=(0, 2))
    return found


@pytest.mark.small_kernels
@pytest.mark.parametrize("n_components", [1, 8, 11])
@pytest.mark.parametrize("absent", [0.0, -0.3])
def test_distances_of_a_naive_twin(n_components, absent) -> None:
    rng = np.random.default_rng(n_components)
    values = rng.normal(size=(LANES, 5, 2, n_components))
    values[rng.random((LANES, 5)) < 0.6] = 0.0
    values[4] = values[9]  # equal structures
    values[7] = 0.0  # no element at all
    rows = ElementRows.from_dense(values.reshape(LANES, 5, -1))
    rows = ElementRows(rows.first, rows.element, rows.values, np.full_like(rows.absent, absent))
    values[~values.any(axis=(2, 3))] = absent
    table = element_table(rows, 2, LANES)
    lanes = np.arange(LANES)
    lanes[3] = -1
    planes = np.empty((3, ROWS, LANES))
    found = np.empty((2, LANES, LANES))
    for r in range(0, LANES, ROWS):
        fill_element_planes(table, lanes, np.arange(r, r + ROWS), 1, planes)
        found[:, r : r + ROWS] = planes[1:]
    expected = distances_naive(values)
    assert np.isnan(found[:, :, 3]).all()
    kept = np.arange(LANES) != 3
    found, expected = found[:, kept][:, :, kept], expected[:, kept][:, :, kept]
    np.testing.assert_allclose(found, expected, rtol=1e-13)
    assert np.array_equal(found, found.transpose(0, 2, 1))
    assert not np.diagonal(found, axis1=1, axis2=2).any()
    assert not found[:, 3, 8].any()
    assert np.array_equal(found[:, 3], found[:, 8])
    fill_element_planes(table, lanes, np.array([0, -1, 1, 2]), 1, planes)
    assert np.isnan(planes[1:, 1]).all()


@pytest.mark.small_kernels
def test_row_that_is_as_if_absent() -> None:
    """An element whose row holds what stands for absent ones is at the same distances."""
    rng = np.random.default_rng(0)
    absent = rng.normal(size=(3, 11))
    rows = ElementRows(
        np.array([0, 2, 3, 5]),
        np.array([0, 2, 0, 1, 2]),
        np.vstack([rng.normal(size=11), absent[2], rng.normal(size=(3, 11))]),
        absent,
    )
    without = ElementRows(
        np.array([0, 1, 2, 4]), rows.element[[0, 2, 3, 4]], rows.values[[0, 2, 3, 4]], absent
    )
    found = []
    for some in (rows, without):
        planes = np.empty((1, ROWS, LANES))
        structures = np.array([0, 1, 2, -1] + [-1] * (LANES - 4))
        fill_element_planes(element_table(some, 1, 3), structures, structures[:ROWS], 0, planes)
        found.append(planes[0, :3, :3])
    assert np.array_equal(*found)


@pytest.mark.parametrize(
    ("n_elements", "per_structure", "n_components"), [(56, 3, 1), (20, 3, 8), (9, 4, 9), (4, 3, 2)]
)
@pytest.mark.parametrize("normalization", NORMALIZATIONS)
def test_same_ranks_as_all_columns(n_elements, per_structure, n_components, normalization) -> None:
    space = space_of_few(
        70,
        n_elements,
        n_elements=n_elements,
        per_structure=per_structure,
        n_components=n_components,
    )
    assert np.array_equal(
        ranks_by_element(space, normalization), ranks_of_all_columns(space, normalization)
    )
    assert np.array_equal(ranks_by_element(space, k=5), ranks_of_all_columns(space, k=5))


def test_one_element() -> None:
    space = random_space(40, 0, degrees=(2, 2))
    only = space.by_element.element == 0
    counts = np.bincount(space.by_element.structure[only], minlength=40)
    rows = ElementRows(
        np.append(0, np.cumsum(counts)),
        np.zeros(only.sum(), dtype=np.int64),
        space.by_element.values[only],
        space.by_element.absent[:1],
    )
    layout = type(space.layout)(space.notation, ("Li",), space.layout.component_names)
    space = DescriptorSpace(layout, space.structures, space.shared, rows)
    assert np.array_equal(ranks_by_element(space), ranks_of_all_columns(space))


@pytest.mark.parametrize("absent", ["zero", "exclude"])
def test_table_of_few_elements_each(absent) -> None:
    space = space_of_few(50, 4, n_elements=30, per_structure=3, absent_elements=absent)
    assert space.is_sparse
    labels, ranks = list(space.labels), ranks_of_all_columns(space)
    for row in imbalance_table(space).itertuples():
        assert row.rim == ranks[labels.index(row.sigma_1), labels.index(row.sigma_2)]


def test_order_of_structures_and_duplicates() -> None:
    space = space_of_few(70, 3, n_elements=15, per_structure=3)
    places = np.arange(70)
    places[[5, 41]] = 40  # three that are equal
    order = np.random.default_rng(0).permutation(70)
    tables = [imbalance_table(space.subset(rows)) for rows in (places, places[order])]
    assert tables[0].equals(tables[1])
    everything = space.subset(np.full(20, 7))  # all at a distance of zero
    assert (imbalance_table(everything)["rim"] == 1.0).all()


def test_more_ties_than_there_is_room_for() -> None:
    space = space_of_few(12, 5, n_elements=15, per_structure=3)
    copies = space.subset(np.repeat(np.arange(12), 12))
    assert np.array_equal(ranks_by_element(copies), ranks_of_all_columns(copies))


def test_rows_and_programs_that_do_not_go_together() -> None:
    space = space_of_few(6, 0, n_elements=9, per_structure=2).normalized("zscore")
    program = nested_program(space, by_element=True)
    with pytest.raises(ValueError, match="takes method ii by element"):
        mean_ranks(space.shared, program)
    with pytest.raises(ValueError, match="takes method ii by element"):
        mean_ranks(space.values, nested_program(space), by_element=space.by_element)
    with pytest.raises(ValueError, match="give a GPU all columns"):
        mean_ranks(space.shared, program, by_element=space.by_element, device="cuda")
    rows = space.by_element
    huge = ElementRows(rows.first, rows.element, rows.values * 1e200, rows.absent)
    with pytest.raises(ValueError, match="overflow in squared distances"):
        mean_ranks(space.shared, program, by_element=huge)
