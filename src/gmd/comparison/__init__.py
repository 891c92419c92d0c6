"""A run beside the paper: the published numbers, and what the paper says in words."""

from gmd.comparison.agreement import compare_with_published
from gmd.comparison.conventions import (
    COMBINATIONS,
    Conventions,
    agreement_of_conventions,
    compare_conventions,
    rankings_by_conventions,
)
from gmd.comparison.conventions_report import conventions_markdown
from gmd.comparison.documentation import claims_reference, claims_schema
from gmd.comparison.evaluation import evaluate_claims
from gmd.comparison.published_tables import published_means, published_table
from gmd.comparison.registry import CLAIMS
from gmd.comparison.report import claims_markdown

__all__ = [
    "CLAIMS",
    "COMBINATIONS",
    "Conventions",
    "agreement_of_conventions",
    "claims_markdown",
    "claims_reference",
    "claims_schema",
    "compare_conventions",
    "compare_with_published",
    "conventions_markdown",
    "evaluate_claims",
    "published_means",
    "published_table",
    "rankings_by_conventions",
]
