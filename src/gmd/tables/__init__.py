"""The paper's tables B.1 to B.5, from a run's imbalances and ranking."""

from gmd.tables.columns import column_statistics
from gmd.tables.construction import Construction, construction, full_label
from gmd.tables.pairs import table_b4, table_b5, unordered_pairs
from gmd.tables.rankings import table_b1, table_b2, table_b3
from gmd.tables.reference import (
    minimum_srim,
    reference_imbalances,
    reference_label,
    seed_means,
)
from gmd.tables.writing import read_table, table_csv, write_table

__all__ = [
    "Construction",
    "column_statistics",
    "construction",
    "full_label",
    "minimum_srim",
    "read_table",
    "reference_imbalances",
    "reference_label",
    "seed_means",
    "table_b1",
    "table_b2",
    "table_b3",
    "table_b4",
    "table_b5",
    "table_csv",
    "unordered_pairs",
    "write_table",
]
