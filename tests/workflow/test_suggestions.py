"""Misspelt values and keys of a configuration: what was probably meant is named."""

from __future__ import annotations

import math
from typing import Any

import pytest

from checking import ConfigError
from common import SMALL_STUDY
from gmd.descriptors import Notation
from gmd.local import local_family
from gmd.parameters import suggestion
from gmd.structures import similar_element
from registry import read_entry, with_entries
from study import Study
from workflow.test_study import ACSF, FULL, MINIMAL, SOAP, changed, complaints

LPS = FULL["datasets"]["lps"]
MISSPELT: dict[str, tuple[dict[str, Any], str]] = {
    "rule": ({"datasets__lps__weights": "aent"}, "datasets.lps.weights: 'aent' is"),
    "family": ({"laeds__paper__family": "chebishev"}, "laeds.paper.family: 'chebishev' is"),
    "compression": (
        {"laeds__paper": {**SOAP, "compression": "nu=1,mu=2"}},
        "laeds.paper.compression: 'nu=1,mu=2' is",
    ),
    "compression of ACSF": (
        {"laeds__paper": {**ACSF, "compression": "wieghted"}},
        "laeds.paper.compression: 'wieghted' is",
    ),
    "radial basis": (
        {"laeds__paper": {**SOAP, "radial_basis": "GTO"}},
        "laeds.paper.radial_basis: 'GTO' is",
    ),
    "embedding": (
        {"laeds__paper": {**SOAP, "embedding": "atomic-number"}},
        "laeds.paper.embedding: 'atomic-number' is",
    ),
    "normalization": (
        {"imbalance": {"normalization": "zscor"}},
        "imbalance.normalization: 'zscor' is",
    ),
    "device": ({"imbalance": {"device": "cudaa"}}, "imbalance.device: 'cudaa' is"),
    "absent elements": (
        {"descriptors__absent_elements": "exlude"},
        "descriptors.absent_elements: 'exlude' is",
    ),
    "method ii": ({"descriptors__method_ii": "moment"}, "descriptors.method_ii: 'moment' is"),
    "mode": ({"energy__references": {"mode": "fited"}}, "energy.references.mode: 'fited' is"),
    "unit": ({"datasets__lps__energy_unit": "ev"}, "datasets.lps.energy_unit: 'ev' is"),
    "embedded": (
        {"datasets__lps__source": {"embedded": "LPS"}},
        "datasets.lps.source.embedded: 'LPS' is",
    ),
    "kind of source": (
        {"datasets__lps__source": {"paths": "a.xyz"}},
        "datasets.lps.source: unknown key paths",
    ),
    "key": ({"laeds__paper__n_radials": 3}, "laeds.paper: unknown key n_radials"),
    "key at the top": ({"laed": {}}, "the configuration: unknown key laed"),
    "all sigmas": ({"energy__linear__sigmas": "alll"}, "energy.linear.sigmas: 'alll' is not"),
    "sigma": ({"energy__linear__sigmas": ["556"]}, "energy.linear.sigmas: '556' is not"),
    "element": (
        {
            "datasets__lps__elements": ["Lj", "P", "S"],
            "datasets__lps__weights": {"Lj": -1, "P": 0, "S": 1},
            "datasets__lps__subsets": {"whole": {}},
        },
        "datasets.lps.elements: Lj is not in the periodic table",
    ),
    "symbol": (
        {"datasets__lps__elements": ["li", "P", "S"]},
        "datasets.lps.elements.0: 'li' is not a chemical symbol",
    ),
    "element with a weight": (
        {"datasets__lps__weights": {"Li": -1, "P": 0, "S": 1, "Lj": 2}},
        "datasets.lps.weights: Lj is not among the elements",
    ),
    "claim": ({"comparison__claims": ["all-distnct"]}, "comparison.claims.0: 'all-distnct' is"),
    "fitted subset": ({"energy__subsets": ["limted"]}, "energy.subsets: no data set has a subset"),
}
MEANT = {
    "rule": "aenet",
    "family": "chebyshev",
    "compression": "nu=1,mu=1",
    "compression of ACSF": "weighted",
    "radial basis": "gto",
    "embedding": "atomic_number",
    "normalization": "zscore",
    "device": "cuda",
    "absent elements": "exclude",
    "method ii": "moments",
    "mode": "fitted",
    "unit": "eV",
    "embedded": "lps",
    "kind of source": "path",
    "key": "n_radial",
    "key at the top": "laeds",
    "all sigmas": "all",
    "sigma": "555",
    "element": "Li",
    "symbol": "Li",
    "element with a weight": "Li",
    "claim": "all-distinct",
    "fitted subset": "limited",
}


@pytest.mark.parametrize("name", MISSPELT)
def test_what_was_meant_is_named(name) -> None:
    changes, beginning = MISSPELT[name]
    found = [line for line in complaints(changed(FULL, **changes)) if line.startswith(beginning)]
    assert len(found) == 1
    assert f"(did you mean {MEANT[name]}?)" in found[0]


def test_nothing_is_suggested_where_nothing_is_similar() -> None:
    (found,) = complaints(changed(MINIMAL, datasets__lps__weights="mass"))
    assert "did you mean" not in found


@pytest.mark.parametrize("config", [{"dataset": "lpss"}, {"study": "x", "datasets": ["lpss"]}])
def test_data_sets_of_the_registry(config) -> None:
    with pytest.raises(ConfigError, match=r"datasets.lpss: .*\(did you mean lps\?\)"):
        with_entries(config)


def test_a_value_in_a_data_sets_own_file(tmp_path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("source: {embedded: lps}\nelements: [Li, P, S]\nweights: aent\n")
    with pytest.raises(ConfigError, match=r"weights: 'aent' .*\(did you mean aenet\?\)"):
        read_entry(str(file))


@pytest.mark.parametrize(
    ("symbol", "meant"), [("Lj", "Li"), ("LI", "Li"), ("li", "Li"), ("Xx", "Xe"), ("Jo", "")]
)
def test_elements_that_may_be_meant(symbol, meant) -> None:
    assert similar_element(symbol) == (f" (did you mean {meant}?)" if meant else "")


def test_the_library_suggests_too() -> None:
    with pytest.raises(ValueError, match=r"'chebyshew' is unknown \(did you mean chebyshev\?\)"):
        local_family({"family": "chebyshew"})
    with pytest.raises(ValueError, match=r"'226' is not .*\(did you mean 225\?\)"):
        Notation(2, 2)["226"]
    assert suggestion("zz", ["aenet"]) == ""


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"laeds": {True: {"family": "chebyshev"}}}, "laeds: the name True is not text; .* quotes"),
        (
            {"recommendation": {"subsets": {"fractions": [0.5, math.nan]}}},
            "fractions.1: nan is",
        ),
        (
            {"energy": {"references": {"mode": "elements", "potentials": {"Li": math.inf}}}},
            "potentials.Li: inf is not a finite number",
        ),
        (
            {"energy": {"references": {"mode": "elements", "potentials": {"Li": -1.0}}}},
            "potentials: no energy for P, S; add it",
        ),
    ],
)
def test_names_and_numbers_that_cannot_be_used_are_named(changes, message) -> None:
    with pytest.raises(ConfigError, match=message):
        Study({**SMALL_STUDY, **changes}, {})
