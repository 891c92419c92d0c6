"""A run beside the paper: the published numbers, and what the paper says in words."""

from gmd.comparison.agreement import compare_with_published
from gmd.comparison.documentation import claims_reference, claims_schema
from gmd.comparison.evaluation import evaluate_claims
from gmd.comparison.published_tables import published_means, published_table
from gmd.comparison.registry import CLAIMS
from gmd.comparison.report import claims_markdown

__all__ = [
    "CLAIMS",
    "claims_markdown",
    "claims_reference",
    "claims_schema",
    "compare_with_published",
    "evaluate_claims",
    "published_means",
    "published_table",
]
