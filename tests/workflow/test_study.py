"""Configurations: completed, refused with every complaint, and turned into file names."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from string import Template
from typing import Any

import pytest

from checking import ConfigError, load_schema, load_yaml
from gmd.local import Soap, SymmetryFunctions, local_family
from gmd.structures import WEIGHT_RULES, total_energies
from gmd.sweep import DEFAULT_SIGMAS
from memory import Memory
from registry import with_entries
from study import TABLES, Study, study_schema

CONFIG = Path(__file__).resolve().parents[2] / "config"

MINIMAL: dict[str, Any] = {
    "study": "mine",
    "datasets": {
        "lps": {
            "source": {"embedded": "lps"},
            "elements": ["Li", "P", "S"],
            "weights": {"Li": -1, "P": 0, "S": 1},
        }
    },
    "laeds": {"paper": {"family": "chebyshev"}},
}
# the default study, with what the registry says of its data set written out
FULL: dict[str, Any] = with_entries(load_yaml(CONFIG / "config.yaml"))
FULL["laeds"] = FULL["datasets"]["lps"].pop("laeds")
GONE = object()

SOAP = {"family": "soap", "cutoff": 5.0, "n_max": 2, "l_max": 1, "atom_sigma": 0.5}
ACSF = {"family": "acsf", "cutoff": 5.0, "compression": "weighted"}

COMPRESSIONS = load_schema("laeds.schema.yaml")["additionalProperties"]["oneOf"][1]["properties"][
    "compression"
]["enum"]


def changed(config: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A copy with other values at ``some__place``; GONE takes a key away."""
    config = copy.deepcopy(config)
    for place, value in changes.items():
        *way, last = place.split("__")
        here = config
        for key in way:
            here = here[key]
        if value is GONE:
            del here[last]
        else:
            here[last] = value
    return config


