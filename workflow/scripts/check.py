"""Make sure that the results are those of the configuration, at the end of every run."""

from typing import Any

from job import run


def check(job: Any) -> None:
    from check_results import check_study
    from memory import UNLIMITED
    from study import Study

    check_study(Study(job.config, memory=UNLIMITED))


if __name__ == "__main__":
    run(check)
