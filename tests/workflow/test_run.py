"""The workflow run whole on a tiny data set, its files checked one by one, and run again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import ase
import ase.io
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import yaml
from numpy.testing import assert_array_equal

from check_results import check_study, result_problems
from common import ELEMENTS, flipped_bits
from gmd.comparison import Conventions, agreement_of_conventions
from gmd.descriptors import DescriptorSpace, informative_columns, read_space, sigma_labels
from gmd.imbalance import imbalance_table
from gmd.local import Chebyshev, local_family, sites_from_table
from gmd.recommendation import check_document
from gmd.storage import DamagedFileError, read_frame, read_provenance, sha256_of
from gmd.structures import read_structures, structures_from_table
from gmd.sweep import SWEEP_COLUMNS, settings_imbalance
from study import Study
from workflow_checkout import CONFIG, Checkout, kept

pytestmark = pytest.mark.workflow


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Checkout:
    made = Checkout(tmp_path_factory.mktemp("checkout"))
    result = made.snakemake(check=False)
    assert result.returncode == 0, result.stdout[-5000:]
    return made


@pytest.fixture(params=["toy-whole/paper", "toy-whole/short", "toy-limited/paper"])
def folder(checkout, request) -> Path:
    return checkout.root / "results/tiny" / request.param


def columns_of(path: Path) -> dict[str, str]:
    return {field.name: str(field.type) for field in pq.read_schema(path)}


def test_sites(folder) -> None:
    columns = columns_of(folder / "sites.parquet")
    assert list(columns)[:3] == ["structure", "atom", "element"]
    assert columns["structure"] == columns["atom"] == "int64"
    assert set(list(columns.values())[3:]) == {"double"}
    assert len(columns) == 3 + (18 if folder.name == "paper" else 10)


def test_descriptors(folder) -> None:
    columns = columns_of(folder / "descriptors.parquet")
    width = 18 if folder.name == "paper" else 10
    assert next(iter(columns)) == "structure"
    assert len(columns) == 1 + 75 * width
    assert "Li_i3_rad_0" in columns
    assert "o2_i3_w1_ang_w_1" in columns


def test_imbalance(folder) -> None:
    frame = pd.read_parquet(folder / "imbalance.parquet")
    assert list(frame) == ["sigma_1", "sigma_2", "rim", "rim_reverse", "srim"]
    assert len(frame) == 9312
    assert set(frame["sigma_1"]) == set(frame["sigma_2"]) == set(sigma_labels())
    assert (frame["sigma_1"] != frame["sigma_2"]).all()
    assert frame["rim"].min() >= 1


def test_ranking(folder) -> None:
    frame = pd.read_parquet(folder / "ranking.parquet")
    assert list(frame) == [
        "sigma",
        "complexity",
        "mean_rim_to_others",
        "mean_rim_from_others",
        "mean_srim",
        "effective_complexity",
        "n_columns",
        "n_varying",
        "identical_to",
    ]
    assert (frame["effective_complexity"] <= frame["complexity"]).all()
    assert frame["sigma"].tolist() == list(sigma_labels())
    assert frame.set_index("sigma").loc["555", "complexity"] == 75


def test_columns(checkout) -> None:
    space = read_space(checkout.root / "results/tiny/toy-limited/paper/descriptors.parquet")
    informative = informative_columns(space)
    statistics = pd.read_parquet(checkout.root / "results/tiny/toy-limited/paper/columns.parquet")
    assert_array_equal(statistics["varies"], informative.varies)
    logs = checkout.root / "results/tiny/logs"
    for rule, said in (
        ("descriptors", informative.columns_report()),
        ("ranking", f"{informative.columns_report()}\n{informative.classes_report()}"),
    ):
        assert (logs / rule / "toy-limited.paper.log").read_text().strip() == said


def test_numbers_are_the_librarys(checkout) -> None:
    """The chain of files ends where the library's own calls end."""
    weights = CONFIG["datasets"]["toy"]["weights"]
    structures = read_structures(checkout.root / "toy.xsf.d")
    laed = Chebyshev(weights=weights, n_radial=6, n_angular=3)
    sites = laed.compute(structures)
    folder = checkout.root / "results/tiny/toy-whole/paper"
    assert_array_equal(
        sites_from_table(pq.read_table(folder / "sites.parquet")).values, sites.values
    )
    space = DescriptorSpace.from_sites(sites, weights=weights, elements=ELEMENTS)
    table = pq.read_table(folder / "descriptors.parquet").drop_columns("structure")
    assert_array_equal(table.to_pandas().to_numpy(), space.matrix("555"))
    expected = imbalance_table(space)
    assert expected.equals(pd.read_parquet(folder / "imbalance.parquet"))


