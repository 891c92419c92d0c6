"""Draw the comparison of LAED settings, by setting or by length."""

from typing import Any

from job import run


def sweep_figure(job: Any) -> None:
    from pathlib import Path

    import pandas as pd
    import pyarrow.parquet as pq

    from gmd.figures import lengths, save, sweep

    tables = {name: path for name, path in job.input.items() if name != "structures"}
    n_structures = pq.read_metadata(job.input.structures).num_rows
    drawing = {"sweep": sweep, "lengths": lengths}[job.wildcards.drawing]
    figure = drawing.draw(
        **{name: pd.read_parquet(path) for name, path in tables.items()},
        caption=f"{job.params.caption}, N = {n_structures}",
        energies=job.params.energies,
    )
    save(figure, Path(job.output.svg).with_suffix(""))


if __name__ == "__main__":
    run(sweep_figure)
