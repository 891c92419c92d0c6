"""Draw one figure from its tables."""

from typing import Any

from job import run


def figure(job: Any) -> None:
    import inspect
    from importlib import import_module
    from pathlib import Path

    import pandas as pd
    import pyarrow.parquet as pq

    from gmd.figures import constant_columns, save

    of_data = ("structures", "counted")
    tables = {name: path for name, path in job.input.items() if name not in of_data}
    frames = {name: pd.read_parquet(path) for name, path in tables.items()}
    n_structures = pq.read_metadata(job.input.structures).num_rows
    draw = import_module(f"gmd.figures.{job.wildcards.figure}").draw
    caption = f"{job.params.caption}, N = {n_structures}"
    caption += constant_columns(pd.read_parquet(job.input.counted))
    options: dict[str, Any] = {}
    if "names" in inspect.signature(draw).parameters:
        caption = job.params.title  # two sets are shown, each named on its panels
        parts = (job.wildcards.part, job.params.limited)
        names = tuple(f"{part.split('-')[-1]} set" for part in parts)
        counts = (constant_columns(frames[n]) for n in ("ranking", "limited_ranking"))
        caption += "".join(f", {n}{c}" for n, c in zip(names, counts, strict=True) if c)
        options["names"] = names
    save(draw(**frames, caption=caption, **options), Path(job.output.svg).with_suffix(""))


if __name__ == "__main__":
    run(figure)
