"""Write the shipped data file and its README from the results of a run."""

from __future__ import annotations

import json
import lzma
from collections import Counter
from importlib.metadata import version
from io import StringIO
from pathlib import Path

import numpy as np
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator
from ase.formula import Formula
from ase.io import read, write
from checks import BOND, NEAREST_SULFUR, SHORTEST_DISTANCE, TETRAHEDRAL, problems
from crystals import Crystal, crystals, shortest_vector
from energies import DECIMALS, SETTINGS, SHORTEST_VECTOR
from plan import FAMILIES, GLASSES, GLASSES_OFF_LINE, SEED, Task, tasks

DATA_FILE = "lps.extxyz.xz"


def counts(atoms: Atoms) -> tuple[int, int, int]:
    """Return the numbers of Li, P and S atoms."""
    symbols = np.array(atoms.symbols)
    return tuple(int((symbols == element).sum()) for element in ("Li", "P", "S"))


def on_line(atoms: Atoms) -> bool:
    """Tell whether the formula is a sum of Li2S and P2S5: 2 n_S = n_Li + 5 n_P."""
    lithium, phosphorus, sulfur = counts(atoms)
    return 2 * sulfur == lithium + 5 * phosphorus


def reduced(atoms: Atoms) -> str:
    """Return the reduced formula, such as Li3PS4."""
    formula, _ = Formula(atoms.get_chemical_formula()).reduce()
    return formula.format("hill")


