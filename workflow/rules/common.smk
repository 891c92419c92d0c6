# What all rules share: the study behind the configuration, and the settings that jobs inherit.
import sys
from pathlib import Path

PROJECT = Path(workflow.basedir).resolve()
PROJECT = PROJECT if (PROJECT / "src").is_dir() else PROJECT.parent
sys.path.insert(0, str(PROJECT / "workflow"))

from environment import share_with_jobs

share_with_jobs(PROJECT)

from snakemake.exceptions import WorkflowError
from sources import script_digest
from study import FIGURE_TABLES, ConfigError, Study

try:
    study = Study(config)
except ConfigError as error:
    raise WorkflowError(str(error))

ENVIRONMENT = str(PROJECT / "envs" / "gmd.yaml")
RESULTS = f"results/{study.name}"
PART = f"{RESULTS}/{{part}}"
SPACE = f"{PART}/{{laed}}"
LOG = f"{RESULTS}/logs"
BENCHMARK = f"{RESULTS}/benchmarks"


wildcard_constraints:
    dataset="|".join(study.config["datasets"]),
    part="|".join(study.parts),
    laed="|".join(study.laeds),
    sigma="|".join(study.notation.labels),


def part_of(wildcards):
    return study.parts[wildcards.part]


def figure_tables(wildcards):
    """The tables that a figure is drawn from, by the names of its arguments."""
    files = study.table_files(wildcards.part, wildcards.laed)
    return {table: files[table] for table in FIGURE_TABLES[wildcards.figure]}
