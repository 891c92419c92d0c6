"""The list of structures to make: what each is called, what it is made from and how.

Every random choice is drawn from a generator seeded with the structure's own name, so that a
structure does not depend on which others were made before it.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from ase.io import read
from crystals import supercell
from energies import SHORTEST_VECTOR
from glass import pack
from variants import (
    deformed,
    dimers_moved,
    perturbed,
    random_deformation,
    scaled,
    without,
    without_lithium_sulfide,
    without_phosphorus_sulfide,
)

if TYPE_CHECKING:
    from ase import Atoms

SEED = 20230917

#: Families of structures, in the order of the file, and what each is.
FAMILIES = {
    "crystal": "known crystals, relaxed",
    "strained": "crystals with every length scaled by 0.85 to 1.15 (Li4P2S6: from 0.90)",
    "sheared": "crystals with normal strains up to 6 % and shears up to 5 %",
    "perturbed": "crystals with Gaussian noise of 0.03 to 0.16 Å, half in a lattice scaled by up "
    "to 5 %; Li4P2S6 also with its columns of P-P dimers at random heights, noise of 0.05 Å",
    "vacancy": "crystals less one to four Li2S, or one or two P2S5, noise of 0.05 Å",
    "depleted": "crystals less a few Li, S or both in other ratios, noise of 0.05 Å",
    "glass": "glass-like packings of thiophosphate units, relaxed in the classical model",
    "strained-glass": "glass-like packings with every length scaled by 1.02 to 1.16",
}

#: Scales of the lattice, relative to the literature cell.
SCALES = (0.85, 0.875, 0.90, 0.925, 0.95, 0.97, 0.985, 1.015, 1.03, 1.05, 1.075, 1.10, 1.125, 1.15)

#: Glasses on the composition line: units per cell, density in g/cm³, how many packings.
GLASSES = {
    "glass-x000": ({"P4S10": 6}, 2.00, 6),
    "glass-x050": ({"P2S6r": 8}, 1.94, 12),
    "glass-x055": ({"P2S7": 2, "P2S6r": 7}, 1.94, 8),
    "glass-x060": ({"P2S7": 4, "P2S6r": 4}, 1.93, 12),
    "glass-x065": ({"P2S7": 6, "P2S6r": 1}, 1.92, 10),
    "glass-x067": ({"P2S7": 7}, 1.92, 10),
    "glass-x067-mixed": ({"PS4": 4, "P2S7": 3, "P2S6r": 2}, 1.92, 6),
    "glass-x070": ({"PS4": 5, "P2S7": 5}, 1.90, 12),
    "glass-x072": ({"PS4": 8, "P2S7": 3}, 1.89, 8),
    "glass-x075": ({"PS4": 12}, 1.88, 12),
    "glass-x075-mixed": ({"PS4": 8, "P2S7": 2, "S": 2}, 1.87, 6),
    "glass-x080": ({"PS4": 10, "S": 5}, 1.82, 14),
    "glass-x085": ({"PS4": 9, "S": 12}, 1.76, 8),
    "glass-x087": ({"PS4": 7, "S": 14}, 1.74, 8),
}

#: Glasses near the line: hypothiodiphosphate, with its P-P bond, has less sulfur than the line.
GLASSES_OFF_LINE = {
    "glass-P2S6": ({"P2S6": 8}, 1.93, 6),
    "glass-PS4-P2S6": ({"PS4": 7, "P2S6": 3}, 1.90, 8),
    "glass-PS4-rich": ({"PS4": 10, "P2S6": 1}, 1.89, 6),
    "glass-P2S7-P2S6": ({"P2S7": 5, "P2S6": 2}, 1.92, 8),
}


@dataclass(frozen=True)
class Task:
    """One structure to make.

    Attributes
    ----------
    name : str
        Unique; also the file name of its result and the seed of its random choices.
    family : str
        How it was made: crystal, strained, sheared, perturbed, vacancy, depleted, glass or
        strained-glass.
    parent : str
        The crystal, or the kind of glass, it was made from.
    recipe : dict
        What `build` needs to make it.
    """

    name: str
    family: str
    parent: str
    recipe: dict = field(default_factory=dict)

    def rng(self) -> np.random.Generator:
        """Return the structure's own random generator."""
        return np.random.default_rng([SEED, zlib.crc32(self.name.encode())])