def _table(header: list[str], rows: list[list[object]]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def formation(structures: list[Atoms]) -> np.ndarray:
    """Return energies per atom (eV) less the best fit of one energy per element."""
    composition = np.array([counts(atoms) for atoms in structures], dtype=float)
    energies = np.array([atoms.get_potential_energy() for atoms in structures])
    size = composition.sum(axis=1)
    shares = composition / size[:, None]
    fit, *_ = np.linalg.lstsq(shares, energies / size, rcond=None)
    return energies / size - shares @ fit


def load(work: Path) -> tuple[list[Atoms], list[dict]]:
    """Return the structures that have a result, in the plan's order, and the dropped ones."""
    structures, dropped = [], []
    for task in sorted(tasks([c.name for c in crystals()]), key=_order):
        path = work / "structures" / f"{task.name}.extxyz"
        if path.exists():
            atoms = read(path, format="extxyz")
            total = float(atoms.info["total_energy"])
            cpu = float(atoms.info["cpu_seconds"])
            atoms.info = {key: str(atoms.info[key]) for key in ("name", "family", "parent")}
            atoms.calc = SinglePointCalculator(atoms, energy=total)
            found = problems(atoms, family=task.family)
            if found:
                # bounds may have been drawn tighter since it was computed
                reason = f"geometry: {found[0]}"
                dropped.append({"name": task.name, "family": task.family, "reason": reason})
                continue
            atoms.info["cpu_seconds"] = cpu
            structures.append(atoms)
        elif path.with_suffix(".json").exists():
            dropped.append(json.loads(path.with_suffix(".json").read_text()))
        else:
            reason = "not computed, the run was stopped"
            dropped.append({"name": task.name, "family": task.family, "reason": reason})
    return structures, dropped


def _order(task: Task) -> tuple[int, str, str]:
    return list(FAMILIES).index(task.family), task.parent, task.name


def assemble(work: Path, out: Path) -> None:
    """Write `lps.extxyz.xz` and `README.md` into the folder `out`."""
    structures, dropped = load(work)
    cpu = np.array([atoms.info.pop("cpu_seconds") for atoms in structures])
    text = StringIO()
    write(text, structures, format="extxyz", columns=["symbols", "positions"])
    out.mkdir(parents=True, exist_ok=True)
    data = lzma.compress(text.getvalue().encode(), preset=9 | lzma.PRESET_EXTREME)
    (out / DATA_FILE).write_bytes(data)

    # The README is made from the file as it was written, not from what went in.
    shipped = read(StringIO(lzma.decompress(data).decode()), ":", format="extxyz")
    (out / "README.md").write_text(_readme(shipped, dropped, work, len(data), cpu))
    print(f"{len(shipped)} structures, {len(data) / 1e6:.2f} MB, {len(dropped)} dropped")


def _readme(
    structures: list[Atoms], dropped: list[dict], work: Path, size: int, cpu: np.ndarray
) -> str:
    family = np.array([atoms.info["family"] for atoms in structures])
    line = np.array([on_line(atoms) for atoms in structures])
    atoms_count = np.array([len(atoms) for atoms in structures])
    energies = np.array([atoms.get_potential_energy() for atoms in structures]) / atoms_count
    residual = formation(structures)
    formulas = Counter(reduced(atoms) for atoms in structures)
    x = {reduced(a): counts(a)[0] / (counts(a)[0] + counts(a)[1]) for a in structures if on_line(a)}
    shortest = np.array([shortest_vector(np.asarray(atoms.cell)) for atoms in structures])

    families = _table(
        [
            "family",
            "structures",
            "on the line",
            "atoms",
            "least distance / Å",
            "nearest S of every P / Å",
            "what it is",
        ],
        [
            [
                f"`{name}`",
                (family == name).sum(),
                (line & (family == name)).sum(),
                f"{atoms_count[family == name].min()}–{atoms_count[family == name].max()}",
                f"≥ {SHORTEST_DISTANCE[name]:.2f}",
                "{:.2f}–{:.2f}".format(*NEAREST_SULFUR[name]),
                what,
            ]
            for name, what in FAMILIES.items()
            if (family == name).any()
        ],
    )
    spread = _table(
        ["family", "mean", "least", "greatest", "standard deviation"],
        [
            [f"`{name}`", *(f"{f(1000 * residual[family == name]):.0f}" for f in _STATISTICS)]
            for name in FAMILIES
            if (family == name).any()
        ],
    )
    compositions = _table(
        ["formula", "x", "structures"],
        [
            [formula, f"{x[formula]:.3f}" if formula in x else "off the line", formulas[formula]]
            for formula in sorted(
                (f for f in formulas if f in x or formulas[f] > 2),
                key=lambda f: (f not in x, x.get(f, 0), f),
            )
        ],
    )
    sources = _table(
        ["crystal", "literature cell and sites", "choice made here", "largest movement / Å"],
        [_crystal_row(known, work) for known in crystals()],
    )
    glasses = _table(
        ["parent", "units per cell", "density / g cm⁻³ (± 4 %)"],
        [
            [name, ", ".join(f"{n} {unit}" for unit, n in units.items()), f"{density:.2f}"]
            for name, (units, density, _) in {**GLASSES, **GLASSES_OFF_LINE}.items()
        ],
    )
    reasons = Counter((d["family"], _kind(d["reason"])) for d in dropped)
    lost = (
        _table(
            ["family", "why", "structures"],
            [[f"`{name}`", why, count] for (name, why), count in sorted(reasons.items())],
        )
        if reasons
        else "None."
    )
    minor = sum(1 for f in formulas if f not in x and formulas[f] <= 2)
    return TEMPLATE.format(
        n=len(structures),
        attempted=len(structures) + len(dropped),
        size=f"{size / 1e6:.2f}",
        n_line=line.sum(),
        share=f"{100 * line.mean():.0f}",
        n_formulas=len(formulas),
        n_line_formulas=len(x),
        minor=minor,
        atoms_low=atoms_count.min(),
        atoms_high=atoms_count.max(),
        atoms_all=atoms_count.sum(),
        shortest=f"{shortest.min():.2f}",
        floor=f"{SHORTEST_VECTOR:g}",
        low=f"{energies.min():.3f}",
        high=f"{energies.max():.3f}",
        residual_low=f"{residual.min():.3f}",
        residual_high=f"{residual.max():.3f}",
        residual_std=f"{residual.std():.3f}",
        settings=", ".join(f"{k} = {v}" for k, v in vars(SETTINGS).items()),
        versions=", ".join(f"{p} {version(p)}" for p in ("tblite", "ase", "numpy", "scipy")),
        decimals=DECIMALS,
        seed=SEED,
        cpu=f"{np.median(cpu):.0f}",
        cpu_hours=f"{cpu.sum() / 3600:.1f}",
        bond=BOND,
        tetrahedral=" and ".join(f"`{name}`" for name in TETRAHEDRAL),
        families=families,
        spread=spread,
        compositions=compositions,
        sources=sources,
        glasses=glasses,
        lost=lost,
        strain=_strain_table(structures),
        glass_above=_glass_table(structures),
        cell_sizes=_size_table(work),
    )


_CURVE_SCALES = (0.85, 0.90, 0.95, 0.97, 0.985, 1.015, 1.03, 1.05, 1.10, 1.15)
_STATISTICS = (np.mean, np.min, np.max, np.std)


def _strain_table(structures: list[Atoms]) -> str:
    """Return energies (meV/atom) along the strain curves, relative to the unstrained crystal."""
    rows = []
    for known in crystals():
        curve = {}
        for atoms in structures:
            label, parent = atoms.info["name"].split("_")[-1], atoms.info["parent"]
            if parent == known.name and atoms.info["family"] == "strained":
                curve[float(label)] = atoms.get_potential_energy() / len(atoms)
            elif atoms.info["name"] == f"{known.name}_crystal_0":
                curve[1.0] = atoms.get_potential_energy() / len(atoms)
        if 1.0 in curve and len(curve) > 3:
            cells = [
                f"{1000 * (curve[s] - curve[1.0]):.0f}" if s in curve else "" for s in _CURVE_SCALES
            ]
            rows.append([known.name, f"{min(curve, key=curve.get):.3f}", *cells])
    return _table(["crystal", "lowest at", *(f"{s:g}" for s in _CURVE_SCALES)], rows)


def _glass_table(structures: list[Atoms]) -> str:
    """Return how far glasses lie above the lowest crystal of the same composition, in meV/atom."""
    crystal, glass = {}, {}
    for atoms in structures:
        per_atom = 1000 * atoms.get_potential_energy() / len(atoms)
        if atoms.info["family"] == "crystal":
            crystal[reduced(atoms)] = min(per_atom, crystal.get(reduced(atoms), np.inf))
        elif atoms.info["family"] == "glass":
            glass.setdefault((reduced(atoms), atoms.info["parent"]), []).append(per_atom)
    rows = [
        [formula, parent, len(above), f"{np.mean(above):.0f}", f"{min(above):.0f}"]
        for (formula, parent), values in sorted(glass.items())
        if formula in crystal
        for above in [np.array(values) - crystal[formula]]
    ]
    return _table(["formula", "glass", "structures", "mean", "least"], rows)


def _size_table(work: Path) -> str:
    """Return the energies of crystals in cells of several sizes, relative to the largest."""
    rows = json.loads((work / "sizes.json").read_text())
    by_size = sorted(rows, key=lambda row: row["atoms"])
    largest = {row["crystal"]: row["energy_per_atom"] for row in by_size}
    return _table(
        ["crystal", "atoms", "shortest vector / Å", "energy / meV per atom"],
        [
            [
                row["crystal"],
                row["atoms"],
                f"{row['shortest']:.2f}",
                f"{1000 * (row['energy_per_atom'] - largest[row['crystal']]):+.1f}",
            ]
            for row in rows
        ],
    )


def _kind(reason: str) -> str:
    """Return the reason without the numbers and places of the one structure."""
    if reason.startswith("geometry"):
        what = reason.removeprefix("geometry: ")
        if what.startswith("P atom"):
            what = "bonds of P" if "neighbours" in what else "nearest S of a P out of bounds"
        elif what.startswith("distance"):
            what = "two atoms too close"
        return f"geometry: {what}"
    return reason.split(":")[0] if reason.startswith("Not") else reason


def _crystal_row(known: Crystal, work: Path) -> list[object]:
    relaxed = read(work / "crystals" / f"{known.name}.extxyz")
    moved = float(relaxed.info["largest_displacement"])
    cell = ", ".join(f"{v:.4g}" for v in _conventional(known))
    return [known.name, f"{cell}; {known.source}", known.note or "none", f"{moved:.2f}"]


def _conventional(known: Crystal) -> list[float]:
    """Return the lengths (Å) of the cell as given, cubic ones by their edge."""
    lengths = known.atoms.cell.lengths()
    angles = known.atoms.cell.angles()
    if np.allclose(lengths, lengths[0]) and np.allclose(angles, 60):
        return [lengths[0] * np.sqrt(2)]
    return list(lengths)


TEMPLATE = (Path(__file__).parent / "README.template.md").read_text()
