"""Draw the comparison of LAED settings, by setting or by length."""

from typing import Any

from job import run, settings_of


def sweep_figure(job: Any) -> None:
    from pathlib import Path

    from gmd.figures import lengths, save, sweep
    from gmd.storage import count_rows, read_frame

    tables = {name: path for name, path in job.input.items() if name != "structures"}
    n_structures = count_rows(job.input.structures)
    settings = settings_of(job)
    drawing = {"sweep": sweep, "lengths": lengths}[job.wildcards.drawing]
    figure = drawing.draw(
        **{name: read_frame(path) for name, path in tables.items()},
        caption=f"{settings['caption']}, N = {n_structures}",
        energies=settings["energies"],
    )
    save(figure, Path(job.output.svg).with_suffix(""))


if __name__ == "__main__":
    run(sweep_figure)
