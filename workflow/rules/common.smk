# What all rules share: the study behind the configuration, and the settings that jobs inherit.
import sys
from pathlib import Path

PROJECT = Path(workflow.basedir).resolve()
PROJECT = PROJECT if (PROJECT / "src").is_dir() else PROJECT.parent
sys.path.insert(0, str(PROJECT / "workflow"))

from environment import share_with_jobs

share_with_jobs(PROJECT)

from snakemake.exceptions import WorkflowError
from checking import ConfigError, load_yaml
from sources import script_digest
from memory import job_memory
from parts import DOWNLOADS
from run_lock import StudyInUseError, begin_run
from study import FIGURE_TABLES, Study

try:
    for configfile in workflow.configfiles:
        load_yaml(
            Path(configfile)
        )  # keys given twice are lost by the time they get here
    study = Study(
        config, memory=job_memory(workflow.resource_settings.overwrite_resources)
    )
except ConfigError as error:
    raise WorkflowError(str(error))

ENVIRONMENT = str(PROJECT / "envs" / "gmd.yaml")
RESULTS = f"results/{study.name}"
PART = f"{RESULTS}/{{part}}"
SPACE = f"{PART}/{{laed}}"
SWEEP = f"{PART}/sweep"
LOG = f"{RESULTS}/logs"
BENCHMARK = f"{RESULTS}/benchmarks"


wildcard_constraints:
    dataset="|".join(study.config["datasets"]),
    part="|".join(study.parts),
    laed="|".join(study.laed_names),
    sigma="|".join(study.notation.labels),


def part_of(wildcards):
    return study.parts[wildcards.part]


def source_files(wildcards):
    """Files of a data set; where they are missing, what to do about it."""
    paths = study.source_paths(wildcards.dataset)
    for path in paths:
        if path not in study.downloads and not Path(path).exists():
            fetch = study.config["datasets"][wildcards.dataset]["fetch"].strip()
            raise WorkflowError(
                f"{Path(path).absolute()}: there is no such file or folder. {fetch or 'Correct the path.'}"
            )
    return paths


def ready_sites(wildcards):
    """LAEDs from elsewhere and the structures that they were computed for, where that is so."""
    path = study.ready_sites(wildcards.part, wildcards.laed)
    if path and not Path(path).exists():
        raise WorkflowError(
            f"laeds.{wildcards.laed}: {Path(path).absolute()}: there is no such file. Correct the path."
        )
    whole = f"{RESULTS}/{part_of(wildcards).dataset}.structures.parquet"
    return {"ready": path, "whole": whole} if path else {}


def figure_tables(wildcards):
    """The tables that a figure is drawn from, by the names of its arguments."""
    files = study.table_files(wildcards.part, wildcards.laed)
    return {table: files[table] for table in FIGURE_TABLES[wildcards.figure]}


def swept_laeds(wildcards):
    return study.swept_laeds(wildcards.part)


def of_settings(wildcards, file):
    """A file of every compared LAED setting, in the order of the settings."""
    folders = [f"{RESULTS}/{wildcards.part}/{laed}" for laed in swept_laeds(wildcards)]
    return [f"{folder}/{file}" for folder in folders]


def of_fits(wildcards, model):
    """Fits of one model with every compared setting, none where they are not asked for."""
    there = study.fitted_sigmas(model)
    return of_settings(wildcards, f"energy/{model}.parquet") if there else []


def sweep_errors(wildcards):
    """Errors of energies that the comparison of settings shows, where there are fits."""
    part = study.sweep_energy_part(wildcards.part)
    return {"errors": f"{RESULTS}/{part}/sweep/errors.parquet"} if part else {}