def test_limited_set_is_on_the_line(checkout) -> None:
    results = checkout.root / "results/tiny"
    whole = pq.read_table(results / "toy-whole/structures.parquet").to_pandas()
    limited = pq.read_table(results / "toy-limited/structures.parquet").to_pandas()
    assert len(whole) == 45
    assert set(limited["formula"]) == {"Li3PS4", "Li7PS6"}
    assert limited["structure"].tolist() == list(range(30))
    assert whole["energy"].notna().all()
    assert limited["name"].tolist() == [
        n for n, f in zip(whole["name"], whole["formula"], strict=True) if f != "Li4P2S6"
    ]


def test_contributions(folder) -> None:
    frame = pd.read_parquet(folder / "contributions.parquet")
    columns = columns_of(folder / "contributions.parquet")
    others = [label for label in sigma_labels() if label != "555"]
    assert {f"{one}>555" for one in others} | {f"555>{one}" for one in others} < set(columns)
    assert columns.pop("structure") == "int64"
    assert len(columns) == 382
    assert set(columns.values()) == {"double"}
    rim = pd.read_parquet(folder / "imbalance.parquet").set_index(["sigma_1", "sigma_2"])["rim"]
    means = frame.drop(columns="structure").mean()
    pairs = [tuple(name.split(">")) for name in means.index]
    np.testing.assert_allclose(means, rim.loc[pairs], rtol=1e-12)


def test_recommendation(folder) -> None:
    document = json.loads((folder / "recommendation.json").read_text())
    check_document(document)
    whole = "whole" in folder.parent.name
    assert document["n_structures"] == document["n_distinct"] == (45 if whole else 30)
    assert document["resamples"] == 50
    assert document["laed"]["name"] == folder.name
    assert document["laed"]["settings"]["n_radial"] == (6 if folder.name == "paper" else 3)
    assert list(document["references"]) == ["555", "554"]
    assert set(document["energy"]) == {"lightgbm", "linear"}
    assert document["energy_dataset"] == "limited set"
    chosen = document["recommended"]
    assert chosen["sigma"] in sigma_labels()
    # of 30 structures half is too few
    assert [trial["size"] for trial in chosen["subsets"]] == ([22] if whole else [])
    made = document["provenance"]
    assert made["settings"]["subsets"]["fractions"] == [0.5]
    files = {Path(name).name for name in made["inputs"]}
    assert {"imbalance.parquet", "contributions.parquet", "stability.parquet"} <= files
    text = (folder / "recommendation.md").read_text()
    assert f"Σ_{chosen['sigma']}" in text
    trials = pd.read_parquet(folder / "stability.parquet")
    assert list(trials) == ["size", "repeat", "reference", "sigma", "complexity"]
    assert len(trials) == (6 if whole else 0)


def test_resamples_touch_only_the_recommendation(checkout) -> None:
    config = json.loads(json.dumps(CONFIG))
    config["recommendation"]["resamples"] = 60
    assert {rule for rule, _ in checkout.due(config)} == {"recommendation"}


