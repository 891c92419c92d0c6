"""Gather the errors of one model over all descriptors."""

from typing import Any

from job import made_by, run

COLUMNS = {
    "lightgbm": {
        "sigma": "str",
        "complexity": "int64",
        "n_estimators": "int64",
        "seed": "int64",
        "mae": "float64",
        "rmse": "float64",
    },
    "linear": {
        "sigma": "str",
        "complexity": "int64",
        "mae": "float64",
        "rank": "int64",
        "interpolating": "bool",
    },
}


def energy(job: Any) -> None:
    import pandas as pd

    from gmd.storage import read_frame, read_provenance, write_parquet

    model = job.wildcards.model
    columns = COLUMNS[model]
    fits = [read_frame(path) for path in job.input]
    frame = pd.concat([fit.loc[fit["model"] == model, list(columns)] for fit in fits])
    fitted = read_provenance(job.input[0])["settings"]
    settings = {"model": fitted["models"][model], "warnings": fitted["warnings"]}
    write_parquet(frame.astype(columns), job.output[0], settings=settings, **made_by(job))


if __name__ == "__main__":
    run(energy)
