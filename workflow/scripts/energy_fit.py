"""Fit formation energies with one descriptor."""

from typing import Any

from job import made_by, run, settings_of


def energy_fit(job: Any) -> None:
    import pandas as pd

    from gmd.descriptors import read_features, read_layout
    from gmd.energy import fit_boosted_trees, fit_linear
    from gmd.storage import read_frame, read_provenance, write_parquet

    sigma = job.wildcards.sigma
    models = settings_of(job)["models"]
    frame = read_frame(job.input.formation)
    targets = frame["formation_energy"].to_numpy()
    structures, features = read_features(job.input.descriptors, sigma)
    if structures.tolist() != frame["structure"].tolist():
        raise ValueError("descriptors and formation energies are of different structures")
    fits = []
    if "lightgbm" in models:
        settings = {**models["lightgbm"], "num_threads": job.threads}
        fits.append(fit_boosted_trees(features, targets, **settings).assign(model="lightgbm"))
    if "linear" in models:
        fit = fit_linear(features, targets)
        fits.append(
            pd.DataFrame(
                {
                    "model": ["linear"],
                    "mae": [fit.mae],
                    "rank": [fit.rank],
                    "interpolating": [fit.interpolating],
                }
            )
        )
    result = pd.concat(fits, ignore_index=True)
    result.insert(0, "sigma", sigma)
    result.insert(1, "complexity", read_layout(job.input.descriptors).complexity(sigma))
    warnings = read_provenance(job.input.formation)["settings"]["warnings"]
    settings = {"models": models, "warnings": warnings}
    write_parquet(result, job.output[0], settings=settings, **made_by(job))


if __name__ == "__main__":
    run(energy_fit)