def complaints(config: Any, memory: Memory | None = None, **environment: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        Study(config, environment, **({} if memory is None else {"memory": memory}))
    first, *rest = str(caught.value).splitlines()
    assert first == "the configuration cannot be run:"
    assert all(line.startswith("  - ") for line in rest)
    return [line.removeprefix("  - ") for line in rest]


def test_what_is_not_given_has_its_default() -> None:
    config = copy.deepcopy(MINIMAL)
    config["energy"] = {"lightgbm": {"seeds": [7]}}
    config["laeds"]["wide"] = {"family": "chebyshev", "radial_cutoff": 9}
    study = Study(config, {})
    dataset = study.config["datasets"]["lps"]
    assert dataset["subsets"] == {"whole": {}}
    assert dataset["energy_key"] == "energy"
    assert dataset["source"] == {"embedded": "lps", "pattern": "*", "minimum_distance": 0.3}
    assert study.laeds("lps")["paper"] == {
        "family": "chebyshev",
        "radial_cutoff": 6.0,
        "n_radial": 19,
        "angular_cutoff": 3.0,
        "n_angular": 5,
    }
    assert study.laeds("lps")["wide"] == {**study.laeds("lps")["paper"], "radial_cutoff": 9}
    assert study.config["descriptors"] == {
        "max_outer": 5,
        "max_inner": 5,
        "absent_elements": "zero",
        "method_ii": "moments",
    }
    assert study.config["imbalance"] == {
        "normalization": "zscore",
        "n_neighbours": 1,
        "device": "cpu",
    }
    assert study.config["recommendation"] == {
        "resamples": 1000,
        "seed": 0,
        "subsets": {"fractions": [0.5, 0.25, 0.1], "repeats": 10, "largest": 2000},
    }
    assert study.config["energy"]["lightgbm"]["seeds"] == [7]
    assert study.config["energy"]["lightgbm"]["n_estimators"] == [25, 50, 100, 200]
    assert study.config["energy"]["references"] == {"mode": "fitted"}
    assert "linear" not in study.config["energy"]
    assert len(study.notation.labels) == 97


def test_configuration_is_left_alone() -> None:
    config = copy.deepcopy(MINIMAL)
    study = Study(config, {})
    study.config["descriptors"]["max_outer"] = 1
    study.laeds("lps")["paper"]["family"] = "other"
    assert config == MINIMAL
    assert Study(config, {}).config["descriptors"]["max_outer"] == 5


def source(**settings: Any) -> dict[str, Any]:
    return {"datasets__lps__source": settings}


COMPLAINTS: dict[str, tuple[dict[str, Any], str]] = {
    "unknown key": (
        {"radius": 1},
        "the configuration: unknown key radius; known are study, title, datasets, laeds",
    ),
    "unknown nested key": (
        {"laeds__paper__n_max": 1},
        "laeds.paper: unknown key n_max; known are family, radial_cutoff, n_radial",
    ),
    "unknown family": ({"laeds__paper__family": "mace"}, "laeds.paper.family: 'mace' is not"),
    "missing name": ({"study": GONE}, "the configuration: study is missing"),
    "missing weights": ({"datasets__lps__weights": GONE}, "datasets.lps: weights is missing"),
    "missing family": ({"laeds__paper__family": GONE}, "laeds.paper: family is missing"),
    "no data set": ({"datasets": {}}, "datasets: {} should be non-empty (A list of"),
    "text for a number": (
        {"laeds__paper__n_radial": "19"},
        "laeds.paper.n_radial: '19' is not of type 'integer' (Number of radial coefficients.)",
    ),
    "fraction": ({"descriptors__max_inner": 2.5}, "descriptors.max_inner: 2.5 is not of type"),
    "nothing": ({"descriptors": None}, "descriptors: None is not of type 'object'"),
    "elements as text": ({"datasets__lps__elements": "Li"}, "datasets.lps.elements: 'Li' is not"),
    "element twice": (
        {"datasets__lps__elements": ["Li", "Li"]},
        "datasets.lps.elements: ['Li', 'Li'] has non-unique elements",
    ),
    "no length": (
        {"laeds__paper__radial_cutoff": 0},
        "laeds.paper.radial_cutoff: 0 is less than or equal to the minimum of 0 (Radial cutoff",
    ),
    "degree too high": ({"descriptors__max_outer": 10}, "descriptors.max_outer: 10 is greater"),
    "name with a blank": ({"study": "my study"}, "study: 'my study' does not match"),
    "name with a dash": (
        {"laeds": {"a-b": {"family": "chebyshev"}}},
        "laeds: 'a-b' does not match",
    ),
    "sigma out of range": (
        {"energy__lightgbm__sigmas": ["232", "666"]},
        "energy.lightgbm.sigmas: '666' is not a descriptor with outer degrees up to 5",
    ),
    "sigma beyond smaller degrees": (
        {"descriptors__max_inner": 2, "energy__linear__sigmas": ["100", "232"]},
        "energy.linear.sigmas: '232' is not a descriptor with outer degrees up to 5 and inner",
    ),
    "a whole for a fraction": (
        {"recommendation": {"subsets": {"fractions": [1]}}},
        "recommendation.subsets.fractions.0: 1 is greater than or equal to the maximum of 1",
    ),
    "sigma without quotes": (
        {"energy__linear__sigmas": [232]},
        "energy.linear.sigmas.0: 232 is not of type 'string' (`all`, or a list of labels in quotes",
    ),
    "no weight": (
        {"datasets__lps__weights": {"Li": 1, "P": 0}},
        "datasets.lps.weights: no weight for S; add it",
    ),
    "no such rule": (
        {"datasets__lps__weights": "mass"},
        "datasets.lps.weights: 'mass' is not one of aenet, atomic_number, group, period (Weight of",
    ),
    "rule that does not tell elements apart": (
        {"datasets__lps__weights": "period"},
        "datasets.lps.weights: the rule 'period' gives P and S the same weight, 3; choose another",
    ),
    "foreign element": (
        {"datasets__lps__subsets": {"limited": {"end_members": ["Li2S", "Li2O"]}}},
        "datasets.lps.subsets.limited.end_members: the formula Li2O holds O, not among the",
    ),
    "no formula": (
        {"datasets__lps__subsets": {"limited": {"end_members": ["li2s"]}}},
        "datasets.lps.subsets.limited.end_members: 'li2s' is not a chemical formula",
    ),
    "limits that exclude all": (
        {"datasets__lps__subsets": {"limited": {"n_atoms": {"at_least": 9, "at_most": 8}}}},
        "datasets.lps.subsets.limited.n_atoms: at_least is above at_most; swap them",
    ),
    "limit of another name": (
        {"datasets__lps__subsets": {"limited": {"n_elements": {"least": 3}}}},
        "datasets.lps.subsets.limited.n_elements",
    ),
    "info that is a mapping": (
        {"datasets__lps__subsets": {"limited": {"info": {"config_type": {"a": 1}}}}},
        "datasets.lps.subsets.limited.info.config_type",
    ),
    "LAEDs from elsewhere without the duplicates": (
        {
            "datasets__lps__drop_duplicates": True,
            "laeds__paper": {"family": "ready", "path": "a.npy"},
        },
        "datasets.lps.drop_duplicates: the LAEDs at laeds.paper.path come in the order of all",
    ),
    "both sources": (
        source(path="x", embedded="lps"),
        "datasets.lps.source: give one of path, download and embedded, not path and embedded",
    ),
    "neither source": (
        source(format="xsf"),
        "datasets.lps.source: give one of path, download and embedded, not none of them",
    ),
    "checksum of a download given as of a path": (
        source(embedded="lps", sha256="0" * 64),
        "datasets.lps.source.sha256: it is the checksum of path, which is not given",
    ),
    "download without a checksum": (
        source(download={"https://example.org/a.zip": "md5"}),
        "datasets.lps.source.download.https://example.org/a.zip: 'md5' does not match",
    ),
    "download from elsewhere": (
        source(download={"ftp://example.org/a.zip": "0" * 64}),
        "datasets.lps.source.download: 'ftp://example.org/a.zip' does not match",
    ),
    "download of a folder": (
        source(download={"https://example.org/a/": "0" * 64}),
        "datasets.lps.source.download: 'https://example.org/a/' does not match",
    ),
    "weight of another element": (
        {"datasets__lps__weights": {"Li": -1, "P": 0, "S": 1, "Na": 2}},
        "datasets.lps.weights: Na is not among the elements; add or remove it",
    ),
    "LAEDs from nowhere": ({"laeds__paper": {"family": "ready"}}, "laeds.paper: path is missing"),
    "LAEDs by a variable": (
        {"laeds__paper": {"family": "ready", "path": "$SOAP/soap.npy"}},
        "laeds.paper.path: the environment variable SOAP is not set; export SOAP=/folder",
    ),
    "key of another family": (
        {"laeds__paper": {"family": "ready", "path": "a.npy", "n_radial": 3}},
        "laeds.paper: unknown key n_radial; known are family, path",
    ),
    "SOAP without a cutoff": (
        {"laeds__paper": {"family": "soap", "n_max": 2, "l_max": 1, "atom_sigma": 0.5}},
        "laeds.paper: cutoff is missing",
    ),
    "unknown compression": (
        {"laeds__paper": {**SOAP, "compression": "nu=3"}},
        "laeds.paper.compression: 'nu=3' is not one of nu=2, nu=1,mu=1, ",
    ),
    "elements of a LAED": (
        {"laeds__paper": {**SOAP, "species": ["Li"]}},
        "laeds.paper: unknown key species; known are family, cutoff, n_max",
    ),
    "optimal without a length": (
        {"laeds__paper": {**SOAP, "compression": "optimal"}},
        "laeds.paper: u_max=0: an optimal radial basis has between 1 and n_species * n_max = 6",
    ),
    "length that is not optimal": (
        {"laeds__paper": {**SOAP, "u_max": 2}},
        "laeds.paper: u_max and basis go with compression 'optimal' alone",
    ),
    "channels without an embedding": (
        {"laeds__paper": {**SOAP, "n_channels": 3}},
        "laeds.paper: n_channels=3 goes with embedding 'random' alone; leave it out",
    ),
    "embedding that lacks an element": (
        {"laeds__paper": {**SOAP, "embedding": {"Li": [1], "P": [2]}}},
        "laeds.paper: the embedding has no vector for S; give one",
    ),
    "no embedding": (
        {"laeds__paper": {**SOAP, "embedding": "mendeleev"}},
        "laeds.paper.embedding: 'mendeleev' is not one of atomic_number, group_period, random",
    ),
    "radial function of one number": (
        {"laeds__paper": {"family": "acsf", "cutoff": 5.0, "g2": [[1.0]]}},
        "laeds.paper.g2.0: [1.0] is too short",
    ),
    "weights of symmetry functions without a use": (
        {"laeds__paper": {"family": "acsf", "cutoff": 5.0, "weights": {"Li": 1, "P": 2, "S": 3}}},
        "laeds.paper: compression='nu=2' has no use for weights; leave them out, or choose",
    ),
    "symmetry functions that lack a weight": (
        {"laeds__paper": {**ACSF, "weights": {"Li": 1, "P": 2}}},
        "laeds.paper: S is among the species and has no weight",
    ),
    "no LAEDs": (
        {"laeds": GONE},
        "datasets.lps: no LAED settings; give laeds, to the study or the data set",
    ),
    "doi as an address": (
        {"datasets__lps__doi": "https://doi.org/10.1/x"},
        "datasets.lps.doi: 'https://doi.org/10.1/x' does not match",
    ),
    "no coefficients": (
        {"laeds__paper__n_radial": 0, "laeds__paper__n_angular": 0},
        "laeds.paper: n_radial=0, n_angular=0: give numbers of coefficients, at least one in all",
    ),
    "variable": (
        source(path="$GMD_DATA/lps/all.extxyz"),
        "datasets.lps.source.path: the environment variable GMD_DATA is not set; "
        "export GMD_DATA=/folder, where /folder/lps/all.extxyz is the data",
    ),
    "variable in braces": (
        source(path="${GMD_DATA}.tar"),
        "datasets.lps.source.path: the environment variable GMD_DATA is not set; "
        "export GMD_DATA=/folder, where /folder.tar is the data",
    ),
    "stray dollar": (
        source(path="prices in $/lps"),
        "datasets.lps.source.path: 'prices in $/lps' has a stray $; write $$ for one",
    ),
    "swept sigma out of range": (
        {"sweep": {"sigmas": ["232", "636"]}},
        "sweep.sigmas: '636' is not a descriptor with outer degrees up to 5",
    ),
    "no swept sigmas": ({"sweep": {"sigmas": []}}, "sweep.sigmas: [] should be non-empty"),
    "setting with a name that is taken": (
        {"laeds": {"sweep": {"family": "chebyshev"}}},
        "laeds.sweep: the comparison of settings has this name; choose another",
    ),
    "conventions in words": (
        {"comparison__conventions": "all"},
        "comparison.conventions: 'all' is not of type 'boolean'",
    ),
    "no named references": (
        {"energy__references": {"mode": "named"}},
        "energy.references: mode 'named' needs end_members",
    ),
    "no potentials": (
        {"energy__references": {"mode": "elements"}},
        "energy.references: mode 'elements' needs potentials",
    ),
    "unknown claim": (
        {"comparison__claims": ["all-distinct", "no-such"]},
        "comparison.claims.1: 'no-such' is not one of imbalance-asymmetric",
    ),
    "unknown parameter of a claim": (
        {"comparison__claims": [{"id": "all-distinct", "within": 3}]},
        "comparison.claims.0: unknown key within; known are id, having, share",
    ),
    "no word for all claims": (
        {"comparison__claims": "most"},
        "comparison.claims: 'most' is not one of all",
    ),
}


@pytest.mark.parametrize(("changes", "complaint"), COMPLAINTS.values(), ids=COMPLAINTS)
def test_mistakes_are_named(changes, complaint) -> None:
    (found,) = complaints(changed(FULL, **changes), OTHER="/data")
    assert found.startswith(complaint)


@pytest.mark.parametrize("config", [None, [], "lps"])
def test_what_is_no_mapping_is_refused(config) -> None:
    assert complaints(config) == [f"the configuration: {config!r} is not of type 'object'"]


@pytest.mark.parametrize(
    "names",
    [
        ["unknown key", "missing weights", "text for a number", "name with a blank"],
        ["variable", "no formula", "no coefficients", "sigma out of range", "no potentials"],
    ],
)
def test_several_mistakes_are_one_message(names) -> None:
    changes = {place: value for name in names for place, value in COMPLAINTS[name][0].items()}
    found = complaints(changed(FULL, **changes))
    assert len(found) == len(names)
    for name in names:
        assert sum(line.startswith(COMPLAINTS[name][1]) for line in found) == 1


def test_paths_take_variables() -> None:
    config = changed(MINIMAL, **source(path="$GMD_DATA/$$lps/${GMD_SET}.xyz"))
    study = Study(config, {"GMD_DATA": "/data", "GMD_SET": "all"})
    assert study.source_paths("lps") == ["/data/$lps/all.xyz"]
    (path,) = Study(MINIMAL, {}).source_paths("lps")
    assert path.endswith("lps.extxyz.xz")


def shipped() -> list[Path]:
    return sorted(CONFIG.glob("*.yaml"))


def variables_of(study: dict[str, Any]) -> set[str]:
    paths = [dataset["source"].get("path", "") for dataset in study["datasets"].values()]
    return {name for path in paths for name in Template(path).get_identifiers()}


@pytest.mark.parametrize("file", shipped(), ids=lambda file: file.stem)
def test_shipped_studies_are_good(file) -> None:
    config = load_yaml(file)
    if file.stem == "dataset":
        config["dataset"] = "lps"
    variables = variables_of(with_entries(config))
    study = Study(config, dict.fromkeys(variables, "/data"))
    assert study.targets()
    # studies side by side must not write over each other
    if file.stem != "dataset":
        named = [other for other in shipped() if f"study: {study.name}\n" in other.read_text()]
        assert named == [file]
    # a reader of the file is told of every variable
    for variable in variables:
        assert f"export {variable}=" in file.read_text(encoding="utf-8")


FIGURES = ("fig_1", "fig_a1", "fig_b1", "fig_b2")
COMPARED = ("fig_d1", "fig_d2", "fig_d3")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {},
            {
                "lps-whole": {*FIGURES, "fig_c1", *COMPARED, "fig_e1"},
                "lps-limited": {*FIGURES, "fig_c1", "fig_e1"},
            },
        ),
        (
            {"energy": GONE},
            {"lps-whole": {*FIGURES, *COMPARED}, "lps-limited": set(FIGURES)},
        ),
        (
            {"energy__linear": GONE, "energy__subsets": ["whole"]},
            {"lps-whole": {*FIGURES, "fig_c1", *COMPARED}, "lps-limited": set(FIGURES)},
        ),
        # one subset alone, not named among those to fit on: fitted all the same
        (
            {"datasets__lps__subsets": {"whole": {}}},
            {"lps-whole": {*FIGURES, "fig_c1", "fig_e1"}},
        ),
        ({"datasets__lps__subsets": {"whole": {}}, "energy": GONE}, {"lps-whole": set(FIGURES)}),
    ],
)
def test_figures_of_every_part(changes, expected) -> None:
    study = Study(changed(FULL, **changes), {})
    assert {part: set(study.figures(part, "paper")) for part in study.parts} == expected


