"""A copy of the project on which the workflow is run, with a small data set."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ase
import ase.io
import numpy as np
import yaml

from common import ELEMENTS

CHECKOUT = Path(__file__).resolve().parents[1]
SIGMAS = ["100", "232", "555"]
CONFIG: dict[str, Any] = {
    "study": "tiny",
    "datasets": {
        "toy": {
            "source": {"path": "toy.xsf.d", "pattern": "*.xsf"},
            "elements": list(ELEMENTS),
            "weights": {"Li": -1, "P": 0, "S": 1},
            "subsets": {"whole": {}, "limited": {"end_members": ["Li2S", "P2S5"]}},
        }
    },
    "laeds": {
        "paper": {"family": "chebyshev", "n_radial": 6, "n_angular": 3},
        "short": {"family": "chebyshev", "radial_cutoff": 4.0, "n_radial": 3, "n_angular": 2},
    },
    "energy": {
        "lightgbm": {
            "sigmas": SIGMAS,
            "n_estimators": [2, 4, 6, 8],
            "seeds": [0, 1],
            "min_data_in_leaf": 2,
        },
        "linear": {"sigmas": SIGMAS},
    },
    "comparison": {"claims": "all"},
    "recommendation": {"resamples": 50, "subsets": {"fractions": [0.5], "repeats": 2}},
}


def write_xsf(path: Path, atoms: ase.Atoms, energy: float) -> None:
    ase.io.write(path, atoms, format="xsf")
    path.write_text(f"# total energy = {energy:.8f} eV\n\n{path.read_text()}")


def make_structures(folder: Path) -> None:
    """Small Li-P-S cells as XSF files; every third one is off the line."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    for number in range(45):
        formula = ("Li3PS4", "Li7PS6", "Li4P2S6")[number % 3]
        edge = 7.0 + rng.uniform(0, 1)
        atoms = ase.Atoms(formula, cell=np.diag([edge, edge + 0.4, edge + 0.9]), pbc=True)
        grid = np.stack(np.meshgrid(*[np.arange(3) / 3] * 3), axis=-1).reshape(-1, 3)
        chosen = rng.permutation(len(grid))[: len(atoms)]
        atoms.set_scaled_positions(grid[chosen] + rng.uniform(-0.05, 0.05, (len(atoms), 3)))
        energy = -3.0 * len(atoms) + rng.normal(scale=0.2)
        write_xsf(folder / f"structure{number}.xsf", atoms, energy)


class Checkout:
    """A copy of the project with a data set, on which Snakemake can be run."""

    def __init__(self, root: Path, *, make: bool = True) -> None:
        self.root = root
        if not make:
            return
        for name in ("Snakefile", "workflow", "envs", "config"):
            source = CHECKOUT / name
            copy = shutil.copytree if source.is_dir() else shutil.copy2
            copy(source, root / name)
        # compiled code is found again under the same path only
        (root / "src").symlink_to(CHECKOUT / "src")
        make_structures(root / "toy.xsf.d")

    def snakemake(
        self,
        *arguments: str,
        config: dict[str, Any] | str = CONFIG,
        check: bool = True,
        **environment: str,
    ) -> subprocess.CompletedProcess[str]:
        file = config if isinstance(config, str) else "study.yaml"
        if not isinstance(config, str):
            (self.root / file).write_text(yaml.safe_dump(config, sort_keys=False))
        command = [sys.executable, "-m", "snakemake", "--configfile", file]
        if not any(a.startswith("--cores") for a in arguments):
            command += ["--cores=2"]
        return subprocess.run(
            [*command, "--scheduler=greedy", *arguments],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": "", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=check,
        )

    def due(self, config: dict[str, Any] = CONFIG) -> set[tuple[str, str]]:
        """Rules that would run, each with the folder of its first output.

        Without the two that say nothing of results: the configuration, which is kept whenever it
        changes, and the check, which ends every run.
        """
        output = self.snakemake("--dry-run", "--quiet=progress", config=config).stdout
        found = set()
        rule = ""
        for line in output.splitlines():
            if line.startswith(("rule ", "localrule ")):
                rule = line.split()[1].rstrip(":")
            if line.strip().startswith("output: ") and rule != "configuration":
                found.add((rule, line.split("output: ")[1].split(",")[0].rsplit("/", 1)[0]))
        return found

    @contextmanager
    def edited(self, file: str) -> Iterator[None]:
        """The project with one of the library's files changed."""
        sources = self.root / "src"
        sources.unlink()
        try:
            shutil.copytree(CHECKOUT / "src", sources)
            path = self.root / file
            path.write_text(path.read_text() + "\n# changed\n")
            yield
        finally:
            shutil.rmtree(sources)
            sources.symlink_to(CHECKOUT / "src")


@contextmanager
def kept(*paths: Path) -> Iterator[None]:
    """Put files back as they were in the end, dates included: Snakemake goes by these."""
    before = {path: (path.read_bytes(), path.stat()) for path in paths}
    try:
        yield
    finally:
        for path, (contents, status) in before.items():
            path.parent.mkdir(parents=True, exist_ok=True)  # Snakemake removes empty folders
            path.write_bytes(contents)
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
