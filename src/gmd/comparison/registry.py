"""The paper's claims, each with the way to decide it and its thresholds.

The paper speaks of "minor", "hardly" or "slightly" without numbers. The thresholds here are chosen
for this comparison, can be set in a study's configuration, and are part of every result.
"""

from __future__ import annotations

from typing import Any

from gmd.comparison.curves import AVERAGES_VARY, FLAT_BEYOND, MINOR_LOSS, SCALES_DIFFER
from gmd.comparison.mechanism import Claim
from gmd.comparison.orderings import (
    AS_GOOD_AS,
    AT_END,
    BOTH_WEIGHTINGS_BETTER,
    IN_ORDER,
    NEAR_ONE_NOT_THE_OTHER,
    SAME_MAGNITUDE,
    SHARE_OF_WEIGHTING,
    SIMILAR_ORDER,
    SIMPLER_SUFFICES,
)
from gmd.comparison.pairings import ALL_PAIRS, CONVERGES, EXTREME_PAIRS, EXTREME_PAIRS_DEGREE

_AVERAGES = ["100", "101"]
_TREES = ["lightgbm_mae", "lightgbm_rmse"]


def _prevail(*quantities: str, without: tuple[str, ...] = ("full",)) -> dict[str, Any]:
    return {
        "quantities": list(quantities),
        "k": 2,
        "best": 15,
        "share": 0.8,
        "without_methods": list(without),
    }


def _end(end: str, within: int, labels: list[str], *quantities: str) -> dict[str, Any]:
    return {"quantities": list(quantities), "labels": labels, "end": end, "within": within}


def _extreme(which: str, having: str, share: float) -> dict[str, Any]:
    return {"which": which, "pairs": 30, "having": having, "share": share}