def test_whole_set_shows_the_fits_of_the_limited_one() -> None:
    study = Study(FULL, {})
    folder = "results/lps/lps"
    assert study.limited_part("lps-whole") == study.energy_part("lps-whole") == "lps-limited"
    assert study.limited_part("lps-limited") is None
    assert study.table_files("lps-whole", "paper") == {
        "imbalance": f"{folder}-whole/paper/imbalance.parquet",
        "ranking": f"{folder}-whole/paper/ranking.parquet",
        "columns": f"{folder}-whole/paper/columns.parquet",
        "limited_imbalance": f"{folder}-limited/paper/imbalance.parquet",
        "limited_ranking": f"{folder}-limited/paper/ranking.parquet",
        "lightgbm": f"{folder}-limited/paper/energy/lightgbm.parquet",
        "linear": f"{folder}-limited/paper/energy/linear.parquet",
    }


def test_targets_are_all_that_a_study_ends_with() -> None:
    config = changed(FULL, laeds__short={"family": "chebyshev", "radial_cutoff": 4.0})
    study = Study(config, {})
    targets = study.targets()
    assert len(targets) == len(set(targets))
    folders = {
        f"results/lps/{part}/{laed}/": part
        for part in study.parts
        for laed in ("paper", "short", "sweep")
    }
    for folder, part in folders.items():
        files = {t.removeprefix(folder) for t in targets if t.startswith(folder)}
        if folder.endswith("/sweep/"):
            tables = {"sweep", "settings"} | ({"errors"} if part == "lps-limited" else set())
            assert files == {
                f"{table}.{kind}" for table in tables for kind in ("csv", "parquet")
            } | {f"{drawing}.{kind}" for drawing in ("sweep", "lengths") for kind in ("svg", "png")}
            continue
        expected = {f"tables/{table}.csv" for table in TABLES}
        expected |= {
            f"figures/{figure}.{kind}"
            for figure in (*study.figures(part, "paper"), "recommendation")
            for kind in ("svg", "png")
        }
        expected |= {"recommendation.json", "recommendation.md"}
        names = ["sites", "descriptors", "columns", "imbalance", "contributions", "ranking"]
        expected |= {f"{name}.parquet" for name in (*names, "stability")}
        if part == "lps-limited":
            expected |= {"energy/lightgbm.parquet", "energy/linear.parquet"}
            expected |= {f"energy/fits/{sigma}.parquet" for sigma in study.notation.labels}
        else:
            expected |= {"claims.md", "claims.parquet", "published.csv"}
            expected |= {"conventions.md", "conventions.parquet"}
        assert files == expected
    others = {t for t in targets if not any(t.startswith(folder) for folder in folders)}
    assert others == {
        "results/lps/configuration.json",
        "results/lps/lps.structures.parquet",
        "results/lps/lps-whole/structures.parquet",
        "results/lps/lps-limited/structures.parquet",
        "results/lps/lps-limited/formation.parquet",
    }
    # what is made on demand is not among them
    assert not [t for t in targets if "/gsd/" in t]


