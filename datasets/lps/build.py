"""Make the embedded set of Li-P-S structures with GFN1-xTB energies.

    python build.py --work WORK run --processes 2     # relax, build, compute; may be repeated
    python build.py --work WORK sizes                 # how much the size of the cell matters
    python build.py --work WORK assemble --out ../../src/gmd/structures/data

Every structure's result is a file of its own under WORK, written when it is ready: a run that was
stopped goes on where it ended, and `assemble` takes what there is.
"""

from __future__ import annotations

import os

# One thread per process: set before the numerical libraries are loaded.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import json
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import numpy as np
from ase.io import read, write
from assemble import assemble
from checks import problems
from crystals import Crystal, crystals, shortest_vector, supercell
from energies import NotConverged, energy, relax, rounded
from glass import NotPacked
from plan import Task, build, tasks

#: Largest number of steps, and the force (eV/Å) at which to stop, when a crystal is relaxed.
CRYSTAL_STEPS = 30
CRYSTAL_FORCE = 0.10

#: Shortest lattice vectors (Å) of the cells in which crystals are compared.
SIZES = {"Li2S": (12.0, 13.2, 14.1, 16.0), "Li4P2S6": (12.0, 13.3), "Li7PS6": (12.0, 14.1)}


def relaxed_crystal(crystal: Crystal, folder: Path) -> None:
    """Relax the atoms of one crystal in its literature cell and write the unit cell.

    The relaxation runs in a supercell of at least 12 Å; the copies of each atom of the unit cell
    are then averaged, which takes out what the optimiser left of broken translational symmetry.
    """
    target = folder / f"{crystal.name}.extxyz"
    if target.exists():
        return
    unit = crystal.atoms.copy()
    unit.set_array("site", np.arange(len(unit)))
    big = supercell(unit, shortest=12.0)
    start = time.process_time()
    moved = relax(
        big,
        steps=CRYSTAL_STEPS,
        force=CRYSTAL_FORCE,
        logfile=str(folder / f"{crystal.name}.log"),
    )
    displacement = moved.get_positions() - big.get_positions()
    site = big.get_array("site")
    for k in range(len(unit)):
        unit.positions[k] += displacement[site == k].mean(axis=0)
    del unit.arrays["site"]
    unit.info = {
        "name": crystal.name,
        "largest_displacement": float(np.linalg.norm(displacement, axis=1).max()),
        "cpu_seconds": time.process_time() - start,
    }
    part = target.with_suffix(".part")
    write(part, unit, format="extxyz")
    part.rename(target)


def make(task: Task, work: Path) -> str:
    """Build one structure, compute its energy and write the result; return what became of it."""
    target = work / "structures" / f"{task.name}.extxyz"
    dropped = target.with_suffix(".json")
    if target.exists() or dropped.exists():
        return "present"
    start = time.process_time()
    reason = None
    try:
        atoms = rounded(build(task, work / "crystals"))
        found = problems(atoms, family=task.family)
        if found:
            reason = f"geometry: {found[0]}"
        else:
            total, largest = energy(atoms)
    except (NotConverged, NotPacked) as error:
        reason = f"{type(error).__name__}: {error}"
    if reason is not None:
        record = {"name": task.name, "family": task.family, "parent": task.parent}
        dropped.write_text(json.dumps({**record, "reason": reason}) + "\n")
        return f"dropped, {reason}"
    atoms.info = {
        "name": task.name,
        "family": task.family,
        "parent": task.parent,
        "total_energy": total,
        "largest_force": largest,
        "cpu_seconds": time.process_time() - start,
    }
    part = target.with_suffix(".part")
    write(part, atoms, format="extxyz")
    part.rename(target)
    return f"{len(atoms)} atoms, {total / len(atoms):.4f} eV/atom"


def run(work: Path, *, processes: int, families: list[str] | None) -> None:
    """Relax the crystals, then make every structure of the plan that has no result yet."""
    (work / "crystals").mkdir(parents=True, exist_ok=True)
    (work / "structures").mkdir(parents=True, exist_ok=True)
    known = crystals()
    with ProcessPoolExecutor(processes) as pool:
        if families is None or not set(families) <= {"glass", "strained-glass"}:
            for job in [pool.submit(relaxed_crystal, c, work / "crystals") for c in known]:
                job.result()
        todo = tasks([c.name for c in known])
        if families is not None:
            todo = [task for task in todo if task.family in families]
        jobs = {pool.submit(make, task, work): task for task in todo}
        for count, job in enumerate(as_completed(jobs), start=1):
            print(f"{count}/{len(jobs)} {jobs[job].name}: {job.result()}", flush=True)


def sizes(work: Path) -> None:
    """Compute relaxed crystals in cells of two or more sizes, for the README's error estimate."""
    rows = []
    for name, lengths in SIZES.items():
        for shortest in lengths:
            atoms = rounded(
                supercell(read(work / "crystals" / f"{name}.extxyz"), shortest=shortest)
            )
            total, _ = energy(atoms)
            row = {"crystal": name, "atoms": len(atoms), "energy_per_atom": total / len(atoms)}
            row["shortest"] = shortest_vector(np.asarray(atoms.cell))
            rows.append(row)
            print(row, flush=True)
    (work / "sizes.json").write_text(json.dumps(rows, indent=1) + "\n")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--work", type=Path, required=True, help="folder for results, kept")
    commands = parser.add_subparsers(dest="command", required=True)
    runner = commands.add_parser("run", help="relax, build and compute what is not there yet")
    runner.add_argument("--processes", type=int, default=2)
    runner.add_argument("--families", nargs="*", help="only these, e.g. glass")
    commands.add_parser("sizes", help="energies of crystals in cells of several sizes")
    writer = commands.add_parser("assemble", help="write the data file and its README")
    writer.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    if arguments.command == "run":
        run(arguments.work, processes=arguments.processes, families=arguments.families)
    elif arguments.command == "sizes":
        sizes(arguments.work)
    else:
        assemble(arguments.work, arguments.out)


if __name__ == "__main__":
    main()
