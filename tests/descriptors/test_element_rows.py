"""Method ii without its zeros against the same with them."""

from __future__ import annotations

import numpy as np
import pytest

from common import space_of_few
from gmd.descriptors import (
    DescriptorSpace,
    ElementRows,
    Layout,
    Notation,
    gsd_tables,
    normalized,
    normalized_rows,
    read_features,
    read_gsd,
    read_space,
    space_table,
    space_tables,
)
from gmd.descriptors.element_rows import dense_columns
from gmd.descriptors.normalization import NORMALIZATIONS
from gmd.local import Sites
from gmd.storage import write_parquet_chunks


def dense(rows: ElementRows) -> np.ndarray:
    n = rows.n_structures
    return dense_columns(np.empty((n, 0)), rows).reshape(n, *rows.absent.shape)


def random_values(seed: int = 0, *, n: int = 9, n_elements: int = 7, width: int = 4) -> np.ndarray:
    """Over fifty decades; some structures have no element, and some elements no structure."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(n, n_elements, width)) * 10.0 ** rng.integers(-40, 10, width)
    values[rng.random((n, n_elements)) < 0.6] = 0.0
    values[2] = values[:, 3] = 0.0
    return values


def test_keeps_what_is_not_zero() -> None:
    values = random_values()
    rows = ElementRows.from_dense(values)
    assert np.array_equal(dense(rows), values)
    assert rows.element.size == values.any(axis=2).sum()
    assert rows.fill == values.any(axis=2).mean()
    assert rows.is_sparse == (rows.fill < 1 / 3)


@pytest.mark.parametrize("rows", [[3, 0, 3, 8], slice(1, 7, 2), slice(0), np.arange(9) % 2 == 0])
def test_subset_is_that_of_dense_values(rows) -> None:
    values = random_values(1)
    assert np.array_equal(dense(ElementRows.from_dense(values).subset(rows)), values[rows])


def test_selected_columns_are_those_of_dense_values() -> None:
    values, columns = random_values(1), np.array([2, 0, 2])
    found = ElementRows.from_dense(values).select(columns)
    assert np.array_equal(dense(found), values[:, :, columns])


@pytest.mark.parametrize("cuts", [[4], [1, 2, 6], []])
def test_parts_make_the_whole(cuts) -> None:
    values = random_values(2)
    below = [ElementRows.from_dense(part) for part in np.split(values, cuts)]
    beside = [ElementRows.from_dense(part) for part in np.split(values, cuts, axis=1)]
    assert np.array_equal(dense(ElementRows.stacked(below)), values)
    assert np.array_equal(dense(ElementRows.side_by_side(beside)), values)


@pytest.mark.parametrize("name", [None, *NORMALIZATIONS])
def test_scaled_to_the_last_bit_as_with_all_zeros(name) -> None:
    values = random_values(3, n=40, width=70)
    values[:, 1, 5] = 3.0  # constant, where zeros are elsewhere
    values[::2, 4] = 0.0
    values[1::2, 4] = 1e-44  # two values in every column
    expected = normalized(values.reshape(40, -1), name).reshape(values.shape)
    found = dense(normalized_rows(ElementRows.from_dense(values), name))
    assert np.array_equal(found, expected)
    with pytest.raises(ValueError, match="choose one of zscore, minmax, maxabs, none"):
        normalized_rows(ElementRows.from_dense(values), "robust")


@pytest.mark.parametrize(
    ("first", "element", "message"),
    [
        ([0, 2], [1, 0], "elements must rise within a structure"),
        ([0, 2], [1, 1], "elements must rise within a structure"),
        ([0, 2], [0, 2], "numbers from 0 to 1"),
        ([0, 1], [0, 1], "first must rise from 0 to the number of rows, 2"),
        ([0, 3, 2], [0, 1], "first must rise"),
        ([0, 1], [0], r"values have shape \(2, 3\); expected \(1, 3\)"),
    ],
)
def test_rows_that_contradict_each_other(first, element, message) -> None:
    with pytest.raises(ValueError, match=message):
        ElementRows(np.array(first), np.array(element), np.ones((2, 3)), np.zeros((2, 3)))


@pytest.fixture(params=[(56, 3), (7, 6), (1, 1)], ids=["56 elements", "7 elements", "1 element"])
def space(request) -> DescriptorSpace:
    n_elements, per_structure = request.param
    if n_elements == 1:
        rng = np.random.default_rng(0)
        sites = Sites(rng.normal(size=(30, 3)), np.repeat(np.arange(10), 3), ["Si"] * 30)
        return DescriptorSpace.from_sites(sites, weights={"Si": 2}, elements=("Si",), max_inner=3)
    return space_of_few(20, 1, n_elements=n_elements, per_structure=per_structure)


def test_sparse_matrix_is_the_dense_one(space) -> None:
    assert space.is_sparse == (len(space.layout.elements) == 56)
    for label in space.labels:
        found = space.sparse_matrix(label)
        assert found.has_canonical_format
        assert np.array_equal(found.toarray(), space.matrix(label))
    # nothing but what structures have
    width = space.layout.n_components * 3
    assert space.sparse_matrix("030").nnz == width * space.by_element.element.size


@pytest.mark.parametrize("normalization", NORMALIZATIONS)
def test_matrices_are_columns_of_the_whole(space, normalization) -> None:
    whole = normalized(space.values, normalization)
    assert np.array_equal(space.normalized(normalization).values, whole)
    for label in space.labels:
        columns = space.layout.columns(label)
        assert np.array_equal(space.matrix(label, normalization), whole[:, columns])


def test_subset_of_a_space(space) -> None:
    chosen = [5, 0, 9]
    some = space.subset(chosen)
    assert some.structures.tolist() == chosen
    assert np.array_equal(some.values, space.values[chosen])
    mask = np.arange(space.n_structures) % 3 == 0
    assert np.array_equal(space.subset(mask).values, space.values[mask])
    with pytest.raises(IndexError):
        space.subset([99])


def test_space_from_its_columns(space) -> None:
    again = DescriptorSpace.from_values(space.layout, space.structures, space.values)
    assert np.array_equal(again.values, space.values)
    assert np.array_equal(again.by_element.element, space.by_element.element)
    with pytest.raises(ValueError, match="the layout needs"):
        DescriptorSpace.from_values(space.layout, space.structures, space.values[:, 1:])


@pytest.mark.parametrize("method_ii", ["moments", "repeated"])
def test_row_groups_keep_every_bit(tmp_path, monkeypatch, method_ii) -> None:
    space = space_of_few(23, 2, n_elements=12, per_structure=2, method_ii=method_ii)
    n_columns = space.layout.n_columns
    monkeypatch.setattr(space_table, "_GROUP_BYTES", 8 * n_columns * 5)
    monkeypatch.setattr(space_table, "_READ_BYTES", 8 * 5 * 20)
    path = tmp_path / "descriptors.parquet"
    tables = list(space_tables(space))
    assert [table.num_rows for table in tables] == [5, 5, 5, 5, 3]
    write_parquet_chunks(tables, path, settings={})
    again = read_space(path)
    assert np.array_equal(again.values, space.values)
    assert again.is_sparse
    for label in ("030", space.notation.full, "201"):
        structures, features = read_features(path, label)
        assert np.array_equal(structures, space.structures)
        assert hasattr(features, "toarray") == (label != "201")
        matrix = features.toarray() if label != "201" else features
        assert np.array_equal(matrix, space.matrix(label))
        gsd = read_gsd(path, label).drop_columns("structure").to_pandas().to_numpy()
        assert np.array_equal(gsd, space.matrix(label))
        assert [table.num_rows for table in gsd_tables(path, label)] == [5, 5, 5, 5, 3]


def test_features_with_most_elements_are_dense(tmp_path) -> None:
    space = space_of_few(8, 3, n_elements=4, per_structure=3)
    path = tmp_path / "descriptors.parquet"
    write_parquet_chunks(space_tables(space), path, settings={})
    _, features = read_features(path, "030")
    assert isinstance(features, np.ndarray)
    assert np.array_equal(features, space.matrix("030"))


def test_spaces_that_contradict_their_layout() -> None:
    layout = Layout(Notation(1, 2), ("Li", "S"), ("x",))
    shared = np.ones((3, layout.n_shared_columns))
    rows = ElementRows.from_dense(np.ones((3, 2, 2)))
    structures = np.arange(3)
    with pytest.raises(ValueError, match="shared has shape"):
        DescriptorSpace(layout, structures, shared[:, 1:], rows)
    with pytest.raises(ValueError, match=r"by_element is \(2, 2, 2\) densely"):
        DescriptorSpace(layout, structures, shared, rows.subset([0, 1]))
    values = np.ones((3, 2, 2))
    values[1, 1, 1] = np.inf
    with pytest.raises(ValueError, match="structure 1: column S_i2_x is not finite"):
        DescriptorSpace(layout, structures, shared, ElementRows.from_dense(values))
