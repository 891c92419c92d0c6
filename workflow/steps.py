"""The steps of a study: what each job's result depends on, back to the files that were read.

A step is a rule with its wildcards. Its digest covers all settings that determine its result, those
of the steps before it included, so that neither a lost file nor values that changed places can hide
a change. Rules take their settings from here (`params: step=step_of(...)`), jobs store them with
their results, and `check` compares the two.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sources import script_digest
from study import Study

Settings = dict[str, Any]
Before = list["Step"]


@dataclass(frozen=True)
class Step:
    """One rule with its wildcards, and everything that its result depends on.

    Attributes
    ----------
    rule : str
        Name of the rule.
    wildcards : dict of str to str
        Which of the rule's jobs it is.
    settings : dict
        The settings of this step alone; values that JSON can hold.
    before : tuple of Step
        The steps whose files are its inputs.
    record : str
        File that the job's record is written to.
    """

    rule: str
    wildcards: dict[str, str]
    settings: Settings
    before: tuple[Step, ...]
    record: str

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the settings of this step and of all steps before it."""
        content = [self.rule, self.wildcards, self.settings, sorted(s.digest for s in self.before)]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    @cached_property
    def code(self) -> str:
        """Digest of the source code behind this step and all steps before it."""
        rules = {step.rule for step in self.all()}
        # what was downloaded is known by its checksum, however it was fetched
        digests = [script_digest(rule) for rule in sorted(rules)]
        return hashlib.sha256("".join(digests).encode()).hexdigest()[:16]

    def all(self) -> Iterator[Step]:
        """This step and all steps before it, each once, the first ones first."""
        seen: dict[str, Step] = {}

        def visit(step: Step) -> None:
            if step.digest not in seen:
                for earlier in step.before:
                    visit(earlier)
                seen[step.digest] = step

        visit(self)
        yield from seen.values()

    @cached_property
    def chain(self) -> list[dict[str, Any]]:
        """The settings of all steps up to this one, the first ones first.

        Steps that differ in nothing but their wildcards share one entry, with a list of them.
        """
        entries: dict[str, dict[str, Any]] = {}
        for step in self.all():
            key = json.dumps([step.rule, step.settings], sort_keys=True)
            entry = {"rule": step.rule, "settings": step.settings, "wildcards": []}
            entries.setdefault(key, entry)["wildcards"].append(step.wildcards)
        return list(entries.values())

    def as_param(self) -> dict[str, Any]:
        """What a rule passes to its script, as its only setting."""
        return {
            "rule": self.rule,
            "wildcards": self.wildcards,
            "settings": self.settings,
            "digest": self.digest,
            "code": self.code,
            "before": sorted(step.digest for step in self.before),
            "chain": self.chain,
            "record": self.record,
        }


class Steps:
    """The steps of one study, each made once.

    Parameters
    ----------
    study : Study
    """

    def __init__(self, study: Study) -> None:
        self.study = study
        self._made: dict[tuple[str, tuple[tuple[str, str], ...]], Step] = {}

    def __call__(self, rule: str, **wildcards: str) -> Step:
        """The step of a rule.

        Raises
        ------
        KeyError
            For a rule that makes no results.
        """
        wildcards = dict(sorted(wildcards.items()))
        key = (rule, tuple(wildcards.items()))
        if key not in self._made:
            settings, before = _RULES[rule](self, **wildcards)
            # as JSON has it, so that what is read back from a file compares equal
            settings = json.loads(json.dumps(settings))
            name = ".".join([rule, *wildcards.values()])
            record = f"results/{self.study.name}/records/{name}.json"
            self._made[key] = Step(rule, wildcards, settings, tuple(before), record)
        return self._made[key]

    def behind_tables(self, part: str, laed: str, tables: Mapping[str, str]) -> Before:
        """The steps that made the tables of :meth:`Study.table_files`."""
        limited = self.study.limited_part(part)
        energy = self.study.energy_part(part)
        found = []
        for name in tables:
            owner = part
            if name.startswith("limited_"):
                assert limited is not None
                owner, name = limited, name.removeprefix("limited_")
            if name in ("lightgbm", "linear"):
                assert energy is not None
                found.append(self("energy", part=energy, laed=laed, model=name))
            elif name == "contributions":
                found.append(self("imbalance", part=owner, laed=laed))
            else:
                found.append(self(name, part=owner, laed=laed))
        return list({step.digest: step for step in found}.values())


_RULES: dict[str, Callable[..., tuple[Settings, Before]]] = {}


def _rule(function: Callable[..., tuple[Settings, Before]]) -> Callable[..., Any]:
    """Register what the rule of the function's name depends on."""
    _RULES[function.__name__] = function
    return function


@_rule
def configuration(steps: Steps) -> tuple[Settings, Before]:
    return steps.study.config, []


@_rule
def ingest(steps: Steps, dataset: str) -> tuple[Settings, Before]:
    return steps.study.reading_settings(dataset), []


@_rule
def subset(steps: Steps, part: str) -> tuple[Settings, Before]:
    chosen = steps.study.parts[part]
    settings = {"definition": chosen.definition, "elements": chosen.settings["elements"]}
    return settings, [steps("ingest", dataset=chosen.dataset)]


@_rule
def sites(steps: Steps, part: str, laed: str) -> tuple[Settings, Before]:
    before = [steps("subset", part=part)]
    if steps.study.ready_sites(part, laed):
        before.append(steps("ingest", dataset=steps.study.parts[part].dataset))
    return {"laed": steps.study.laed_settings(part, laed)}, before


@_rule
def descriptors(steps: Steps, part: str, laed: str) -> tuple[Settings, Before]:
    space = steps.study.space_settings(part)
    return {"space": space}, [steps("sites", part=part, laed=laed)]


