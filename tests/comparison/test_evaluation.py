import json

import pytest
from jsonschema import Draft202012Validator

from comparison.made_runs import ranking_with
from gmd.comparison import (
    CLAIMS,
    claims_markdown,
    claims_reference,
    claims_schema,
    compare_with_published,
    evaluate_claims,
)
from gmd.comparison.evaluation import VERDICT_COLUMNS
from tables.random_run import imbalance_frame, lightgbm_frame, linear_frame, ranking_frame


@pytest.fixture(scope="module", params=[(5, 5), (2, 2), (1, 3)])
def frames(request):
    imbalance = imbalance_frame(*request.param)
    ranking = ranking_frame(imbalance, *request.param)
    return {
        "imbalance": imbalance,
        "ranking": ranking,
        "lightgbm": lightgbm_frame(ranking),
        "linear": linear_frame(ranking),
    }


def test_all_claims_of_any_space_have_a_verdict(frames):
    verdicts = evaluate_claims("all", frames)
    assert verdicts.columns.to_list() == list(VERDICT_COLUMNS)
    assert verdicts["id"].to_list() == list(CLAIMS)
    assert set(verdicts["verdict"]) <= {"confirmed", "refuted", "undecidable"}
    assert (verdicts["measured"].str.len() > 0).all()
    assert all(json.loads(text).keys() for text in verdicts["parameters"])


def test_page(frames):
    verdicts = evaluate_claims(None, frames)
    published = compare_with_published(frames["ranking"], frames["imbalance"])
    page = claims_markdown(verdicts, published, dataset="random", is_papers_data=False)
    assert "not the paper's own data" in page.split("##")[0]
    rows = [line for line in page.splitlines() if line.startswith("| **")]
    assert len(rows) == len(CLAIMS)
    assert all(row.replace(r"\|", "").count("|") == 6 for row in rows)
    page = claims_markdown(verdicts, published, dataset="lps", is_papers_data=True)
    assert "not the paper's own data" not in page


def test_page_without_claims(frames):
    published = compare_with_published(frames["ranking"], frames["imbalance"])
    page = claims_markdown(evaluate_claims([], frames), published, dataset="", is_papers_data=True)
    assert "No claims are configured." in page


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ("332-best", "'332-best' is not a claim; known are imbalance-asymmetric"),
        ({"id": "332-knows-most", "best": 3}, "no parameter 'best'; known are quantities, labels"),
        ({"id": "332-knows-most", "within": 0}, "within: 0 is less than the minimum"),
        ({"id": "332-knows-most", "quantities": ["mean"]}, "quantities: 'mean' does not match"),
        ({"within": 1}, "has no id"),
    ],
)
def test_wrong_items_say_what_is_known(item, message):
    with pytest.raises(ValueError, match=message):
        evaluate_claims([item], {"ranking": ranking_with()})


def test_wrong_word_and_wrong_frame():
    with pytest.raises(ValueError, match="neither 'all' nor a list"):
        evaluate_claims("332-knows-most", {})
    with pytest.raises(ValueError, match="unknown frame rankings"):
        evaluate_claims(None, {"rankings": ranking_with()})
    with pytest.raises(ValueError, match="ranking: no column mean_srim"):
        evaluate_claims(None, {"ranking": ranking_with().drop(columns="mean_srim")})


def test_schema_agrees_with_the_evaluation():
    schema = claims_schema()
    Draft202012Validator.check_schema(schema)
    valid = Draft202012Validator(schema).is_valid
    assert valid("all")
    assert valid([])
    assert valid(list(CLAIMS))
    assert valid([{"id": claim.id, **claim.parameters} for claim in CLAIMS.values()])
    assert not valid("332-knows-most")
    assert not valid(["332-best"])
    assert not valid([{"id": "332-knows-most", "best": 3}])
    assert not valid([{"id": "332-knows-most", "within": 0}])
    assert not valid([{"within": 1}])


def test_reference_has_a_row_for_each_claim_and_parameter():
    claims, _, parameters = claims_reference().partition("## Parameters\n")
    lines = [line for line in claims.splitlines() if line.startswith("|")]
    rows = [line.split("`")[1] for line in lines if line.startswith("| `")]
    assert rows == list(CLAIMS)
    assert all(line.replace(r"\|", "").count("|") == 6 for line in lines)
    headings = [line for line in claims.splitlines() if line.startswith("## ")]
    assert headings == [
        *(f"## Section {number}" for number in ("2.3", "3.1", "3.2", "3.3")),
        "## Appendix D",
        "## Appendix E",
    ]
    for claim in CLAIMS.values():
        assert all(f"| `{name}` |" in parameters for name in claim.parameters)
