"""Recommendation: which compressed descriptor to use for a data set, and how certain that is."""

from gmd.recommendation.bootstrap import percentile_intervals, resampled_means, student_intervals
from gmd.recommendation.document import check_document, document_schema, recommend
from gmd.recommendation.front import chord_distances, compromise, knee, pareto_front
from gmd.recommendation.page import page, sentences, verdict
from gmd.recommendation.points import (
    lightgbm_points,
    linear_points,
    loss_terms,
    reference_points,
)
from gmd.recommendation.subsampling import (
    BOTH,
    FEWEST,
    choices,
    count_distinct,
    subsampled_choices,
    subset_sizes,
)

__all__ = [
    "BOTH",
    "FEWEST",
    "check_document",
    "choices",
    "chord_distances",
    "compromise",
    "count_distinct",
    "document_schema",
    "knee",
    "lightgbm_points",
    "linear_points",
    "loss_terms",
    "page",
    "pareto_front",
    "percentile_intervals",
    "recommend",
    "reference_points",
    "resampled_means",
    "sentences",
    "student_intervals",
    "subsampled_choices",
    "subset_sizes",
    "verdict",
]
