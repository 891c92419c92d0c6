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
from data_files import data_param
from memory import job_memory
from parts import DOWNLOADS
from run_lock import StudyInUseError, begin_run
from steps import Steps
from study import DRAWINGS, Study

try:
    for configfile in workflow.configfiles:
        load_yaml(
            Path(configfile)
        )  # keys given twice are lost by the time they get here
    study = Study(
        config, memory=job_memory(workflow.resource_settings.overwrite_resources)
    )
    steps = Steps(study)
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


def step_of(rule):
    """What a rule's result depends on: all settings, those of the steps before it included.

    It is the only setting of a rule, since Snakemake compares parameters as a set of values: two that
    change places would not be noticed.
    """
    return lambda wildcards: steps(rule, **dict(wildcards.items())).as_param()


def missing(path, advice):
    return WorkflowError(
        f"{Path(path).absolute()}: there is no such file or folder. {advice or 'Correct the path.'}"
    )


def downloaded_files(wildcards):
    """Files of a data set that are downloaded first."""
    return [p for p in study.source_paths(wildcards.dataset) if p in study.downloads]


def source_data(wildcards):
    """Files of a data set that a user has; if they are missing, what to do about it."""
    paths = study.source_paths(wildcards.dataset)
    paths = [path for path in paths if path not in study.downloads]
    for path in paths:
        if not Path(path).exists():
            raise missing(
                path, study.config["datasets"][wildcards.dataset]["fetch"].strip()
            )
    return data_param(paths)


def ready_data(wildcards):
    """The file of LAEDs from elsewhere, if they are."""
    path = study.ready_sites(wildcards.part, wildcards.laed)
    if path and not Path(path).exists():
        raise missing(path, f"Correct laeds.{wildcards.laed}.path.")
    return data_param([path] if path else [])


def whole_structures(wildcards):
    """All structures of a data set, in the order of LAEDs from elsewhere, if there are any."""
    path = f"{RESULTS}/{part_of(wildcards).dataset}.structures.parquet"
    ready = study.ready_sites(wildcards.part, wildcards.laed)
    return {"whole": path} if ready else {}


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
