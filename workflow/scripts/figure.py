"""Draw one figure from its tables."""

from typing import Any

from job import run


def figure(job: Any) -> None:
    import inspect
    from importlib import import_module
    from pathlib import Path

    import pandas as pd

    from gmd.figures import save

    frames = {name: pd.read_parquet(path) for name, path in job.input.items()}
    draw = import_module(f"gmd.figures.{job.wildcards.figure}").draw
    caption = job.params.caption
    options: dict[str, Any] = {}
    if "names" in inspect.signature(draw).parameters:
        options["names"] = tuple(f"{name} set" for name in job.params.subsets[:2])
    save(draw(**frames, caption=caption, **options), Path(job.output.svg).with_suffix(""))


if __name__ == "__main__":
    run(figure)