@_rule
def gsd(steps: Steps, part: str, laed: str, sigma: str) -> tuple[Settings, Before]:
    return {}, [steps("descriptors", part=part, laed=laed)]


@_rule
def columns(steps: Steps, part: str, laed: str) -> tuple[Settings, Before]:
    return {}, [steps("descriptors", part=part, laed=laed)]


@_rule
def imbalance(steps: Steps, part: str, laed: str) -> tuple[Settings, Before]:
    return steps.study.imbalance_settings, [steps("descriptors", part=part, laed=laed)]


@_rule
def ranking(steps: Steps, part: str, laed: str) -> tuple[Settings, Before]:
    before = [steps(rule, part=part, laed=laed) for rule in ("imbalance", "descriptors")]
    return {}, before


@_rule
def stability(steps: Steps, part: str, laed: str) -> tuple[Settings, Before]:
    chosen = steps.study.config["recommendation"]
    settings = {key: chosen[key] for key in ("subsets", "seed")}
    before = [steps("descriptors", part=part, laed=laed)]
    return {**steps.study.imbalance_settings, **settings}, before


@_rule
def formation(steps: Steps, part: str) -> tuple[Settings, Before]:
    settings = {
        "references": steps.study.config["energy"]["references"],
        "elements": steps.study.parts[part].settings["elements"],
    }
    return settings, [steps("subset", part=part)]


@_rule
def energy_fit(steps: Steps, part: str, laed: str, sigma: str) -> tuple[Settings, Before]:
    before = [steps("descriptors", part=part, laed=laed), steps("formation", part=part)]
    return {"models": steps.study.models(sigma)}, before


@_rule
def energy(steps: Steps, part: str, laed: str, model: str) -> tuple[Settings, Before]:
    sigmas = steps.study.fitted_sigmas(model)
    before = [steps("energy_fit", part=part, laed=laed, sigma=sigma) for sigma in sigmas]
    return {}, before


@_rule
def recommendation(steps: Steps, part: str, laed: str) -> tuple[Settings, Before]:
    study = steps.study
    chosen = study.config["recommendation"]
    settings = {
        "resamples": chosen["resamples"],
        "seed": chosen["seed"],
        "dataset": study.caption(part, laed, energies=False),
        "energy_dataset": study.energy_caption(part),
        "laed": study.laed_settings(part, laed),
    }
    return settings, steps.behind_tables(part, laed, study.recommendation_files(part, laed))


@_rule
def tables(steps: Steps, part: str, laed: str) -> tuple[Settings, Before]:
    before = [steps(rule, part=part, laed=laed) for rule in ("imbalance", "ranking")]
    return {}, before


@_rule
def figure(steps: Steps, part: str, laed: str, figure: str) -> tuple[Settings, Before]:
    study = steps.study
    shown = study.figure_part(part, figure)
    settings = {
        "caption": study.caption(shown, laed, energies=study.shows_energies(figure)),
        "title": study.title(part),
        "limited": study.limited_part(part),
    }
    before = steps.behind_tables(part, laed, study.figure_tables(part, laed, figure))
    # the ranking counts the columns that the caption mentions
    before += [steps("subset", part=shown), steps("ranking", part=shown, laed=laed)]
    return settings, before


@_rule
def claims(steps: Steps, part: str, laed: str) -> tuple[Settings, Before]:
    study = steps.study
    settings = {
        "claims": study.config["comparison"]["claims"],
        "dataset": study.caption(part, laed, energies=True),
        "is_papers_data": study.parts[part].settings["published"],
    }
    return settings, steps.behind_tables(part, laed, study.table_files(part, laed))


@_rule
def conventions(steps: Steps, part: str, laed: str) -> tuple[Settings, Before]:
    study = steps.study
    settings = {
        "space": study.undecided_space(part),
        "n_neighbours": study.config["imbalance"]["n_neighbours"],
        "dataset": study.caption(part, laed, energies=False),
        "is_papers_data": study.parts[part].settings["published"],
    }
    return settings, [steps("sites", part=part, laed=laed), steps("subset", part=part)]


@_rule
def sweep(steps: Steps, part: str) -> tuple[Settings, Before]:
    laeds = list(steps.study.swept_laeds(part))
    settings = {"laeds": laeds, "sigmas": list(steps.study.sweep_sigmas)}
    before = [steps("descriptors", part=part, laed=laed) for laed in laeds]
    return {**settings, **steps.study.imbalance_settings}, before


@_rule
def settings(steps: Steps, part: str) -> tuple[Settings, Before]:
    laeds = steps.study.swept_settings(part)
    before = [
        steps(rule, part=part, laed=laed) for rule in ("descriptors", "ranking") for laed in laeds
    ]
    return {"laeds": laeds}, [steps("sweep", part=part), *before]


@_rule
def errors(steps: Steps, part: str) -> tuple[Settings, Before]:
    study = steps.study
    laeds = list(study.swept_laeds(part))
    models = [model for model in ("lightgbm", "linear") if study.fitted_sigmas(model)]
    fits = [steps("energy", part=part, laed=laed, model=m) for m in models for laed in laeds]
    return {"laeds": laeds}, [*fits, *(steps("descriptors", part=part, laed=n) for n in laeds)]


@_rule
def sweep_figure(steps: Steps, part: str, drawing: str) -> tuple[Settings, Before]:
    study = steps.study
    settings = {
        "caption": study.caption(part, energies=True),
        "energies": study.sweep_energies(part),
    }
    before = [steps("sweep", part=part), steps("subset", part=part)]
    shown = study.sweep_energy_part(part)
    return settings, [*before, *([steps("errors", part=shown)] if shown else [])]