def test_one_setting_has_nothing_to_be_compared_with() -> None:
    assert not [target for target in Study(FULL, {}).targets() if "/sweep/" in target]


def test_conventions_are_compared_where_asked_for() -> None:
    for changes, wanted in (
        ({}, True),
        ({"comparison": {}}, False),
        ({"comparison__conventions": False}, False),
        ({"comparison": GONE}, False),
    ):
        targets = Study(changed(FULL, **changes), {}).targets()
        found = [target for target in targets if target.endswith("conventions.md")]
        assert found == ["results/lps/lps-whole/paper/conventions.md"] * wanted


def test_space_without_the_open_conventions() -> None:
    settings = Study(FULL, {}).undecided_space("lps-whole")
    assert settings == {
        "elements": ["Li", "P", "S"],
        "weights": {"Li": -1, "P": 0, "S": 1},
        "max_outer": 5,
        "max_inner": 5,
    }


SHORT = {"laeds__short": {"family": "chebyshev", "radial_cutoff": 4.0}}


def test_labels_that_are_swept() -> None:
    assert Study(changed(FULL, **SHORT), {}).sweep_sigmas == DEFAULT_SIGMAS
    chosen = changed(FULL, **SHORT, sweep={"sigmas": ["232", "050"]})
    assert Study(chosen, {}).sweep_sigmas == ("232", "050", "555")
    assert len(Study(changed(FULL, **SHORT, sweep={"sigmas": "all"}), {}).sweep_sigmas) == 97
    # the default never asks for more than there is
    small = changed(MINIMAL, descriptors={"max_outer": 1, "max_inner": 2})
    assert Study(small, {}).sweep_sigmas == ("100", "101", "010", "110", "125")


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, {"lps-whole": "lps-limited", "lps-limited": "lps-limited"}),
        ({"energy__subsets": ["whole"]}, {"lps-whole": "lps-whole", "lps-limited": None}),
        ({"energy": GONE}, {"lps-whole": None, "lps-limited": None}),
        (
            {"energy": {"subsets": ["limited"]}},
            {"lps-whole": None, "lps-limited": None},
        ),
    ],
)
def test_errors_shown_with_the_settings(changes, shown) -> None:
    study = Study(changed(FULL, **SHORT, **changes), {})
    assert {part: study.sweep_energy_part(part) for part in study.parts} == shown
    for part, of in shown.items():
        assert study.sweep_energies(part) == ("limited set" if of not in (part, None) else "")
        errors = f"results/lps/{part}/sweep/errors.csv"
        assert (errors in study.targets()) == (part == of)


