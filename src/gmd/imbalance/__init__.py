"""Rank information imbalance: what one descriptor knows about another."""

from gmd.imbalance._rank_sums import Progress
from gmd.imbalance.ranking import rank_descriptors
from gmd.imbalance.ranks import mean_ranks, rank_contributions
from gmd.imbalance.table import (
    glielmo_imbalance,
    imbalance_contributions,
    imbalance_table,
    information_imbalance,
)

__all__ = [
    "Progress",
    "glielmo_imbalance",
    "imbalance_contributions",
    "imbalance_table",
    "information_imbalance",
    "mean_ranks",
    "rank_contributions",
    "rank_descriptors",
]
