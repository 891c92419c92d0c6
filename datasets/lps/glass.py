"""Glass-like packings of thiophosphate anions, sulfide and lithium in cubic cells.

Each anion is placed as a rigid unit at random, lithium is strewn between, and the classical model
then relaxes, heats and relaxes the packing at the density of the glass.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from ase import Atoms, units
from ase.md.langevin import Langevin
from ase.md.velocitydistribution import MaxwellBoltzmannDistribution
from ase.optimize import FIRE
from classical import Springs, Thiophosphate
from crystals import sort_by_element
from scipy.spatial.transform import Rotation

BOND_STIFFNESS = 15.0  # eV/Å², 1-2
ANGLE_STIFFNESS = 3.0  # eV/Å², 1-3
CHARGE_SCALE = 0.7  # of the formal charges
PHOSPHORUS_CHARGE = 0.8  # in elementary charges, before scaling


@dataclass(frozen=True)
class Unit:
    """One anion (or molecule): symbols, an ideal geometry, its bonds and its formal charge.

    Attributes
    ----------
    symbols : tuple of str
        Element of each atom.
    positions : numpy.ndarray
        Of shape (n_atoms, 3), in Å; also the rest lengths of all its springs.
    charge : int
        Formal charge in elementary charges.
    bonds : tuple of (int, int)
        Bonded pairs.
    """

    symbols: tuple[str, ...]
    positions: np.ndarray
    charge: int
    bonds: tuple[tuple[int, int], ...]

    @property
    def angles(self) -> tuple[tuple[int, int], ...]:
        """Pairs of atoms that share a neighbour and are not bonded themselves."""
        neighbours: dict[int, set[int]] = {}
        for i, j in self.bonds:
            neighbours.setdefault(i, set()).add(j)
            neighbours.setdefault(j, set()).add(i)
        shared = {
            pair for around in neighbours.values() for pair in combinations(sorted(around), 2)
        }
        return tuple(sorted(shared - {tuple(sorted(bond)) for bond in self.bonds}))


def _directions_around(axis: np.ndarray, *, angle: float, phase: float) -> np.ndarray:
    """Return three unit vectors at `angle` (degrees) from `axis`, 120 degrees apart around it."""
    axis = axis / np.linalg.norm(axis)
    other = np.eye(3)[np.argmin(np.abs(axis))]
    side = np.cross(axis, other)
    side /= np.linalg.norm(side)
    up = np.cross(axis, side)
    polar = np.radians(angle)
    turns = np.radians(phase + np.array([0.0, 120.0, 240.0]))
    return np.cos(polar) * axis + np.sin(polar) * (
        np.cos(turns)[:, None] * side + np.sin(turns)[:, None] * up
    )


def sulfide() -> Unit:
    """S 2-."""
    return Unit(("S",), np.zeros((1, 3)), -2, ())


def orthothiophosphate() -> Unit:
    """PS4 3-, a tetrahedron with P-S 2.05 Å."""
    corners = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) / np.sqrt(3)
    return Unit(
        ("P", "S", "S", "S", "S"),
        np.vstack([np.zeros((1, 3)), 2.05 * corners]),
        -3,
        tuple((0, k) for k in range(1, 5)),
    )


def pyrothiophosphate() -> Unit:
    """P2S7 4-, two tetrahedra sharing a corner; bridge 2.12 Å and 109 degrees, ends 2.02 Å."""
    half = np.radians(109.0 / 2)
    first = 2.12 * np.array([np.sin(half), np.cos(half), 0.0])
    second = 2.12 * np.array([-np.sin(half), np.cos(half), 0.0])
    # The other corners point away from the bridge, which sits at the origin.
    ends_1 = first + 2.02 * _directions_around(first, angle=70.5, phase=0.0)
    ends_2 = second + 2.02 * _directions_around(second, angle=70.5, phase=60.0)
    positions = np.vstack([first, second, np.zeros(3), ends_1, ends_2])
    bonds = ((0, 2), (1, 2), *((0, k) for k in (3, 4, 5)), *((1, k) for k in (6, 7, 8)))
    return Unit(("P", "P", *("S",) * 7), positions, -4, bonds)


def metathiophosphate() -> Unit:
    """P2S6 2-, two tetrahedra sharing an edge; ring P-S 2.14 Å, ends 2.00 Å."""
    half_pp, half_ss = 1.42, 1.585
    ends = np.radians(116.0 / 2)
    reach, rise = 2.00 * np.cos(ends), 2.00 * np.sin(ends)
    positions = np.array(
        [
            [half_pp, 0, 0],
            [-half_pp, 0, 0],
            [0, half_ss, 0],
            [0, -half_ss, 0],
            [half_pp + reach, 0, rise],
            [half_pp + reach, 0, -rise],
            [-half_pp - reach, 0, rise],
            [-half_pp - reach, 0, -rise],
        ]
    )
    bonds = ((0, 2), (0, 3), (1, 2), (1, 3), (0, 4), (0, 5), (1, 6), (1, 7))
    return Unit(("P", "P", *("S",) * 6), positions, -2, bonds)


def hypothiodiphosphate() -> Unit:
    """P2S6 4-, staggered, P-P 2.25 Å and P-S 2.02 Å. Off the composition line."""
    axis = np.array([0.0, 0.0, 1.0])
    first, second = 1.125 * axis, -1.125 * axis
    ends_1 = first + 2.02 * _directions_around(axis, angle=74.0, phase=0.0)
    ends_2 = second + 2.02 * _directions_around(-axis, angle=74.0, phase=180.0)
    positions = np.vstack([first, second, ends_1, ends_2])
    bonds = ((0, 1), *((0, k) for k in (2, 3, 4)), *((1, k) for k in (5, 6, 7)))
    return Unit(("P", "P", *("S",) * 6), positions, -4, bonds)


def phosphorus_pentasulfide() -> Unit:
    """P4S10, the adamantane cage of crystalline P2S5; ring P-S 2.09 Å, ends 1.98 Å."""
    corners = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]], dtype=float)
    # Cage sulfurs on the axes, between two phosphorus atoms each: P at (u, u, u), S at (s, 0, 0).
    u, s = 1.205, 2.42
    cage = np.array([s * sign * axis for axis in np.eye(3) for sign in (1, -1)])
    ends = corners * (u + 1.98 / np.sqrt(3))
    positions = np.vstack([u * corners, cage, ends])
    bonds = [(p, 10 + p) for p in range(4)]
    for p in range(4):
        nearest = np.argsort(np.linalg.norm(cage - u * corners[p], axis=1))[:3]
        bonds.extend((p, 4 + int(k)) for k in nearest)
    return Unit((*("P",) * 4, *("S",) * 10), positions, 0, tuple(bonds))


UNITS = {
    "S": sulfide(),
    "PS4": orthothiophosphate(),
    "P2S7": pyrothiophosphate(),
    "P2S6r": metathiophosphate(),
    "P2S6": hypothiodiphosphate(),
    "P4S10": phosphorus_pentasulfide(),
}


class NotPacked(RuntimeError):
    """No place was found for a unit or an ion."""


def _place(
    rng: np.random.Generator,
    placed: np.ndarray,
    body: np.ndarray,
    *,
    edge: float,
    clearance: float,
    attempts: int = 400,
) -> np.ndarray:
    """Return `body` turned and moved to a place `clearance` (Å) from all of `placed`."""
    for _ in range(attempts):
        turned = body @ Rotation.random(rng=rng).as_matrix().T
        trial = turned + rng.uniform(0, edge, size=3)
        if not len(placed):
            return trial
        gap = trial[:, None] - placed[None]
        gap -= edge * np.round(gap / edge)
        if (gap**2).sum(axis=-1).min() > clearance**2:
            return trial
    raise NotPacked(f"no room left at a clearance of {clearance:.2f} Å")


def _compress(atoms: Atoms, owner: np.ndarray, edge: float) -> None:
    """Change the cubic cell's edge (Å) in place, moving every unit as a whole.

    `owner`, of shape (n_atoms,), is the number of the unit that each atom belongs to; a unit's
    atoms must be images that lie together.
    """
    positions = atoms.get_positions()
    count = np.bincount(owner)
    centres = np.stack([np.bincount(owner, positions[:, k]) / count for k in range(3)], axis=1)
    shift = centres * (edge / atoms.cell[0, 0] - 1.0)
    atoms.set_cell([edge] * 3)
    atoms.set_positions(positions + shift[owner])


def pack(
    units_count: dict[str, int],
    *,
    density: float,
    rng: np.random.Generator,
    temperature: float = 900.0,
    md_steps: int = 700,
) -> Atoms:
    """Return one glass-like structure, relaxed in the classical model.

    Parameters
    ----------
    units_count : dict
        How many of each of `UNITS`; lithium is added until the structure is neutral.
    density : float
        In g/cm³.
    rng : numpy.random.Generator
        Source of all randomness.
    temperature : float
        Of the short molecular dynamics between the two relaxations, in kelvin.
    md_steps : int
        Its number of 2 fs steps.

    Returns
    -------
    ase.Atoms
        In a cubic cell, sorted by element, without a calculator.

    Raises
    ------
    NotPacked
        If the units do not fit.
    """
    names = [name for name, count in units_count.items() for _ in range(count)]
    # Bulky units first: they are the hardest to place.
    names.sort(key=lambda name: -len(UNITS[name].symbols))
    lithium = -sum(UNITS[name].charge for name in names)
    symbols = [symbol for name in names for symbol in UNITS[name].symbols] + ["Li"] * lithium
    atoms = Atoms(symbols, pbc=True)
    edge = float((atoms.get_masses().sum() / units._Nav / density * 1e24) ** (1 / 3))

    # Rigid units do not fit at the density of a glass: they are placed in a larger box.
    box = 1.15 * edge
    for clearance in np.arange(3.0, 1.9, -0.1):
        placed = np.empty((0, 3))
        try:
            for name in names:
                body = UNITS[name].positions - UNITS[name].positions.mean(axis=0)
                new = _place(rng, placed, body, edge=box, clearance=clearance)
                placed = np.vstack([placed, new])
            for _ in range(lithium):
                new = _place(rng, placed, np.zeros((1, 3)), edge=box, clearance=min(clearance, 2.1))
                placed = np.vstack([placed, new])
            break
        except NotPacked:
            continue
    else:
        raise NotPacked(f"{units_count} at {density:.2f} g/cm3")
    atoms.set_cell([box] * 3)
    atoms.set_positions(placed)

    pairs, lengths, stiffness, charges = [], [], [], []
    for name in names:
        unit, start = UNITS[name], len(charges)
        for kind, k in ((unit.bonds, BOND_STIFFNESS), (unit.angles, ANGLE_STIFFNESS)):
            for i, j in kind:
                pairs.append((start + i, start + j))
                lengths.append(np.linalg.norm(unit.positions[i] - unit.positions[j]))
                stiffness.append(k)
        n_p = unit.symbols.count("P")
        on_sulfur = (unit.charge - PHOSPHORUS_CHARGE * n_p) / unit.symbols.count("S")
        charges.extend(PHOSPHORUS_CHARGE if s == "P" else on_sulfur for s in unit.symbols)
    charges = CHARGE_SCALE * np.array(charges + [1.0] * lithium)
    springs = Springs(np.array(pairs), np.array(lengths), np.array(stiffness))

    atoms.calc = Thiophosphate(springs, charges)
    sizes = [len(UNITS[name].symbols) for name in names] + [1] * lithium
    owner = np.repeat(np.arange(len(sizes)), sizes)
    for size in np.linspace(box, edge, 6):
        _compress(atoms, owner, size)
        FIRE(atoms, logfile=None, maxstep=0.1).run(fmax=0.5, steps=60)
    MaxwellBoltzmannDistribution(atoms, temperature_K=temperature, rng=rng)
    Langevin(
        atoms,
        timestep=2.0 * units.fs,
        temperature_K=temperature,
        friction=0.02 / units.fs,
        fixcm=False,
        rng=rng,
    ).run(md_steps)
    FIRE(atoms, logfile=None, maxstep=0.1).run(fmax=0.05, steps=400)
    atoms.calc = None
    relaxed = Atoms(atoms.symbols, positions=atoms.positions, cell=atoms.cell, pbc=True)
    return sort_by_element(relaxed)