def test_minimal_study_ends_with_tables_and_figures() -> None:
    kinds = {re.sub(r".*\.", "", target) for target in Study(MINIMAL, {}).targets()}
    assert kinds == {"csv", "svg", "png", "json", "md", "parquet"}


def test_recommendation_is_made_from_what_there_is() -> None:
    def names(config: dict[str, Any], part: str) -> dict[str, str]:
        files = Study(config, {}).recommendation_files(part, "paper")
        return {name: file.split("/", 2)[2] for name, file in files.items()}

    bare = names(MINIMAL, "lps-whole")
    folder = "lps-whole/paper"
    tables = ("imbalance", "ranking", "stability", "contributions")
    assert bare == {name: f"{folder}/{name}.parquet" for name in tables}
    full = names(FULL, "lps-whole")
    assert full["lightgbm"] == "lps-limited/paper/energy/lightgbm.parquet"
    assert full["linear"] == "lps-limited/paper/energy/linear.parquet"
    unsampled = changed(MINIMAL, recommendation={"resamples": 0})
    assert "contributions" not in names(unsampled, "lps-whole")
    assert not Study(unsampled, {}).keeps_contributions
    study = Study(FULL, {})
    assert {study.energy_caption(part) for part in study.parts} == {"limited set, GFN1-xTB"}
    assert Study(MINIMAL, {}).energy_caption("lps-whole") is None


