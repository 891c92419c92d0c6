"""Results that are missing, damaged or of other settings are found by name."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from check_results import ResultsError, check_study, leftovers, main
from common import SMALL_STUDY, flipped_bits
from gmd.storage import DamagedFileError, write_parquet
from records import check_inputs, digests_of, read_record, write_record
from steps import Step, Steps
from study import Study

ONE_LAED = {
    **copy.deepcopy(SMALL_STUDY),
    "laeds": {"one": {"family": "chebyshev", "n_radial": 6}},
    "comparison": {"claims": "all"},
}


def step_behind(study: Study, steps: Steps, file: str) -> Step:
    """The step that makes a file, found from its path as the rules have it."""
    name = file.removeprefix(f"results/{study.name}/")
    if name == "configuration.json":
        return steps("configuration")
    if "/" not in name:
        return steps("ingest", dataset=name.split(".")[0])
    part, *rest = name.split("/")
    if len(rest) == 1:
        return steps({"structures": "subset"}.get(Path(name).stem, Path(name).stem), part=part)
    run = {"part": part, "laed": rest[0]}
    stem = Path(name).stem
    if rest[1] == "tables":
        return steps("tables", **run)
    if rest[1] == "figures" and stem != "recommendation":
        return steps("figure", **run, figure=stem)
    if rest[1:-1] == ["energy", "fits"]:
        return steps("energy_fit", **run, sigma=stem)
    if rest[1] == "energy":
        return steps("energy", **run, model=stem)
    return steps({"contributions": "imbalance", "published": "claims"}.get(stem, stem), **run)


def write_results(config: dict[str, Any]) -> Study:
    """Files and records as the jobs of a study leave them, without their contents."""
    study = Study(config, {})
    steps = Steps(study)
    made: dict[str, tuple[Step, list[str]]] = {}
    for file in study.targets():
        step = step_behind(study, steps, file)
        made.setdefault(step.digest, (step, []))[1].append(file)
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(study.config) if step.rule == "configuration" else f"contents of {file}"
        Path(file).write_text(text)
    for step, outputs in made.values():
        inputs = [file for before in step.before for file in made[before.digest][1]]
        data = study.data_paths(step.rule, step.wildcards)
        write_record(step.as_param(), digests_of(inputs, data), outputs)
    return study


@pytest.fixture
def study(tmp_path, monkeypatch) -> Study:
    monkeypatch.chdir(tmp_path)
    Path("toy.extxyz").write_text("structures")
    return write_results(ONE_LAED)


def problems(study: Study) -> str:
    with pytest.raises(ResultsError) as error:
        check_study(study)
    return str(error.value)


FOLDER = "results/tiny/toy-whole/one"


def test_results_of_the_configuration_pass(study) -> None:
    assert check_study(study) == len(study.targets())
    assert main(["results/tiny"]) == 0
    assert main(["results/tiny/"]) == 0


@pytest.mark.parametrize(
    "file",
    [
        "results/tiny/toy.structures.parquet",
        "results/tiny/toy-whole/structures.parquet",
        f"{FOLDER}/sites.parquet",
        f"{FOLDER}/imbalance.parquet",
        f"{FOLDER}/figures/fig_1.png",
        f"{FOLDER}/tables/table_b3.csv",
        "results/tiny/toy-limited/one/energy/fits/100.parquet",
        "results/tiny/configuration.json",
    ],
)
def test_every_promised_file_is_checked(study, capsys, file) -> None:
    whole = Path(file).read_bytes()
    Path(file).unlink()
    assert f"{file}: it is missing" in problems(study)
    Path(file).write_bytes(whole[:-1] + b"?")
    assert f"{file}: it was changed after it was made" in problems(study)
    assert main(["results/tiny"]) == 1
    assert file in capsys.readouterr().err


def test_other_settings_are_named(study) -> None:
    config = copy.deepcopy(ONE_LAED)
    config["laeds"]["one"]["radial_cutoff"] = 5.0
    found = problems(Study(config, {}))
    assert (
        f"{FOLDER}/sites.parquet: it was made with other settings: "
        "sites.laed.radial_cutoff was 6.0, is 5.0\n" in found
    )
    assert f"{FOLDER}/recommendation.json: it was made with other settings" in found
    # these do not depend on it
    assert "toy-whole/structures.parquet" not in found


def test_values_that_change_places_are_noticed(study) -> None:
    config = copy.deepcopy(ONE_LAED)
    config["imbalance"]["n_neighbours"], config["recommendation"]["seed"] = 3, 5
    found = problems(Study(config, {}))
    assert f"{FOLDER}/stability.parquet: it was made with other settings" in found
    assert "stability.seed was 3, is 5" in found
    assert f"{FOLDER}/imbalance.parquet" in found


def test_data_that_changed_are_noticed(study) -> None:
    Path("toy.extxyz").write_text("other structures")
    changed = "toy.structures.parquet: the data in toy.extxyz are not those that it was made from"
    assert changed in problems(study)
    Path("toy.extxyz").unlink()
    assert "toy.structures.parquet: its data toy.extxyz are missing" in problems(study)


def test_data_may_move_as_long_as_they_are_the_same(study, tmp_path) -> None:
    (tmp_path / "data").mkdir()
    Path("toy.extxyz").rename("data/toy.extxyz")
    config = copy.deepcopy(ONE_LAED)
    config["datasets"]["toy"]["source"]["path"] = "data/toy.extxyz"
    found = problems(Study(config, {}))
    assert [line for line in found.splitlines() if line.startswith("  - ")] == [
        "  - results/tiny/configuration.json: it was made with other settings: "
        'configuration.datasets.toy.source.path was "toy.extxyz", is "data/toy.extxyz"',
    ]
    # other data are noticed, although the old ones are still where they were
    Path("toy.extxyz").write_text("structures")
    Path("data/toy.extxyz").write_text("other structures")
    assert "the data in data/toy.extxyz are not those" in problems(Study(config, {}))


def test_files_of_another_configuration_are_mentioned(study, capsys) -> None:
    assert leftovers(study) == []
    config = copy.deepcopy(ONE_LAED)
    del config["energy"]["linear"]
    found = leftovers(Study(config, {}))
    assert f"{FOLDER}/figures/fig_e1.svg" in found
    assert "results/tiny/toy-limited/one/energy/linear.parquet" in found
    Path(f"{FOLDER}/gsd").mkdir()
    Path(f"{FOLDER}/gsd/232.parquet").write_text("made on demand")
    step = Steps(study)("gsd", part="toy-whole", laed="one", sigma="232")
    assert leftovers(study) == [f"{FOLDER}/gsd/232.parquet"]
    assert main(["results/tiny"]) == 0
    assert "also holds 1 files that this configuration does not ask for" in capsys.readouterr().err
    write_record(step.as_param(), digests_of([]), [f"{FOLDER}/gsd/232.parquet"])
    assert leftovers(study) == []


def test_an_intermediate_file_that_was_made_again_leaves_the_later_ones_behind(study) -> None:
    """As if a job had been run by itself, and what is made from its file had not."""
    file = f"{FOLDER}/descriptors.parquet"
    steps = Steps(study)
    Path(file).write_text("other contents")
    step = steps("descriptors", part="toy-whole", laed="one")
    write_record(step.as_param(), digests_of([f"{FOLDER}/sites.parquet"]), [file])
    found = problems(study)
    assert f"{FOLDER}/imbalance.parquet: its input {file} has changed since" in found
    assert f"{file}:" not in found


def test_files_without_a_record_are_named(study) -> None:
    record = Path(Steps(study)("ranking", part="toy-whole", laed="one").record)
    whole = record.read_bytes()
    record.unlink()
    assert f"{FOLDER}/ranking.parquet: there is no record of how it was made" in problems(study)
    # a file in the place of another is not what its record describes
    record.write_bytes(whole)
    ranking, columns = Path(f"{FOLDER}/ranking.parquet"), Path(f"{FOLDER}/columns.parquet")
    ranking.write_bytes(columns.read_bytes())
    assert f"{FOLDER}/ranking.parquet: it was changed after it was made" in problems(study)


def test_no_flipped_bit_of_a_record_goes_unnoticed(study) -> None:
    record = Path(Steps(study)("figure", part="toy-whole", laed="one", figure="fig_1").record)
    expected = read_record(record)
    for damaged in flipped_bits(record.read_bytes()):
        record.write_bytes(damaged)
        try:
            found = read_record(record)
        except DamagedFileError:
            continue
        assert found == expected


def test_jobs_refuse_inputs_of_other_settings(study) -> None:
    """Whatever Snakemake has decided, nothing is made from a file of other settings."""
    steps = Steps(study)
    config = copy.deepcopy(ONE_LAED)
    config["laeds"]["one"]["n_radial"] = 7
    others = Steps(Study(config, {}))
    run = {"part": "toy-whole", "laed": "one"}
    path = "sites.parquet"
    made = steps("sites", **run).as_param()
    write_parquet(pd.DataFrame({"structure": [0]}), path, settings={}, step=made)
    check_inputs(steps("descriptors", **run).as_param(), [path, "page.md"])
    with pytest.raises(ValueError, match=r"sites\.parquet: it was made with other settings"):
        check_inputs(others("descriptors", **run).as_param(), [path])
    with pytest.raises(ValueError, match="made with other settings"):
        check_inputs(steps("ranking", **run).as_param(), [path])


def test_the_command_line(study, tmp_path, capsys) -> None:
    other = copy.deepcopy(ONE_LAED)
    other["imbalance"]["normalization"] = "minmax"
    Path("other.yaml").write_text(json.dumps(other))
    assert main(["results/tiny", "--configfile", "other.yaml"]) == 1
    assert 'imbalance.normalization was "zscore", is "minmax"' in capsys.readouterr().err
    Path("same.yaml").write_text(json.dumps(ONE_LAED))
    assert main(["results/tiny", "--configfile", "same.yaml"]) == 0
    assert "files, all of them what the configuration asks for" in capsys.readouterr().out
    other["study"] = "elsewhere"
    Path("other.yaml").write_text(json.dumps(other))
    assert main(["results/tiny", "--configfile", "other.yaml"]) == 1
    assert "it is elsewhere, whose results are not in /" in capsys.readouterr().err
    assert main(["results/nothing"]) == 1
    assert "nothing: there is no such folder; studies: results/tiny" in capsys.readouterr().err
    assert main(["results"]) == 1
    assert "configuration.json: there is no such file: either" in capsys.readouterr().err
    assert main(["results/tiny", "--configfile", "results"]) == 1
    capsys.readouterr()
    Path("results/tiny/configuration.json").write_text("{")
    assert main(["results/tiny"]) == 1
    assert "configuration.json: the file is damaged" in capsys.readouterr().err
