"""Fetch a data set's file and check it."""

from typing import Any

from job import run


def download(job: Any) -> None:
    from gmd.structures import download_file

    download_file(job.params.url, job.output[0], sha256=job.params.sha256, progress=True)


if __name__ == "__main__":
    run(download)