@pytest.mark.parametrize("number", range(1, 6))
def test_tables(folder, number) -> None:
    frame = pd.read_csv(
        folder / f"tables/table_b{number}.csv", dtype={"sigma": str, "sigma_1": str}
    )
    assert len(frame) == 30
    pairs = ["sigma_1", "sigma_2", "rim", "rim_reverse", "srim", "identical"]
    means = ["sigma", "mean_rim_to_others", "mean_rim_from_others", "mean_srim"]
    complexities = ["complexity", "effective_complexity"]
    assert list(frame) == (means + complexities if number <= 3 else pairs)
    assert frame.iloc[:, 0].str.len().eq(3).all()


def test_energies(checkout) -> None:
    folder = checkout.root / "results/tiny/toy-limited/paper/energy"
    trees = pd.read_parquet(folder / "lightgbm.parquet")
    assert list(trees) == ["sigma", "complexity", "n_estimators", "seed", "mae", "rmse"]
    assert len(trees) == 3 * 4 * 2
    assert (trees["rmse"] >= trees["mae"]).all()
    assert (trees["mae"] > 0).all()
    linear = pd.read_parquet(folder / "linear.parquet").set_index("sigma")
    assert {"complexity", "mae", "interpolating"} <= set(linear)
    assert not linear.loc["100", "interpolating"]
    assert linear.loc["555", "interpolating"]


@pytest.mark.parametrize(
    ("part", "figures"),
    [
        ("toy-whole", {"1", "a1", "b1", "b2", "c1", "d1", "d2", "d3", "e1"}),
        ("toy-limited", {"1", "a1", "b1", "b2", "c1", "e1"}),
    ],
)
def test_figures(checkout, part, figures) -> None:
    folder = checkout.root / f"results/tiny/{part}/paper/figures"
    assert {p.name for p in folder.iterdir()} == {
        f"{name}.{kind}"
        for name in ("recommendation", *(f"fig_{f}" for f in figures))
        for kind in ("svg", "png")
    }
    for path in folder.iterdir():
        start = path.read_bytes()[:200]
        assert b"<?xml" in start if path.suffix == ".svg" else start.startswith(b"\x89PNG")


def test_claims(checkout) -> None:
    folder = checkout.root / "results/tiny/toy-whole/paper"
    claims = pd.read_parquet(folder / "claims.parquet")
    assert set(claims["verdict"]) <= {"confirmed", "refuted", "undecidable"}
    assert len(claims) > 20
    assert "not the paper's own data" in (folder / "claims.md").read_text()
    assert (folder / "published.csv").exists()


def test_conventions(checkout) -> None:
    checkout.snakemake("results/tiny/toy-whole/paper/conventions.md")
    folder = checkout.root / "results/tiny/toy-whole/paper"
    frame = pd.read_parquet(folder / "conventions.parquet")
    assert len(frame) == 16
    assert (frame["compared"] == 56).all()
    ranking = pd.read_parquet(folder / "ranking.parquet")
    expected = agreement_of_conventions({Conventions("zero", "zscore", "moments"): ranking})
    chosen = ["absent_elements", "normalization", "method_ii"]
    found = frame.set_index(chosen).loc[("zero", "zscore", "moments")]
    assert found["score"] == expected["score"][0]
    page = (folder / "conventions.md").read_text()
    assert "Data: toy, whole set, LAED paper, N = 45." in page
    assert "not the paper's own data" in page


