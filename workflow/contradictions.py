"""What is wrong with a study that its schema cannot see."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from string import Template
from typing import TYPE_CHECKING, Any

from ase.data import chemical_symbols

from gmd.descriptors.size import SpaceSize
from gmd.parameters import suggestion
from gmd.structures import formula_counts, similar_element
from gmd.structures.lps import N_LPS
from laeds import laed_problems, n_components
from memory import HEAVY_RULES, machine_memory

if TYPE_CHECKING:
    from study import Study

_FEWEST_STRUCTURES = 2


def contradictions(study: Study) -> Iterator[str]:
    """Everything that keeps a study of the right form from being run, each with its place."""
    for name, dataset in study.config["datasets"].items():
        place = f"datasets.{name}"
        yield from _of_source(study, place, dataset)
        yield from _of_elements(place, dataset)
        yield from _of_laeds(study, name)
    if "sweep" in study.laed_names:
        yield "laeds.sweep: the comparison of settings has this name; choose another"
    yield from _of_sigmas(study)
    yield from _of_fitted_subsets(study)
    references = study.config.get("energy", {}).get("references", {})
    needed = {"named": "end_members", "elements": "potentials"}.get(references.get("mode", ""))
    if needed and needed not in references:
        yield f"energy.references: mode {references['mode']!r} needs {needed}"
    elif needed == "potentials":
        elements = {e for d in study.config["datasets"].values() for e in d["elements"]}
        without = sorted(elements - set(references["potentials"]))
        if without:
            yield f"energy.references.potentials: no energy for {', '.join(without)}; add it"


def _of_elements(place: str, dataset: Mapping[str, Any]) -> Iterator[str]:
    for element in dataset["elements"]:
        if element not in chemical_symbols[1:]:
            meant = similar_element(element)
            yield f"{place}.elements: {element} is not in the periodic table{meant}"
        # a rule that failed is still there, and has been complained of
        if not isinstance(dataset["weights"], str) and element not in dataset["weights"]:
            yield f"{place}.weights: no weight for {element}; add it"
    if not isinstance(dataset["weights"], str):
        for element in dataset["weights"]:
            if element not in dataset["elements"]:
                meant = similar_element(element) if element not in chemical_symbols else ""
                yield (
                    f"{place}.weights: {element} is not among the elements{meant}; add or remove it"
                )
    for subset, definition in dataset["subsets"].items():
        for formula in definition.get("end_members", ()):
            try:
                formula_counts(formula, dataset["elements"])
            except ValueError as error:
                yield f"{place}.subsets.{subset}.end_members: {error}"
        for name in ("n_elements", "n_atoms"):
            limits = definition.get(name, {})
            if limits.get("at_least", 0) > limits.get("at_most", math.inf):
                yield f"{place}.subsets.{subset}.{name}: at_least is above at_most; swap them"


def _of_laeds(study: Study, dataset: str) -> Iterator[str]:
    laeds = study.laeds(dataset)
    if not laeds:
        yield f"datasets.{dataset}: no LAED settings; give laeds, to the study or the data set"
    own = f"datasets.{dataset}." if "laeds" not in study.config else ""
    for name, laed in laeds.items():
        place = f"{own}laeds.{name}"
        if laed["family"] == "ready":
            yield from _of_path(study, f"{place}.path", laed["path"])
            if study.config["datasets"][dataset]["drop_duplicates"]:
                yield (
                    f"datasets.{dataset}.drop_duplicates: the LAEDs at {place}.path come in the "
                    f"order of all structures; set it to false, or remove the duplicates from both"
                )
        # a rule of weights that failed is still there, and has been complained of
        elif not isinstance(study.config["datasets"][dataset]["weights"], str):
            settings = study.config["datasets"][dataset]
            problems = list(laed_problems(laed, settings))
            yield from (f"{place}: {problem}" for problem in problems)
            if not problems:
                yield from _of_memory(study, dataset, place, n_components(laed, settings))


def _of_memory(study: Study, dataset: str, place: str, n_components: int) -> Iterator[str]:
    settings = study.config["datasets"][dataset]
    # of other data sets the number is known only once they are read: the descriptors' job checks
    is_whole_lps = "embedded" in settings["source"] and not all(settings["subsets"].values())
    size = SpaceSize(
        notation=study.notation,
        n_elements=len(settings["elements"]),
        n_components=n_components,
        n_structures=N_LPS if is_whole_lps else _FEWEST_STRUCTURES,
    )
    if size.n_bytes > study.memory.n_bytes:
        asked = " ".join(f"{rule}:mem_mb={-(-size.n_bytes // 10**6)}" for rule in HEAVY_RULES)
        instead = f", or give jobs more of this machine's: --set-resources {asked}"
        yield (
            f"{place}: {size}, and {study.memory}. Choose fewer components, a compression or lower "
            f"degrees of moments{instead if size.n_bytes <= machine_memory().n_bytes else ''}"
        )


def _of_source(study: Study, place: str, dataset: Mapping[str, Any]) -> Iterator[str]:
    source = dataset["source"]
    kinds = [kind for kind in ("path", "download", "embedded") if kind in source]
    if len(kinds) != 1:
        found = " and ".join(kinds) or "none of them"
        yield f"{place}.source: give one of path, download and embedded, not {found}"
    if "sha256" in source and "path" not in source:
        yield f"{place}.source.sha256: it is the checksum of path, which is not given"
    if "path" in source:
        fetch = dataset["fetch"].strip()
        for problem in _of_path(study, f"{place}.source.path", source["path"]):
            yield f"{problem}. {fetch}" if fetch else problem


def _of_path(study: Study, place: str, path: str) -> Iterator[str]:
    try:
        Template(path).substitute(study.environment)
    except KeyError as error:
        variable = error.args[0]
        rest = path.replace(f"${{{variable}}}", "").replace(f"${variable}", "")
        yield (
            f"{place}: the environment variable {variable} is not set; "
            f"export {variable}=/folder, where /folder{rest} is the data"
        )
    except ValueError:
        yield f"{place}: {path!r} has a stray $; write $$ for one"


def _of_fitted_subsets(study: Study) -> Iterator[str]:
    """Misspelt subsets; another unknown name is no error: data sets without it are fitted whole."""
    there = {name for dataset in study.config["datasets"].values() for name in dataset["subsets"]}
    for name in study.config.get("energy", {}).get("subsets", ()):
        if name not in there and (meant := suggestion(name, there)):
            yield f"energy.subsets: no data set has a subset {name}{meant}"


def _of_sigmas(study: Study) -> Iterator[str]:
    try:
        _ = study.sweep_sigmas
    except ValueError as error:
        yield f"sweep.sigmas: {error}"
    for model in ("lightgbm", "linear"):
        for label in study.fitted_sigmas(model):
            try:
                study.notation[label]
            except ValueError as error:
                yield f"energy.{model}.sigmas: {error}"