def test_several_data_sets_are_kept_apart() -> None:
    other = {**copy.deepcopy(FULL["datasets"]["lps"]), "title": "", "energy_method": ""}
    study = Study(changed(FULL, datasets__other=other), {})
    assert list(study.parts) == ["lps-whole", "lps-limited", "other-whole", "other-limited"]
    assert study.limited_part("other-whole") == study.energy_part("other-whole") == "other-limited"
    assert study.parts["lps-limited"].definition == {"end_members": ["Li2S", "P2S5"]}
    assert study.parts["lps-whole"].definition == {}
    about_energies = study.caption("lps-limited", energies=True)
    assert about_energies == "Li-P-S, embedded, limited set, GFN1-xTB energies"
    assert study.caption("lps-limited", energies=False) == "Li-P-S, embedded, limited set"
    assert study.caption("other-whole", energies=True) == "other, whole set"


def test_main_subset_does_not_depend_on_the_order_of_keys() -> None:
    config = changed(FULL)
    subsets = config["datasets"]["lps"]["subsets"]
    config["datasets"]["lps"]["subsets"] = dict(sorted(subsets.items()))
    study = Study(config, {})
    assert next(iter(study.parts)) == "lps-limited"
    assert study.parts["lps-whole"].is_main
    assert not study.parts["lps-limited"].is_main
    assert study.limited_part("lps-whole") == "lps-limited"