@pytest.mark.parametrize("part", ["toy-whole", "toy-limited"])
def test_settings_beside_each_other(checkout, part) -> None:
    folder = checkout.root / f"results/tiny/{part}/sweep"
    limited = part == "toy-limited"
    tables = {"sweep", "settings", "errors"} if limited else {"sweep", "settings"}
    files = {f"{table}.{kind}" for table in tables for kind in ("parquet", "csv")}
    assert {p.name for p in folder.iterdir()} == files | {
        f"{drawing}.{kind}" for drawing in ("sweep", "lengths") for kind in ("svg", "png")
    }
    sweep = pd.read_parquet(folder / "sweep.parquet")
    assert tuple(sweep) == SWEEP_COLUMNS
    assert len(sweep) == 12 * 2
    spaces = {
        name: read_space(folder.parent / name / "descriptors.parquet")
        for name in ("paper", "short")
    }
    assert settings_imbalance(spaces, ["232"]).equals(
        sweep.loc[sweep["sigma"] == "232"].reset_index(drop=True)
    )
    settings = pd.read_parquet(folder / "settings.parquet").set_index("laed")
    assert settings["n_components"].to_dict() == {"paper": 18, "short": 10}
    assert settings["n_columns"].to_dict() == {"paper": 18 * 75, "short": 10 * 75}
    if limited:
        errors = pd.read_parquet(folder / "errors.parquet")
        assert errors.groupby(["laed", "model"]).size().to_dict() == {
            (laed, model): 3 for laed in spaces for model in ("lightgbm", "linear")
        }


def test_one_descriptor_by_name(checkout) -> None:
    target = "results/tiny/toy-whole/paper/gsd/232.parquet"
    checkout.snakemake(target)
    frame = pd.read_parquet(checkout.root / target)
    assert frame.shape == (45, 1 + 12 * 18)
    missing = checkout.snakemake(target.replace("232", "999"), check=False)
    assert missing.returncode != 0


def test_every_parquet_file_tells_its_making(checkout) -> None:
    files = sorted((checkout.root / "results").rglob("*.parquet"))
    assert len(files) > 20
    for file in files:
        metadata = pq.read_schema(file).metadata
        assert metadata[b"gmd.version"], file
        json.loads(metadata[b"gmd.settings"])
        digests = json.loads(metadata[b"gmd.inputs"])
        assert digests, file
        assert all(len(digest) == 64 for digest in digests.values()), file


def test_nothing_half_written_is_left(checkout) -> None:
    assert not [p for p in (checkout.root / "results").rglob("*") if "partial" in p.name]


def test_cores_do_not_change_a_byte(checkout, tmp_path) -> None:
    files = ["toy-whole/paper/imbalance.parquet", "toy-limited/paper/energy/lightgbm.parquet"]
    again = tmp_path / "again"
    again.mkdir()
    other = Checkout(again)
    other.snakemake("--cores=1", *(f"results/tiny/{file}" for file in files))
    for file in files:
        one, two = (c.root / "results/tiny" / file for c in (checkout, other))
        assert one.read_bytes() == two.read_bytes(), file


def test_running_again_only_checks(checkout) -> None:
    assert not checkout.due()
    assert "1 of 1 steps (100%) done" in checkout.snakemake().stdout


KINDS_OF_FILES = (
    "toy.structures.parquet",
    "toy-whole/structures.parquet",
    "toy-limited/formation.parquet",
    "toy-whole/paper/sites.parquet",
    "toy-whole/paper/descriptors.parquet",
    "toy-whole/paper/columns.parquet",
    "toy-whole/paper/imbalance.parquet",
    "toy-whole/paper/contributions.parquet",
    "toy-whole/paper/ranking.parquet",
    "toy-whole/paper/stability.parquet",
    "toy-whole/paper/claims.parquet",
    "toy-limited/paper/energy/fits/232.parquet",
    "toy-limited/paper/energy/lightgbm.parquet",
    "toy-whole/sweep/sweep.parquet",
    "toy-whole/sweep/settings.parquet",
    "toy-limited/sweep/errors.parquet",
)


@pytest.mark.parametrize("name", KINDS_OF_FILES)
def test_no_flipped_bit_of_a_table_goes_unnoticed(checkout, tmp_path, name) -> None:
    whole = checkout.root / "results/tiny" / name
    path = tmp_path / whole.name
    path.write_bytes(whole.read_bytes())
    assert read_frame(path).equals(pd.read_parquet(whole))
    for damaged in flipped_bits(whole.read_bytes()):
        path.write_bytes(damaged)
        with pytest.raises(DamagedFileError):
            read_frame(path)


