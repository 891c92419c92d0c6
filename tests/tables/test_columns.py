import numpy as np
import pandas as pd
import pytest

from gmd.descriptors import Layout, Notation
from gmd.tables import column_statistics


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


def test_column_without_orders_is_refused():
    with pytest.raises(ValueError, match="'rad_4' tells no moment orders"):
        column_statistics(pd.DataFrame({"rad_4": [1.0]}))
