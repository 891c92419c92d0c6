"""Draw one figure from its tables."""

from typing import Any

from job import run, settings_of


def figure(job: Any) -> None:
    import inspect
    from importlib import import_module
    from pathlib import Path

    from gmd.figures import constant_columns, save
    from gmd.storage import count_rows, read_frame

    of_data = ("structures", "counted")
    tables = {name: path for name, path in job.input.items() if name not in of_data}
    frames = {name: read_frame(path) for name, path in tables.items()}
    n_structures = count_rows(job.input.structures)
    draw = import_module(f"gmd.figures.{job.wildcards.figure}").draw
    settings = settings_of(job)
    caption = f"{settings['caption']}, N = {n_structures}"
    caption += constant_columns(read_frame(job.input.counted))
    options: dict[str, Any] = {}
    if "names" in inspect.signature(draw).parameters:
        caption = settings["title"]  # two sets are shown, each named on its panels
        parts = (job.wildcards.part, settings["limited"])
        names = tuple(f"{part.split('-')[-1]} set" for part in parts)
        counts = (constant_columns(frames[n]) for n in ("ranking", "limited_ranking"))
        caption += "".join(f", {n}{c}" for n, c in zip(names, counts, strict=True) if c)
        options["names"] = names
    save(draw(**frames, caption=caption, **options), Path(job.output.svg).with_suffix(""))


if __name__ == "__main__":
    run(figure)