def test_a_flipped_bit_of_any_file_is_reported(checkout, monkeypatch) -> None:
    """Of every file of the study, whether it is read again or only looked at."""
    monkeypatch.chdir(checkout.root)
    study = Study(CONFIG)
    assert check_study(study) == len(study.targets())
    files = [Path(file) for file in study.targets()]
    with kept(*files):
        for path in files:
            path.write_bytes(next(flipped_bits(path.read_bytes())))
        found = "\n".join(result_problems(study))
    assert all(f"{path}: it was changed after it was made" in found for path in files)
    # none of it stays
    assert check_study(study)


@pytest.mark.parametrize(
    ("file", "rule"),
    [
        ("toy-whole/paper/imbalance.parquet", "imbalance"),
        ("toy-limited/paper/energy/fits/232.parquet", "energy_fit"),
        ("toy-whole/short/figures/fig_b2.png", "figure"),
        ("configuration.json", "configuration"),
    ],
)
def test_a_promised_file_that_is_gone_is_made_again(checkout, file, rule) -> None:
    path = checkout.root / "results/tiny" / file
    with kept(path):
        path.unlink()
        planned = checkout.snakemake("--dry-run", "--quiet=progress").stdout
    assert f"rule {rule}:" in planned


def test_damage_stops_the_job_that_reads_it(checkout) -> None:
    """A changed number must not become a line of a table."""
    results = checkout.root / "results/tiny"
    path = results / "toy-whole/paper/imbalance.parquet"
    tables = sorted((results / "toy-whole/paper/tables").iterdir())
    times = path.stat()
    with kept(path, *tables, results / "records/tables.paper.toy-whole.json"):
        path.write_bytes(next(flipped_bits(path.read_bytes())))
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        target = str(tables[0].relative_to(checkout.root))
        result = checkout.snakemake("--forcerun=tables", target, check=False)
        assert result.returncode != 0
        assert "tables: results/tiny/toy-whole/paper/imbalance.parquet: the file" in result.stdout
        assert not any(table.exists() for table in tables)
    assert not checkout.due()


def test_braces_in_a_path_are_part_of_the_name(checkout) -> None:
    config = json.loads(json.dumps(CONFIG))
    config["study"] = "braces"
    config["datasets"]["toy"]["source"] = {"path": "a{dataset}{b}.extxyz"}
    path = checkout.root / "a{dataset}{b}.extxyz"
    structures = read_structures(checkout.root / "toy.xsf.d")
    target = "results/braces/toy.structures.parquet"
    ase.io.write(path, structures[:5])
    checkout.snakemake(target, config=config)
    assert len(read_frame(checkout.root / target)) == 5
    ase.io.write(path, structures[:7])
    checkout.snakemake(target, config=config)
    assert len(read_frame(checkout.root / target)) == 7
    path.unlink()
    gone = checkout.snakemake(target, config=config, check=False)
    assert "a{dataset}{b}.extxyz: there is no such file or folder" in gone.stdout


def test_a_changed_file_in_a_folder_of_data_is_noticed(checkout) -> None:
    """The date of a folder tells of names alone."""
    path = checkout.root / "toy.xsf.d/structure7.xsf"
    status = path.stat()
    try:
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
        assert {rule for rule, _ in checkout.due()} >= {"ingest", "subset", "sites"}
    finally:
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert not checkout.due()


def test_one_laed_setting_touches_only_its_own(checkout) -> None:
    config = json.loads(json.dumps(CONFIG))
    config["laeds"]["short"]["n_radial"] = 4
    due = checkout.due(config)
    assert {"sites", "descriptors", "imbalance", "energy_fit", "figure"} <= {
        rule for rule, _ in due
    }
    assert all(folder.split("/")[3] in ("short", "sweep") for _, folder in due)


