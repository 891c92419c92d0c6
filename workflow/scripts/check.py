"""Make sure that the results are those of the configuration, at the end of every run."""

from typing import Any

from job import run


def check(job: Any) -> None:
    import sys

    from check_results import check_study, leftovers_told
    from memory import UNLIMITED
    from study import Study

    study = Study(job.config, memory=UNLIMITED)
    check_study(study)
    if others := leftovers_told(study):
        print(others, file=sys.__stderr__)


if __name__ == "__main__":
    run(check)