def test_figures_of_energies_show_the_fitted_part() -> None:
    study = Study(FULL, {})
    assert study.figure_part("lps-whole", "fig_c1") == "lps-limited"
    assert study.figure_part("lps-whole", "fig_1") == "lps-whole"


def test_settings_of_a_part() -> None:
    study = Study(changed(FULL, datasets__lps__weights={"Li": 2, "P": 3, "S": 5}), {})
    weights = {"Li": 2, "P": 3, "S": 5}
    assert study.laed_settings("lps-whole", "paper") == {
        **FULL["laeds"]["paper"],
        "weights": weights,
    }
    assert study.space_settings("lps-limited") == {
        **FULL["descriptors"],
        "elements": ["Li", "P", "S"],
        "weights": weights,
    }


@pytest.mark.parametrize(
    "laed",
    [
        *({**SOAP, "compression": name} for name in COMPRESSIONS if name != "optimal"),
        {**SOAP, "compression": "optimal", "u_max": 2},
        {**SOAP, "compression": "WTP", "extra_columns": 2, "seed": 7},
        {**SOAP, "embedding": "random", "n_channels": 3},
        {**SOAP, "embedding": {"Li": [1, 0], "P": [0, 1], "S": [1, 1]}},
        {**SOAP, "radial_basis": "gto", "normalize": True, "central_weight": 0.0},
    ],
    ids=str,
)
def test_settings_of_soap_are_the_librarys(laed) -> None:
    study = Study(changed(MINIMAL, laeds__paper=laed), {})
    settings = study.laed_settings("lps-whole", "paper")
    assert settings.items() >= laed.items()
    # the elements are the data set's; its weights are for descriptors of structures
    assert settings["species"] == ["Li", "P", "S"]
    assert "weights" not in settings
    made = local_family(settings)
    assert isinstance(made, Soap)
    # what the schema has for what is not given is what the class has
    assert made == Soap(
        species=("Li", "P", "S"), **{k: v for k, v in laed.items() if k != "family"}
    )