def test_energy_settings_touch_only_energies(checkout) -> None:
    config = json.loads(json.dumps(CONFIG))
    config["energy"]["lightgbm"]["learning_rate"] = 0.2
    rules = {rule for rule, _ in checkout.due(config)}
    expected = {"energy_fit", "energy", "figure", "claims", "recommendation"}
    assert rules == expected | {"errors", "sweep_figure"}


@pytest.mark.parametrize(
    ("file", "due", "not_due"),
    [
        ("src/gmd/imbalance/ranks.py", {"imbalance", "ranking"}, {"sites", "energy_fit"}),
        ("src/gmd/figures/fig_1.py", {"figure"}, {"tables", "imbalance", "claims"}),
        ("src/gmd/structures/checks.py", {"ingest", "sites"}, set()),
    ],
)
def test_changed_library_code_runs_what_it_produced(checkout, file, due, not_due) -> None:
    with checkout.edited(file):
        rules = {rule for rule, _ in checkout.due()}
    assert due <= rules
    assert not not_due & rules


@pytest.mark.parametrize("form", ["folder", "tar", "zip"])
def test_papers_study_reads_folders_and_archives_of_xsf(checkout, tmp_path, form) -> None:
    source = checkout.root / "toy.xsf.d"
    if form != "folder":
        kind = {"tar": "gztar", "zip": "zip"}[form]
        source = Path(shutil.make_archive(str(tmp_path / "LPS"), kind, source.parent, source.name))
    target = "results/paper/lps_guo-limited/formation.parquet"
    checkout.snakemake("--forceall", target, config="config/paper.yaml", GMD_LPS=str(source))
    table = pq.read_table(checkout.root / "results/paper/lps_guo-limited/structures.parquet")
    assert table["name"].to_pylist()[:3] == ["structure0", "structure1", "structure3"]
    assert len(pd.read_parquet(checkout.root / target)) == 30


def test_a_data_set_needs_no_more_than_its_file(checkout, tmp_path) -> None:
    archive = Path(shutil.make_archive(str(tmp_path / "toy"), "gztar", checkout.root, "toy.xsf.d"))
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    dataset = {
        **CONFIG["datasets"]["toy"],
        "laeds": {"own": CONFIG["laeds"]["short"]},
        "subsets": {"whole": {}},
        "energy_key": None,
    }
    target = "results/fetched/fetched-whole/own/ranking.parquet"
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
        url = f"http://127.0.0.1:{http.server_port}/toy.tar.gz"

        def run(sha256: str, *more: str) -> subprocess.CompletedProcess[str]:
            dataset["source"] = {"download": {url: sha256}, "pattern": "*.xsf"}
            (checkout.root / "fetched.yaml").write_text(yaml.safe_dump(dataset))
            given = ("--config", "dataset=fetched.yaml")
            return checkout.snakemake(
                target, *more, *given, config="config/dataset.yaml", check=False
            )

        refused = run("0" * 64)
        assert refused.returncode != 0
        said = f"download: {url}: its SHA-256 is {sha256_of(archive)}, not {'0' * 64}"
        assert said in refused.stdout
        assert not list((checkout.root / "results/downloads").rglob("*.gz"))
        done = run(sha256_of(archive))
        assert done.returncode == 0, done.stdout[-3000:]
        http.shutdown()
    assert len(pd.read_parquet(checkout.root / target)) == 97
    # what was fetched is kept: the server is gone
    again = run(sha256_of(archive), "--forcerun=ingest")
    assert again.returncode == 0, again.stdout[-3000:]
    assert "rule ingest" in again.stdout
    assert "rule download" not in again.stdout


