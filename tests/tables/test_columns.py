import numpy as np
import pandas as pd
import pytest

from gmd.descriptors import Layout, Notation
from gmd.tables import column_statistics, columns


def test_blocks_follow_the_layout():
    layout = Layout(Notation(2, 3), ("Li", "S"), ("rad_0", "ang_0"))
    values = np.random.default_rng(0).normal(size=(6, layout.n_columns))
    frame = pd.DataFrame(values, columns=list(layout.column_names))
    frame.insert(0, "structure", range(6))
    statistics = column_statistics(frame)
    assert statistics["column"].to_list() == list(layout.column_names)
    np.testing.assert_allclose(statistics["mean"], values.mean(axis=0))
    np.testing.assert_allclose(statistics["std"], values.std(axis=0))
    sizes = statistics.groupby("block", sort=False).size()
    assert sizes.to_dict() == {"230": 12, "231": 12, "200": 4, "201": 4, "030": 12}
    for label in sizes.index:
        where = statistics.index[statistics["block"] == label]
        assert where.to_list() == sorted(layout.columns(label))


def test_file_is_read_a_few_columns_at_a_time(tmp_path, monkeypatch):
    layout = Layout(Notation(1, 2), ("Li",), ("x", "y"))
    values = np.random.default_rng(0).normal(size=(50, layout.n_columns))
    frame = pd.DataFrame(values, columns=list(layout.column_names))
    frame.insert(0, "structure", range(50))
    path = tmp_path / "descriptors.parquet"
    frame.to_parquet(path, row_group_size=7)
    monkeypatch.setattr(columns, "_READ_BYTES", 8 * 50 * 4)
    found, expected = column_statistics(path), column_statistics(frame)
    np.testing.assert_allclose(found.pop("mean"), expected.pop("mean"), rtol=0, atol=1e-16)
    np.testing.assert_allclose(found.pop("std"), expected.pop("std"), rtol=1e-15)
    assert found.equals(expected)
    frame.rename(columns={"Li_i1_x": "rad_4"}).to_parquet(path)
    with pytest.raises(ValueError, match="'rad_4' tells no moment orders"):
        column_statistics(path)


def test_constant_columns_are_told(tmp_path):
    layout = Layout(Notation(1, 1), ("Li",), ("x", "y"))
    values = np.random.default_rng(0).normal(size=(9, layout.n_columns))
    values[:, 1] = 0.1
    values[::2, 1] *= 1 + 2**-52  # rounding
    values[:, 3] = 0.0
    frame = pd.DataFrame(values, columns=list(layout.column_names))
    frame.to_parquet(tmp_path / "descriptors.parquet")
    for given in (frame, tmp_path / "descriptors.parquet"):
        varies = column_statistics(given)["varies"]
        assert varies.dtype == bool
        assert np.flatnonzero(~varies).tolist() == [1, 3]


def test_column_without_orders_is_refused():
    with pytest.raises(ValueError, match="'rad_4' tells no moment orders"):
        column_statistics(pd.DataFrame({"rad_4": [1.0]}))