_CLAIMS = (
    # section 2.3: the measure
    Claim(
        "imbalance-asymmetric",
        "The imbalance almost always depends on its direction.",
        "section 2.3",
        "imbalance.parquet",
        ALL_PAIRS,
        {"having": "asymmetric", "share": 0.9},
    ),
    Claim(
        "imbalance-at-least-1",
        "No imbalance is below 1.",
        "section 2.3",
        "imbalance.parquet",
        ALL_PAIRS,
        {"having": "not_below_1", "share": 1.0},
    ),
    # section 3.1: the descriptors
    Claim(
        "all-distinct",
        "The descriptors of the space are all distinct representations: no two have the same "
        "nearest neighbours everywhere.",
        "section 3.1",
        "table_b4",
        ALL_PAIRS,
        {"having": "distinct", "share": 1.0},
    ),
    Claim(
        "scales-imbalanced",
        "Higher moments put the components on so different scales that they must be normalised.",
        "section 3.1, figure A.1",
        "fig_a1",
        SCALES_DIFFER,
        {"decades": 3.0},
    ),
    # section 3.2: one descriptor against all others
    Claim(
        "full-leads-by-information",
        "Σ_555 tells most about the others and Σ_554 comes next. (The paper says that they hold "
        "most information because they contain the others. That is so by construction and not in "
        "question here, only whether they also lead the order by the mean imbalance.)",
        "section 3.2",
        "table_b2",
        IN_ORDER,
        {"quantities": ["mean_rim_to_others"], "labels": ["full", "full_without_elements"]},
    ),
    Claim(
        "high-complexity-minor-loss",
        "Between Σ_555 and descriptors of complexity above 30 little information is lost, in "
        "either direction.",
        "section 3.2, figure 1a",
        "fig_1",
        MINOR_LOSS,
        {"reference": "full", "complexity_above": 30, "share": 0.25},
    ),
    Claim(
        "flat-beyond-242",
        "Beyond the complexity of Σ_242 the smallest symmetric imbalance to Σ_555 hardly changes.",
        "section 3.2, figure 1b",
        "fig_1",
        FLAT_BEYOND,
        {"reference": "full", "beyond": "242", "share": 0.1},
    ),
    Claim(
        "flat-beyond-242-without-elements",
        "The same towards Σ_554.",
        "section 3.2, figure B.1b",
        "fig_b1",
        FLAT_BEYOND,
        {"reference": "full_without_elements", "beyond": "242", "share": 0.1},
    ),
    Claim(
        "both-weightings-nearest-full",
        "Method ii aside, descriptors with both weightings (k = 2) are nearest to Σ_555 and to "
        "Σ_554.",
        "section 3.2, figures 1b and B.1b",
        "fig_1",
        SHARE_OF_WEIGHTING,
        _prevail("srim_full", "srim_full_without_elements", without=("ii", "full")),
    ),
    Claim(
        "method-ii-near-full-only",
        "Σ_0j0 with j > 2 do well towards Σ_555 but worse towards Σ_554, which lacks Σ_050.",
        "section 3.2, figures 1 and B.1",
        "fig_b1",
        NEAR_ONE_NOT_THE_OTHER,
        {
            "method": "ii",
            "above_inner": 2,
            "near": "srim_full",
            "far": "srim_full_without_elements",
            "best_share": 0.25,
        },
    ),
    # section 3.2: means over all others, tables B.1 to B.3
    Claim(
        "both-weightings-know-most",
        "Descriptors with both weightings (k = 2) tell most about the others.",
        "section 3.2, table B.2",
        "table_b2",
        SHARE_OF_WEIGHTING,
        _prevail("mean_rim_to_others"),
    ),
    Claim(
        "both-weightings-best-overall",
        "Descriptors with both weightings (k = 2) are best by the mean symmetric imbalance.",
        "section 3.2, table B.1",
        "table_b1",
        SHARE_OF_WEIGHTING,
        _prevail("mean_srim"),
    ),
    Claim(
        "both-weightings-best-inferred",
        "Descriptors with both weightings (k = 2) are inferred best from the others.",
        "section 3.2, table B.3",
        "table_b3",
        SHARE_OF_WEIGHTING,
        _prevail("mean_rim_from_others"),
    ),
    Claim(
        "one-weighting-insufficient",
        "Geometry alone is not enough: adding the weighted moments to Σ_ij0 supplies what is "
        "missing.",
        "section 3.2",
        "fig_b2",
        BOTH_WEIGHTINGS_BETTER,
        {"quantities": ["mean_rim_to_others"], "than": [0], "share": 0.9},
    ),
    Claim(
        "averages-worst-overall",
        "The plain averages Σ_100 and Σ_101 are the worst by the mean symmetric imbalance.",
        "section 3.2, table B.1",
        "table_b1",
        AT_END,
        _end("worst", 2, _AVERAGES, "mean_srim"),
    ),
    Claim(
        "averages-know-least",
        "Σ_100 and Σ_101 are the worst to infer the others from.",
        "section 3.2, table B.2",
        "table_b2",
        AT_END,
        _end("worst", 2, _AVERAGES, "mean_rim_to_others"),
    ),
    Claim(
        "environments-vary",
        "Environments vary strongly between structures, so that plain averages lose information.",
        "section 3.2, figure A.1",
        "fig_a1",
        AVERAGES_VARY,
        {"at_least": 0.5},
    ),
    Claim(
        "elements-hardest-to-infer",
        "Σ_050 is the hardest to infer from the others.",
        "section 3.2, table B.3",
        "table_b3",
        AT_END,
        _end("worst", 1, ["050"], "mean_rim_from_others"),
    ),
    Claim(
        "one-weighting-loses-elements",
        "That is because one weighting alone loses either what belongs to each element or the "
        "geometry: Σ_050 is inferred better from Σ_ij2 than from Σ_ij0 or Σ_ij1.",
        "section 3.2",
        "imbalance.parquet",
        BOTH_WEIGHTINGS_BETTER,
        {"quantities": ["rim_to_050"], "than": [0, 1], "share": 0.9},
    ),
    # section 3.2: pairs, tables B.4 and B.5
    Claim(
        "similar-pairs-same-method",
        "The most similar pairs are constructed by the same method.",
        "section 3.2, table B.4",
        "table_b4",
        EXTREME_PAIRS,
        _extreme("most_similar", "same_method", 0.9),
    ),
    Claim(
        "similar-pairs-neighbours",
        "The most similar pairs differ by the next higher moment only.",
        "section 3.2, table B.4",
        "table_b4",
        EXTREME_PAIRS,
        _extreme("most_similar", "neighbouring", 0.9),
    ),
    Claim(
        "similar-pairs-high-moments",
        "The most similar pairs contain higher moments.",
        "section 3.2, table B.4",
        "table_b4",
        EXTREME_PAIRS_DEGREE,
        {"which": "most_similar", "pairs": 30, "degree": 4, "share": 0.8},
    ),
    Claim(
        "outer-moments-converge",
        "Each further outer moment changes a descriptor less than the one before.",
        "section 3.2, table B.4",
        "table_b4",
        CONVERGES,
        {"quantity": "srim", "degree": "outer", "shrink": 0.5},
    ),
    Claim(
        "inner-moments-converge",
        "Each further inner moment changes a descriptor less than the one before.",
        "section 3.2, table B.4",
        "table_b4",
        CONVERGES,
        {"quantity": "srim", "degree": "inner", "shrink": 0.5},
    ),
    Claim(
        "dissimilar-pairs-different-methods",
        "The most dissimilar pairs are constructed by different methods.",
        "section 3.2, table B.5",
        "table_b5",
        EXTREME_PAIRS,
        _extreme("most_dissimilar", "different_method", 0.8),
    ),
    # section 3.3: information and energies
    Claim(
        "332-knows-most",
        "Σ_332 tells most about the others on average.",
        "section 3.3, table B.2",
        "table_b2",
        AT_END,
        _end("best", 1, ["332"], "mean_rim_to_others"),
    ),
    Claim(
        "averages-worst-for-energies",
        "Energies are predicted worst from Σ_100 and Σ_101.",
        "section 3.3, figure C.1",
        "fig_c1",
        AT_END,
        _end("worst", 2, _AVERAGES, *_TREES),
    ),
    Claim(
        "both-weightings-better-for-energies",
        "Energies are predicted better from descriptors with both weightings (k = 2).",
        "section 3.3, figure C.1",
        "fig_c1",
        SHARE_OF_WEIGHTING,
        _prevail(*_TREES),
    ),
    Claim(
        "full-best-for-energies",
        "No other descriptor reaches the accuracy of Σ_555.",
        "section 3.3, figure C.1",
        "fig_c1",
        AT_END,
        _end("best", 1, ["full"], *_TREES),
    ),
    Claim(
        "332-second-for-energies",
        "Σ_332 comes second after Σ_555.",
        "section 3.3, figure C.1",
        "fig_c1",
        IN_ORDER,
        {"quantities": ["lightgbm_rmse"], "labels": ["full", "332"]},
    ),
    Claim(
        "332-equals-full-by-mae",
        "By the MAE alone Σ_332 is as good as Σ_555.",
        "section 3.3, figure C.1",
        "fig_c1",
        AS_GOOD_AS,
        {"quantity": "lightgbm_mae", "label": "332", "to": "full", "tolerance": 0.05},
    ),
    Claim(
        "energy-errors-competitive",
        "The energy errors are of the order of magnitude of neural-network potentials.",
        "section 3.3",
        "fig_c1",
        SAME_MAGNITUDE,
        {"quantity": "lightgbm_mae", "reference": None, "factor": 10.0},
    ),
    Claim(
        "information-and-energy-order-similar",
        "The order by information and the order by energy errors differ only slightly.",
        "section 3.3",
        "fig_c1",
        SIMILAR_ORDER,
        {"pairs": [["mean_rim_to_others", "lightgbm_mae"]], "at_least": 0.7},
    ),
    Claim(
        "full-complexity-not-needed",
        "A much less complex descriptor predicts energies about as well as the full one.",
        "section 3.3",
        "fig_c1",
        SIMPLER_SUFFICES,
        {"quantity": "lightgbm_mae", "complexity_share": 0.5, "tolerance": 0.05},
    ),
    Claim(
        "energies-converge-outer",
        "Energy errors converge with the outer moments.",
        "section 3.3",
        "fig_c1",
        CONVERGES,
        {"quantity": "lightgbm_mae", "degree": "outer", "shrink": 0.5},
    ),
    Claim(
        "energies-converge-inner",
        "Energy errors converge with the inner moments.",
        "section 3.3",
        "fig_c1",
        CONVERGES,
        {"quantity": "lightgbm_mae", "degree": "inner", "shrink": 0.5},
    ),
    # appendices D and E
    Claim(
        "limited-set-similar-order",
        "The limited set orders the descriptors only slightly differently than the whole set.",
        "appendix D, figures D.1 to D.3",
        "fig_d2",
        SIMILAR_ORDER,
        {
            "pairs": [
                [name, f"limited:{name}"]
                for name in (
                    "mean_rim_to_others",
                    "mean_rim_from_others",
                    "srim_full",
                    "srim_full_without_elements",
                )
            ],
            "at_least": 0.9,
        },
    ),
    Claim(
        "linear-similar-order",
        "The linear model orders the descriptors only slightly differently than the boosted trees "
        "and the imbalance to Σ_555 in the limited set.",
        "appendix E, figures C.1, D.1 and E.1",
        "fig_e1",
        SIMILAR_ORDER,
        {
            "pairs": [["linear_mae", "lightgbm_mae"], ["linear_mae", "limited:srim_full"]],
            "at_least": 0.7,
        },
    ),
)

CLAIMS: dict[str, Claim] = {claim.id: claim for claim in _CLAIMS}
"""Every claim by its id, in the order of the paper."""