@pytest.mark.parametrize("form", ["table", "matrix", "table alone"])
def test_laeds_from_elsewhere_give_the_same(checkout, tmp_path, form) -> None:
    own = checkout.root / "results/tiny"
    table = tmp_path / "laeds.parquet"
    # without its provenance, as anyone might write it
    frame = pd.read_parquet(own / "toy-whole/short/sites.parquet")
    frame.to_parquet(table)
    matrix = tmp_path / "laeds.npy"
    np.save(matrix, frame.drop(columns=["structure", "atom", "element"]).to_numpy())
    config = json.loads(json.dumps(CONFIG))
    config["study"] = f"ready_{form.replace(' ', '_')}"
    dataset = config["datasets"]["toy"]
    parts = ["whole", "limited"]
    if form == "table alone":
        dataset["source"] = {"path": str(table)}
        dataset["energy_key"] = None
        del config["energy"]
    config["laeds"] = {
        "short": {"family": "ready", "path": str(matrix if form == "matrix" else table)}
    }
    files = [f"toy-{part}/short/descriptors.parquet" for part in parts]
    root = checkout.root / "results" / config["study"]
    result = checkout.snakemake(
        *(f"results/{config['study']}/{file}" for file in files), config=config, check=False
    )
    assert result.returncode == 0, result.stdout[-3000:]
    for file in files:
        found, expected = (pq.read_table(folder / file) for folder in (root, own))
        for ours, theirs in zip(found.columns, expected.columns, strict=True):
            assert_array_equal(ours.to_numpy(), theirs.to_numpy())


def test_families_beside_each_other(checkout) -> None:
    """Each takes from the data set what it needs; an optimal basis is fitted, and told."""
    soap = {"family": "soap", "cutoff": 4.0, "n_max": 2, "l_max": 1, "atom_sigma": 0.5}
    laeds = {
        "chebyshev": {"family": "chebyshev", "n_radial": 2, "n_angular": 1},
        "soap": {**soap, "compression": "nu=1,mu_hat=1"},
        "optimal": {**soap, "compression": "optimal", "u_max": 2},
        "acsf": {
            "family": "acsf",
            "cutoff": 4.0,
            "compression": "weighted",
            "g2": [[0.5, 0.0], [0.5, 2.0]],
            "g4": [[0.05, 1, 1]],
        },
    }
    widths = {"chebyshev": 6, "soap": 12, "optimal": 6, "acsf": 3}
    config = {
        "study": "families",
        "datasets": {"toy": {**CONFIG["datasets"]["toy"], "subsets": {"few": {"every": 3}}}},
        "laeds": laeds,
        "descriptors": {"max_outer": 1, "max_inner": 1},
        "energy": {"linear": {"sigmas": ["100"]}},
    }
    folder = "results/families/toy-few"
    files = [f"{folder}/sweep/{file}" for file in ("settings.csv", "errors.csv", "lengths.svg")]
    result = checkout.snakemake(*files, config=config, check=False)
    assert result.returncode == 0, result.stdout[-5000:]
    assert "Nothing to be done" in checkout.snakemake(*files, config=config).stdout
    folder = checkout.root / folder
    structures = structures_from_table(pq.read_table(folder / "structures.parquet"))
    assert len(structures) == 15
    for name, width in widths.items():
        file = folder / name / "sites.parquet"
        told = read_provenance(file)["settings"]["laed"]
        assert ("weights" in told) == (name == "chebyshev")
        assert ("species" in told) == (name != "chebyshev")
        assert (told.get("basis") is not None) == (name == "optimal")
        # what is told is enough to describe other structures alike
        family = local_family(told)
        assert family.n_components == width
        found = sites_from_table(pq.read_table(file))
        assert found.component_names == family.component_names
        assert_array_equal(found.values, family.compute(structures).values)
    fitted = local_family({**laeds["optimal"], "species": list(ELEMENTS)}).fit(structures)
    told = read_provenance(folder / "optimal/sites.parquet")["settings"]["laed"]
    assert_array_equal(told["basis"], fitted.basis)
    # Σ_115 has 7 columns per component, Σ_100 one
    settings = pd.read_parquet(folder / "sweep/settings.parquet").set_index("laed")
    assert settings["n_columns"].to_dict() == {name: 7 * width for name, width in widths.items()}
    assert settings.loc["acsf", "parameters"].startswith("cutoff 4, compression weighted, g2 [[")
    errors = pd.read_parquet(folder / "sweep/errors.parquet").set_index("laed")
    assert errors["n_columns"].to_dict() == widths
    assert (folder / "sweep/lengths.png").read_bytes().startswith(b"\x89PNG")