@pytest.mark.parametrize("compression", ["nu=2", "nu=1,mu=1", "mu=2", "weighted"])
def test_settings_of_symmetry_functions_are_the_librarys(compression) -> None:
    laed = {**ACSF, "compression": compression, "g2": [[0.5, 0.0]], "g4": [[0.01, 1, -1]]}
    study = Study(changed(MINIMAL, laeds__paper=laed), {})
    settings = study.laed_settings("lps-whole", "paper")
    assert settings == {**laed, "species": ["Li", "P", "S"]}
    made = local_family(settings)
    assert isinstance(made, SymmetryFunctions)
    assert made.weights is None
    if compression == "weighted":
        weights = {"Li": 1, "P": 2, "S": 3}
        own = Study(changed(MINIMAL, laeds__paper={**laed, "weights": weights}), {})
        assert own.laed_settings("lps-whole", "paper")["weights"] == weights


def test_settings_that_are_compared_are_told_as_they_were_given() -> None:
    ready = {"family": "ready", "path": "/home/me/laeds.npy"}
    study = Study(changed(MINIMAL, laeds__paper=SOAP, laeds__other=ready), {})
    told = study.swept_settings("lps-whole")
    assert told["other"] == study.laed_settings("lps-whole", "other") == {"family": "ready"}
    assert told["paper"].items() >= SOAP.items()
    assert "species" not in told["paper"]
    assert Study(MINIMAL, {}).swept_settings("lps-whole") == {}


def test_the_library_knows_every_rule_and_unit_of_the_schema() -> None:
    dataset = study_schema()["properties"]["datasets"]["additionalProperties"]["properties"]
    assert dataset["weights"]["oneOf"][1]["enum"] == list(WEIGHT_RULES)
    for unit in dataset["energy_unit"]["enum"]:
        assert total_energies([], unit=unit).size == 0


def test_weights_by_rule() -> None:
    study = Study(changed(FULL, datasets__lps__weights="aenet"), {})
    assert study.space_settings("lps-whole")["weights"] == {"Li": -1, "P": 0, "S": 1}
    assert study.laed_settings("lps-whole", "paper")["weights"] == {"Li": -1, "P": 0, "S": 1}


def test_models_are_fitted_with_what_is_asked_for() -> None:
    study = Study(changed(FULL, energy__lightgbm__sigmas=["100", "232"]), {})
    assert study.fitted_sigmas("lightgbm") == ("100", "232")
    assert study.fitted_sigmas("linear") == study.notation.labels
    assert set(study.models("232")) == {"lightgbm", "linear"}
    assert set(study.models("555")) == {"linear"}
    assert study.models("555") == {"linear": {}}
    assert study.models("100")["lightgbm"]["seeds"] == [0, 1, 2, 3, 4]
    assert "sigmas" not in study.models("100")["lightgbm"]
    assert Study(MINIMAL, {}).fitted_sigmas("linear") == ()
    assert not Study(MINIMAL, {}).is_fitted("lps-whole")