def tasks(parents: list[str]) -> list[Task]:
    """Return every structure of the set, in an order in which any first part is balanced."""
    by_family: dict[str, list[Task]] = {}

    def add(family: str, parent: str, label: str, **recipe: object) -> None:
        name = f"{parent}_{family}_{label}"
        by_family.setdefault(family, []).append(Task(name, family, parent, recipe))

    for parent in parents:
        on_line = parent != "Li4P2S6"
        # The energy of Li2S depends on the cell's size the most: larger cells for it.
        least = 13.2 if parent == "Li2S" else 12.0
        # The Li3PS4 cells are the largest, and their variants the dearest: fewer of them.
        dear = parent.endswith("Li3PS4")
        # Cells of one strain curve are the same supercell, so that its size cancels.
        smallest = SCALES[0] if parent != "Li4P2S6" else 0.90
        room = SHORTEST_VECTOR / smallest
        add("crystal", parent, "0", shortest=room)
        if parent == "Li4P2S6":
            # With noise: the arrangements alone differ only beyond 6 Å, too far for descriptors.
            for k in range(6):
                add(
                    "perturbed",
                    parent,
                    f"disordered-{k}",
                    shortest=12.0,
                    disorder=True,
                    displacement=0.05,
                    scale_range=0.0,
                )
        for scale in SCALES:
            if scale >= smallest:
                add("strained", parent, f"{scale:.3f}", shortest=room, scale=scale)
        for k in range(6):
            add("sheared", parent, f"{k}", shortest=13.2)
        for k in range(12):
            if dear and k % 3 == 2:
                continue
            # Two each of six sizes; half of them in a lattice that is scaled as well.
            displacement = (0.03, 0.06, 0.09, 0.11, 0.13, 0.16)[k // 2]
            add(
                "perturbed",
                parent,
                f"{displacement:.2f}-{k % 2}",
                shortest=max(least, 12.0 if k % 2 == 0 else 12.6),
                displacement=displacement,
                scale_range=0.05 * (k % 2),
            )
        if on_line:
            for k in range(5 if dear else 14 if parent == "Li7PS6" else 8):
                if parent != "Li2S":
                    units = 1 + k % 4
                    add("vacancy", parent, f"{units}Li2S-{k}", lithium_sulfide=units)
                    if k < (3 if dear else 12):
                        units = 1 + k % 2
                        add("vacancy", parent, f"{units}P2S5-{k}", phosphorus_sulfide=units)
                else:
                    units = 1 + k % 4
                    add(
                        "vacancy",
                        parent,
                        f"{units}Li2S-{k}",
                        shortest=least,
                        lithium_sulfide=units,
                    )
        for k in range(3 if dear else 6):
            for label, remove in (
                ("Li", {"Li": 1 + k % 4}),
                ("S", {"S": 1 + k % 2}),
                ("LiS", {"Li": 1 + k // 2, "S": 1 + k // 2}),
            ):
                if label != "S" or k < 4:
                    add("depleted", parent, f"{label}-{k}", shortest=least, remove=remove)

    for kinds in (GLASSES, GLASSES_OFF_LINE):
        for parent, (units, density, copies) in kinds.items():
            for k in range(copies):
                add("glass", parent, f"{k}", units=units, density=density)
    for parent in ("glass-x060", "glass-x070", "glass-x075", "glass-x080"):
        units, density, _ = GLASSES[parent]
        for k, scale in enumerate((1.02, 1.05, 1.08, 1.12, 1.16)):
            add("strained-glass", parent, f"{k}", units=units, density=density, scale=scale)

    # Interleaved evenly, so that an unfinished run still holds every family and parent.
    # The dear ones are put off a little: they are the ones to lose.
    def late(task: Task) -> float:
        if task.parent.endswith("Li3PS4"):
            return 0.4 if task.family in ("crystal", "strained") else 0.8
        return 0.6 if (task.parent, task.family) == ("Li4P2S6", "sheared") else 0.0

    place = [
        (late(task) + (1 - late(task)) * (k + 0.5) / len(members), family, task)
        for family, members in by_family.items()
        for k, task in enumerate(
            members[i] for i in np.random.default_rng(SEED).permutation(len(members))
        )
    ]
    ordered = [task for _, _, task in sorted(place, key=lambda item: item[:2])]
    names = [task.name for task in ordered]
    if len(set(names)) != len(names):
        raise ValueError("two structures of the plan have the same name")
    return ordered


@lru_cache(maxsize=64)
def _supercell(path: Path, shortest: float) -> Atoms:
    return supercell(read(path), shortest=shortest)


def build(task: Task, crystals: Path) -> Atoms:
    """Return the structure of a task; `crystals` is the folder of the relaxed unit cells."""
    rng, recipe = task.rng(), task.recipe
    if task.family == "glass":
        return pack(recipe["units"], density=recipe["density"] * rng.uniform(0.96, 1.04), rng=rng)
    if task.family == "strained-glass":
        return scaled(pack(recipe["units"], density=recipe["density"], rng=rng), recipe["scale"])
    path = crystals / f"{task.parent}.extxyz"
    atoms = _supercell(path, recipe.get("shortest", SHORTEST_VECTOR)).copy()
    if recipe.get("disorder"):
        atoms = dimers_moved(atoms, axis=np.asarray(read(path).cell)[2], rng=rng)
    if task.family == "strained":
        return scaled(atoms, recipe["scale"])
    if task.family == "sheared":
        return deformed(atoms, random_deformation(rng))
    if task.family == "perturbed":
        scale = 1.0 + rng.uniform(-1, 1) * recipe["scale_range"]
        return perturbed(scaled(atoms, scale), displacement=recipe["displacement"], rng=rng)
    if task.family == "vacancy":
        if "lithium_sulfide" in recipe:
            atoms = without_lithium_sulfide(atoms, units=recipe["lithium_sulfide"], rng=rng)
        else:
            atoms = without_phosphorus_sulfide(atoms, units=recipe["phosphorus_sulfide"], rng=rng)
        return perturbed(atoms, displacement=0.05, rng=rng)
    if task.family == "depleted":
        atoms = without(atoms, remove=recipe["remove"], rng=rng)
        return perturbed(atoms, displacement=0.05, rng=rng)
    return atoms