def test_a_file_of_another_checksum_is_refused(checkout) -> None:
    config = json.loads(json.dumps(CONFIG))
    config["study"] = "other"
    config["datasets"]["toy"]["source"]["sha256"] = "0" * 64
    target = "results/other/toy.structures.parquet"
    result = checkout.snakemake(target, config=config, check=False)
    found = sha256_of(checkout.root / "toy.xsf.d")
    assert f"ingest: toy.xsf.d: its SHA-256 is {found}, not {'0' * 64}" in result.stdout
    assert not (checkout.root / target).exists()
    config["datasets"]["toy"]["source"]["sha256"] = found
    checkout.snakemake(target, config=config)


def test_missing_data_say_what_to_fetch(checkout) -> None:
    result = checkout.snakemake(
        "--config", "dataset=nbmotaw", config="config/dataset.yaml", check=False, GMD_NBMOTAW="none"
    )
    assert result.returncode != 0
    assert "none/nbmotaw.extxyz.xz: there is no such file or folder. Take the" in result.stdout


def test_a_key_given_twice_is_an_error(checkout) -> None:
    (checkout.root / "twice.yaml").write_text("study: a\ndatasets: [lps]\nstudy: b\n")
    result = checkout.snakemake("-n", config="twice.yaml", check=False)
    assert result.returncode != 0
    assert "line 3: 'study' is given twice; keep one" in result.stdout


def test_bad_input_is_named_and_leaves_nothing(checkout, tmp_path) -> None:
    config = json.loads(json.dumps(CONFIG))
    config["study"] = "bad"
    config["datasets"]["toy"]["source"] = {"path": str(tmp_path / "bad.extxyz")}
    frame = '2\nProperties=species:S:1:pos:R:3 pbc="F F F"\nLi 0 0 0\nLi 0 0 {}\n'
    (tmp_path / "bad.extxyz").write_text(frame.format("2.0") + frame.format("nan"))
    result = checkout.snakemake(config=config, check=False)
    assert result.returncode != 0
    assert "bad.extxyz, structure 1, atom 1: position is not finite" in result.stdout
    assert not list((checkout.root / "results/bad").glob("*.parquet"))


def test_bad_configuration_stops_before_anything_runs(checkout) -> None:
    config = json.loads(json.dumps(CONFIG))
    config["study"] = "unstarted"
    config["laeds"]["paper"]["radial_cutof"] = 5.0
    soap = {"family": "soap", "cutoff": 5.0, "n_max": 2, "l_max": 1, "atom_sigma": 0.5}
    result = checkout.snakemake(config=config, check=False)
    assert result.returncode != 0
    assert "laeds.paper: unknown key radial_cutof" in result.stdout
    # contradictions between right values are the library's to find, and found as early
    config["laeds"]["paper"] = {**soap, "compression": "optimal", "u_max": 99}
    result = checkout.snakemake(config=config, check=False)
    assert result.returncode != 0
    assert "laeds.paper: u_max=99: an optimal radial basis has between 1 and" in result.stdout
    assert not (checkout.root / "results/unstarted").exists()


def test_the_report_names_the_data(checkout) -> None:
    checkout.snakemake("--report", "report.html")
    page = (checkout.root / "report.html").read_text()
    assert "Data: toy, whole set" in page
    assert "Data: ." not in page
