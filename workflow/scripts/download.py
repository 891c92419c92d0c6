"""Fetch a data set's file and check it."""

from typing import Any

from job import run


def download(job: Any) -> None:
    from pathlib import Path

    from gmd.structures import download_file
    from run_lock import held_folder

    path = Path(job.output[0])
    with held_folder(path.parent):  # other studies fetch the same file
        for other in path.parent.iterdir():
            if other != path and other.is_file():  # left by a job that was killed
                other.unlink()
        download_file(job.params.url, path, sha256=job.params.sha256, progress=True)


if __name__ == "__main__":
    run(download)
