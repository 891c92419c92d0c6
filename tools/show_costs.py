"""Print what every step of a study took, from the benchmark files that its run wrote.

./run python tools/show_costs.py results/lps
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd


def costs(study: Path) -> pd.DataFrame:
    """Sum the benchmarks of a study by rule.

    Parameters
    ----------
    study : Path
        The study's folder under ``results/``.

    Returns
    -------
    pandas.DataFrame
        For every rule: number of jobs, summed and longest wall time (s), summed processor time
        (s) and peak resident memory of one job (MiB).

    Raises
    ------
    FileNotFoundError
        Where the folder holds no benchmarks.
    """
    files = sorted((study / "benchmarks").glob("*/*.tsv"))
    if not files:
        raise FileNotFoundError(f"{study} holds no benchmarks: run the study first")
    jobs = pd.concat(
        pd.read_csv(file, sep="\t", na_values="-").assign(rule=file.parent.name) for file in files
    )
    by_rule = jobs.groupby("rule")
    return pd.DataFrame(
        {
            "jobs": by_rule.size(),
            "wall_s": by_rule["s"].sum(),
            "longest_s": by_rule["s"].max(),
            "cpu_s": by_rule["cpu_time"].sum(),
            "peak_MiB": by_rule["max_rss"].max(),
        }
    )


def main() -> None:
    """Print the table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("study", type=Path, help="folder of a study, such as results/lps")
    table = costs(parser.parse_args().study)
    print("| " + " | ".join(["rule", *table.columns]) + " |")
    print("|---" * (1 + len(table.columns)) + "|")
    for rule, row in table.iterrows():
        cells = [f"{row['jobs']:.0f}", *(f"{value:.1f}" for value in row.iloc[1:])]
        print("| " + " | ".join([str(rule), *cells]) + " |")


if __name__ == "__main__":
    main()
