"""A study's configuration: checked, completed with defaults, and turned into file names."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from string import Template
from typing import Any

from checking import ConfigError, check, load_schema, with_defaults
from contradictions import contradictions
from gmd.comparison import claims_schema
from gmd.descriptors.notation import Notation
from gmd.structures import element_weights, lps_path
from gmd.sweep import sweep_sigmas
from laeds import complete_laed, without_path
from memory import Memory, job_memory
from parts import Download, Part, main_subset
from registry import FOLDER, with_entries

FIGURE_TABLES: dict[str, tuple[str, ...]] = {
    "fig_1": ("imbalance", "ranking"),
    "fig_a1": ("columns",),
    "fig_b1": ("imbalance", "ranking"),
    "fig_b2": ("ranking",),
    "fig_c1": ("lightgbm",),
    "fig_d1": ("imbalance", "ranking", "limited_imbalance", "limited_ranking"),
    "fig_d2": ("ranking", "limited_ranking"),
    "fig_d3": ("imbalance", "ranking", "limited_imbalance", "limited_ranking"),
    "fig_e1": ("linear",),
}
"""The tables that each figure is drawn from: the arguments of its ``draw``."""

DRAWINGS = ("sweep", "lengths")
"""Figures of the comparison of LAED settings."""

FIGURE_FORMATS = ("svg", "png")
"""Every figure is written in each."""

_READING = ("energy_key", "energy_unit", "drop_duplicates")
"""Keys of a data set, beside its source, that decide what is read from its files."""

_NOT_A_MODELS = ("sigmas", "num_threads")
"""Settings of a model that do not change the fit with one descriptor."""

TABLES = tuple(f"table_b{n}" for n in range(1, 6))


class Study:
    """One configuration, ready to be asked for settings and file names.

    Parameters
    ----------
    config : mapping
        As read from YAML.
    environment : mapping of str to str
        Environment variables for the paths of data sets.
    registry : Path
        Folder of the data sets that a study may name.
    memory : Memory, optional
        What a job may take; of the rules' defaults and the machine's if not given.

    Raises
    ------
    ConfigError
        Listing all that is wrong, each with its place and what would be right.
    """

    def __init__(
        self,
        config: Mapping[str, Any],
        environment: Mapping[str, str] = os.environ,
        registry: Path = FOLDER,
        memory: Memory | None = None,
    ) -> None:
        schema = study_schema()
        if isinstance(config, Mapping):
            config = with_entries(config, registry)
        check(config, schema)
        self.config: dict[str, Any] = with_defaults(dict(config), schema)
        self.environment = environment
        self.memory = job_memory({}) if memory is None else memory
        problems = [*self._apply_weight_rules(), *contradictions(self)]
        if problems:
            raise ConfigError(list(dict.fromkeys(problems)))

    @property
    def name(self) -> str:
        """The study's name."""
        name: str = self.config["study"]
        return name

    def laeds(self, dataset: str) -> dict[str, dict[str, Any]]:
        """LAED settings of a data set by name: the study's, or else its own."""
        own = self.config["datasets"][dataset].get("laeds", {})
        laeds: dict[str, dict[str, Any]] = self.config.get("laeds", own)
        return laeds

    @cached_property
    def laed_names(self) -> tuple[str, ...]:
        """Names of all LAED settings, of whatever data set."""
        return tuple(dict.fromkeys(laed for _, laed in self.runs))

    @cached_property
    def runs(self) -> list[tuple[str, str]]:
        """Every part with every LAED setting that it is studied with."""
        return [
            (name, laed) for name, part in self.parts.items() for laed in self.laeds(part.dataset)
        ]

    @cached_property
    def parts(self) -> dict[str, Part]:
        """Every subset of every data set, by the name of its folder."""
        return {
            f"{dataset}-{subset}": Part(f"{dataset}-{subset}", dataset, subset, settings)
            for dataset, settings in self.config["datasets"].items()
            for subset in settings["subsets"]
        }

    @cached_property
    def notation(self) -> Notation:
        """The descriptors that are built."""
        chosen = self.config["descriptors"]
        return Notation(chosen["max_outer"], chosen["max_inner"], chosen["method_ii"])

    def source_paths(self, dataset: str) -> list[str]:
        """Paths of a data set's files, folders or archives, in the order of reading."""
        source = self.config["datasets"][dataset]["source"]
        if "embedded" in source:
            return [str(lps_path())]
        if "download" in source:
            return [Download(*item).path for item in source["download"].items()]
        return [Template(source["path"]).substitute(self.environment)]

    @cached_property
    def downloads(self) -> dict[str, Download]:
        """Files to be fetched, by the path where they are kept."""
        found = [
            Download(*item)
            for dataset in self.config["datasets"].values()
            for item in dataset["source"].get("download", {}).items()
        ]
        return {download.path: download for download in found}

    def data_paths(self, rule: str, wildcards: Mapping[str, str]) -> list[str]:
        """Files from outside of the results that a rule's job reads, in the order of reading."""
        if rule == "ingest":
            paths = self.source_paths(wildcards["dataset"])
            return [path for path in paths if path not in self.downloads]
        if rule == "sites":
            path = self.ready_sites(wildcards["part"], wildcards["laed"])
            return [path] if path else []
        return []

    def reading_settings(self, dataset: str) -> dict[str, Any]:
        """How a data set's structures are read; where a user keeps them is not part of it."""
        settings = self.config["datasets"][dataset]
        source = {key: value for key, value in settings["source"].items() if key != "path"}
        return {"source": source, **{key: settings[key] for key in _READING}}

    def ready_sites(self, part: str, laed: str) -> str | None:
        """Path of the LAEDs that were computed elsewhere, where they were."""
        settings = self.laeds(self.parts[part].dataset)[laed]
        if settings["family"] != "ready":
            return None
        return Template(settings["path"]).substitute(self.environment)

    def space_settings(self, part: str) -> dict[str, Any]:
        """What the descriptors of a part depend on beside its sites."""
        settings = self.parts[part].settings
        chosen = {key: settings[key] for key in ("elements", "weights")}
        return {**chosen, **self.config["descriptors"]}

    def undecided_space(self, part: str) -> dict[str, Any]:
        """The same without the conventions that the paper leaves open."""
        settings = self.space_settings(part)
        return {key: settings[key] for key in ("elements", "weights", "max_outer", "max_inner")}

    def laed_settings(self, part: str, laed: str) -> dict[str, Any]:
        """What the sites of a part depend on beside its structures."""
        settings = self.laeds(self.parts[part].dataset)[laed]
        return complete_laed(settings, self.parts[part].settings)

    def title(self, part: str) -> str:
        """What people call the data set."""
        title: str = self.parts[part].settings["title"] or self.parts[part].dataset
        return title

    def caption(self, part: str, laed: str | None = None, *, energies: bool) -> str:
        """What figures and pages say of the data, and of its energies where they show any.

        The LAED setting is named where it is one of several.
        """
        settings = self.parts[part].settings
        shown = energies and settings["energy_method"]
        method = f", {settings['energy_method']} energies" if shown else ""
        setting = f", LAED {laed}" if laed is not None and self.swept_laeds(part) else ""
        return f"{self.title(part)}, {self.parts[part].subset} set{setting}{method}"

    def energy_caption(self, part: str) -> str | None:
        """What the energies are that are shown with a part: their subset and method."""
        fitted = self.energy_part(part)
        if fitted is None:
            return None
        method = self.parts[fitted].settings["energy_method"]
        return f"{self.parts[fitted].subset} set" + (f", {method}" if method else "")

    def figure_part(self, part: str, figure: str) -> str:
        """The part whose data a figure shows: fits of energies may be another part's."""
        if not self.shows_energies(figure):
            return part
        fitted = self.energy_part(part)
        assert fitted is not None, f"{figure} is drawn only where energies are fitted"
        return fitted

    def shows_energies(self, figure: str) -> bool:
        """Whether a figure is drawn from fits of energies."""
        return bool({"lightgbm", "linear"} & set(FIGURE_TABLES[figure]))

    def fitted_sigmas(self, model: str) -> tuple[str, ...]:
        """Labels that a model of the energy is fitted with, none if it is not asked for."""
        chosen = self.config.get("energy", {}).get(model)
        if chosen is None:
            return ()
        return self.notation.labels if chosen["sigmas"] == "all" else tuple(chosen["sigmas"])

    def models(self, sigma: str) -> dict[str, dict[str, Any]]:
        """Models to fit with one descriptor, and their settings."""
        return {
            model: {k: v for k, v in self.config["energy"][model].items() if k not in _NOT_A_MODELS}
            for model in ("lightgbm", "linear")
            if sigma in self.fitted_sigmas(model)
        }

    def is_fitted(self, part: str) -> bool:
        """Whether energies are fitted on a part."""
        return (
            "energy" in self.config
            and self.parts[part].settings["energy_key"] is not None
            and self.parts[part].subset in self._energy_subsets(part)
        )

    def energy_part(self, part: str) -> str | None:
        """The part whose fits are shown with `part`: itself, or the first one that is fitted."""
        if self.is_fitted(part):
            return part
        dataset = self.parts[part].dataset
        return next(
            (n for n, p in self.parts.items() if p.dataset == dataset and self.is_fitted(n)), None
        )

    def limited_part(self, part: str) -> str | None:
        """The part to compare a main part with, as the paper's appendix D does."""
        if not self.parts[part].is_main:
            return None
        dataset = self.parts[part].dataset
        return next((n for n, p in self.parts.items() if p.dataset == dataset and n != part), None)

    def table_files(self, part: str, laed: str) -> dict[str, str]:
        """Files behind the tables that figures and claims are made from, where they exist."""

        def of(name: str | None, file: str) -> str | None:
            return None if name is None else f"results/{self.name}/{name}/{laed}/{file}"

        energy = self.energy_part(part) if self._shows_energy(part) else None
        limited = self.limited_part(part)
        files = {
            "imbalance": of(part, "imbalance.parquet"),
            "ranking": of(part, "ranking.parquet"),
            "columns": of(part, "columns.parquet"),
            "limited_imbalance": of(limited, "imbalance.parquet"),
            "limited_ranking": of(limited, "ranking.parquet"),
        }
        for model in ("lightgbm", "linear"):
            if self.fitted_sigmas(model):
                files[model] = of(energy, f"energy/{model}.parquet")
        return {name: file for name, file in files.items() if file is not None}

    @property
    def imbalance_settings(self) -> dict[str, Any]:
        """What imbalances depend on besides the descriptors; not on the device."""
        return {key: self.config["imbalance"][key] for key in ("normalization", "n_neighbours")}

    @cached_property
    def sweep_sigmas(self) -> tuple[str, ...]:
        """Labels that are compared between LAED settings."""
        return sweep_sigmas(self.notation, self.config.get("sweep", {}).get("sigmas"))

    def swept_laeds(self, part: str) -> tuple[str, ...]:
        """LAED settings of a part that are compared with each other, none if there is only one."""
        names = tuple(self.laeds(self.parts[part].dataset))
        return names if len(names) > 1 else ()

    def swept_settings(self, part: str) -> dict[str, dict[str, Any]]:
        """These as the configuration has them, but for a user's own folders."""
        laeds = self.laeds(self.parts[part].dataset)
        return {laed: without_path(laeds[laed]) for laed in self.swept_laeds(part)}

    def sweep_energy_part(self, part: str) -> str | None:
        """The part whose errors of energies are shown with a part's settings, if there are any."""
        fitted = any(self.fitted_sigmas(model) for model in ("lightgbm", "linear"))
        return self.energy_part(part) if fitted and self._shows_energy(part) else None

    def sweep_energies(self, part: str) -> str:
        """What those errors are of, where it is another part."""
        shown = self.sweep_energy_part(part)
        return "" if shown is None or shown == part else f"{self.parts[shown].subset} set"

    def sweep_targets(self, part: str) -> list[str]:
        """Files of the comparison of a part's LAED settings."""
        if not self.swept_laeds(part):
            return []
        tables = ["sweep", "settings"]
        if self.sweep_energy_part(part) == part:
            tables.append("errors")
        files = [f"{table}.{ending}" for table in tables for ending in ("parquet", "csv")]
        files += [f"{drawing}.{ending}" for drawing in DRAWINGS for ending in FIGURE_FORMATS]
        return [f"results/{self.name}/{part}/sweep/{file}" for file in files]

    def recommendation_files(self, part: str, laed: str) -> dict[str, str]:
        """Files behind the choice of a descriptor, where they exist."""
        there = self.table_files(part, laed)
        files = {n: there[n] for n in ("imbalance", "ranking", "lightgbm", "linear") if n in there}
        own = ["stability"] + ["contributions"] * self.keeps_contributions
        return files | {n: f"results/{self.name}/{part}/{laed}/{n}.parquet" for n in own}

    @property
    def keeps_contributions(self) -> bool:
        """Whether structures are resampled, for which each one's contributions are needed."""
        return bool(self.config["recommendation"]["resamples"])

    def figure_tables(self, part: str, laed: str, figure: str) -> dict[str, str]:
        """The tables that a figure is drawn from, by the names of its arguments."""
        files = self.table_files(part, laed)
        return {table: files[table] for table in FIGURE_TABLES[figure]}

    def figures(self, part: str, laed: str) -> tuple[str, ...]:
        """Figures that can be drawn of a part."""
        there = self.table_files(part, laed)
        return tuple(
            figure for figure, tables in FIGURE_TABLES.items() if all(t in there for t in tables)
        )

    def answers(self) -> list[str]:
        """The pages that say which descriptor to use."""
        return [f"results/{self.name}/{part}/{laed}/recommendation.md" for part, laed in self.runs]

    def targets(self) -> list[str]:
        """Every file that the study promises; not those that are made on demand."""
        files = [self.configuration_file]
        files += [f"results/{self.name}/{n}.structures.parquet" for n in self.config["datasets"]]
        for part in self.parts:
            files.append(f"results/{self.name}/{part}/structures.parquet")
            if self.is_fitted(part):
                files.append(f"results/{self.name}/{part}/formation.parquet")
            files += self.sweep_targets(part)
        for part, laed in self.runs:
            folder = f"results/{self.name}/{part}/{laed}"
            files += [f"{folder}/{file}" for file in self._targets_of_run(part, laed)]
        return files

    def _targets_of_run(self, part: str, laed: str) -> Iterator[str]:
        """Files that are promised of a part with one LAED setting, below its folder."""
        names = ["sites", "descriptors", "columns", "imbalance", "ranking", "stability"]
        names += ["contributions"] * self.keeps_contributions
        yield from (f"{name}.parquet" for name in names)
        yield from (f"tables/{table}.csv" for table in TABLES)
        for figure in (*self.figures(part, laed), "recommendation"):
            yield from (f"figures/{figure}.{ending}" for ending in FIGURE_FORMATS)
        yield from ("recommendation.json", "recommendation.md")
        if self.is_fitted(part):
            models = [model for model in ("lightgbm", "linear") if self.fitted_sigmas(model)]
            yield from (f"energy/{model}.parquet" for model in models)
            fitted = dict.fromkeys(sigma for model in models for sigma in self.fitted_sigmas(model))
            yield from (f"energy/fits/{sigma}.parquet" for sigma in fitted)
        if self.parts[part].is_main and "comparison" in self.config:
            yield from ("claims.parquet", "claims.md", "published.csv")
            if self.config["comparison"]["conventions"]:
                yield from ("conventions.parquet", "conventions.md")

    @property
    def configuration_file(self) -> str:
        """The configuration of the study, complete with defaults, among its results."""
        return f"results/{self.name}/configuration.json"

    def _energy_subsets(self, part: str) -> list[str]:
        """Subsets to fit on; a data set without any of them is fitted whole."""
        names: list[str] = self.config["energy"]["subsets"]
        there = self.parts[part].settings["subsets"]
        chosen = [name for name in names if name in there]
        return chosen or [main_subset(there)]

    def _shows_energy(self, part: str) -> bool:
        return self.is_fitted(part) or self.parts[part].is_main

    def _apply_weight_rules(self) -> Iterator[str]:
        """Put weights in place of rules; yields what is wrong with them."""
        for name, dataset in self.config["datasets"].items():
            if isinstance(dataset["weights"], str):
                try:
                    dataset["weights"] = element_weights(dataset["elements"], dataset["weights"])
                except ValueError as error:
                    yield f"datasets.{name}.weights: {error}"


def study_schema() -> dict[str, Any]:
    """The JSON schema of configurations, complete with that of the claims."""
    schema = load_schema("config.schema.yaml")
    claims = schema["properties"]["comparison"]["properties"]["claims"]
    claims.update({k: v for k, v in claims_schema().items() if k not in claims})
    return schema
