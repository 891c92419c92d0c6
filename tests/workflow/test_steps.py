"""What every step of a study depends on."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest

import steps as steps_module
from common import SMALL_STUDY
from sources import SCRIPTS
from steps import Steps
from study import Study

RUN = {"part": "toy-whole", "laed": "one"}


def changed(**changes: Any) -> dict[str, Any]:
    config = copy.deepcopy(SMALL_STUDY)
    for path, value in changes.items():
        *parents, last = path.split("__")
        inner = config
        for key in parents:
            inner = inner.setdefault(key, {})
        inner[last] = value
    return config


def digests(config: dict[str, Any]) -> dict[str, str]:
    steps = Steps(Study(config, {}))
    run = {"part": "toy-whole", "laed": "one"}
    fitted = {"part": "toy-limited", "laed": "one"}
    found = {"ingest": steps("ingest", dataset="toy").digest}
    for rule in ("subset", "sweep", "settings"):
        found[rule] = steps(rule, part="toy-whole").digest
    names = ("sites", "descriptors", "columns", "imbalance", "ranking", "stability")
    for rule in (*names, "recommendation", "tables", "claims", "conventions"):
        found[rule] = steps(rule, **run).digest
    found["formation"] = steps("formation", part="toy-limited").digest
    found["energy_fit"] = steps("energy_fit", **fitted, sigma="100").digest
    found["energy"] = steps("energy", **fitted, model="lightgbm").digest
    found["figure"] = steps("figure", **run, figure="fig_1").digest
    found["errors"] = steps("errors", part="toy-limited").digest
    found["sweep_figure"] = steps("sweep_figure", part="toy-whole", drawing="sweep").digest
    return found


EVERYTHING = set(digests(SMALL_STUDY))
AFTER_SITES = EVERYTHING - {"ingest", "subset", "formation"}
AFTER_DESCRIPTORS = AFTER_SITES - {"sites", "conventions"}
ENERGIES = {"energy_fit", "energy", "errors", "sweep_figure", "recommendation", "claims"}
IMBALANCES = {"imbalance", "ranking", "stability", "sweep", "settings", "sweep_figure"}
IMBALANCES |= {"recommendation", "tables", "claims", "figure", "conventions"}


@pytest.mark.parametrize(
    ("changes", "differ"),
    [
        ({"datasets__toy__energy_key": "E"}, EVERYTHING),
        ({"datasets__toy__source": {"path": "toy.extxyz", "format": "extxyz"}}, EVERYTHING),
        ({"laeds__one__n_radial": 7}, AFTER_SITES),
        ({"laeds__one__radial_cutoff": 5.0}, AFTER_SITES),
        ({"descriptors__absent_elements": "exclude"}, AFTER_DESCRIPTORS),
        ({"imbalance__n_neighbours": 2}, IMBALANCES),
        ({"recommendation__seed": 4}, {"stability", "recommendation"}),
        # two values that change places
        ({"imbalance__n_neighbours": 3, "recommendation__seed": 5}, IMBALANCES),
        ({"energy__lightgbm__learning_rate": 0.1}, ENERGIES),
        ({"energy__references": {"mode": "elements", "potentials": {}}}, None),
        # what no result depends on
        ({"datasets__toy__source": {"path": "/elsewhere/toy.extxyz"}}, set()),
        ({"energy__lightgbm__num_threads": 4}, set()),
        ({"imbalance__device": "cuda"}, set()),
        ({"title": "Another"}, set()),
    ],
)
def test_a_setting_changes_the_digests_of_all_steps_after_it(changes, differ) -> None:
    if differ is None:
        changes = {
            "energy__references": {
                "mode": "elements",
                "potentials": {"Li": -1.0, "P": -2.0, "S": -3.0},
            }
        }
        differ = ENERGIES | {"formation"}
    before, after = digests(SMALL_STUDY), digests(changed(**changes))
    assert {rule for rule in before if before[rule] != after[rule]} == differ


def test_wildcards_are_part_of_a_step() -> None:
    steps = Steps(Study(SMALL_STUDY, {}))
    one, other = (
        steps("energy_fit", part="toy-limited", laed="one", sigma=s) for s in ("100", "555")
    )
    assert one.digest != other.digest
    assert steps("sites", laed="one", part="toy-whole") is steps(
        "sites", part="toy-whole", laed="one"
    )


def test_a_chain_holds_the_settings_of_every_step_before() -> None:
    steps = Steps(Study(SMALL_STUDY, {}))
    chain = steps("recommendation", **RUN).chain
    rules = [entry["rule"] for entry in chain]
    order = ["ingest", "subset", "sites", "descriptors", "imbalance", "ranking", "recommendation"]
    assert [rule for rule in rules if rule in order and rules.count(rule) == 1] == [
        rule for rule in order if rules.count(rule) == 1
    ]
    by_rule = {entry["rule"]: entry for entry in chain}
    assert by_rule["sites"]["settings"]["laed"]["n_radial"] == 6
    assert by_rule["imbalance"]["settings"] == {"normalization": "zscore", "n_neighbours": 5}
    # fits with the same settings share an entry
    fits = [entry for entry in chain if entry["rule"] == "energy_fit"]
    assert sorted(w["sigma"] for entry in fits for w in entry["wildcards"]) == ["100", "555"]
    assert chain[-1]["rule"] == "recommendation"


def test_every_rule_with_a_step_has_one_here() -> None:
    rules = (SCRIPTS.parent / "rules").glob("*.smk")
    texts = [file.read_text() for file in (*rules, SCRIPTS.parent / "Snakefile")]
    named = {name for text in texts for name in re.findall(r'step_of\("(\w+)"\)', text)}
    assert named == set(steps_module._RULES)


def test_the_code_behind_a_step_covers_the_steps_before_it() -> None:
    steps = Steps(Study(SMALL_STUDY, {}))
    assert steps("sites", **RUN).code != steps("subset", part="toy-whole").code
    assert Path(SCRIPTS / "subset.py").exists()
