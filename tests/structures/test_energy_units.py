"""Units that structures state or betray, and energies that only look odd."""

from __future__ import annotations

import os
from pathlib import Path

import ase
import numpy as np
import pytest

from gmd.structures import StructureError, load_lps, read_structures, total_energies
from gmd.structures.energy_units import ENERGY_UNITS


def with_energies(per_atom: list[float], formula: str = "Li2S", **info) -> list[ase.Atoms]:
    """Structures of one composition in cells of one, two and three formulas."""
    made = []
    for place, energy in enumerate(per_atom):
        atoms = ase.Atoms(formula)
        atoms = atoms.repeat((1 + place % 3, 1, 1)) if atoms.cell.rank else atoms
        atoms.info = {"energy": energy * len(atoms), "source": f"set.db, structure {place}", **info}
        made.append(atoms)
    return made


@pytest.mark.parametrize(
    ("info", "unit"),
    [
        ({"energy_unit": "eV"}, "eV"),
        ({"energy_units": "ev"}, "eV/atom"),
        ({"energy_unit": "eV/atom"}, "eV/atom"),
        ({"energy_unit": "eV per atom"}, "eV/atom"),
        ({"units": "Hartree"}, "Hartree"),
        ({"unit": "Ha"}, "Hartree"),
        ({"energy_unit": "Rydberg"}, "Ry"),
        ({"energy_unit": "kJ/mol"}, "kJ/mol"),
        ({"units": "metal"}, "eV"),  # a style, no unit of energy
        ({"units": {"energy": "Ha"}}, "eV"),
        ({"energy_unit": None}, "eV"),
    ],
)
def test_units_that_agree(info, unit) -> None:
    assert np.isfinite(total_energies(with_energies([-4.0], **info), unit=unit)).all()


@pytest.mark.parametrize(
    ("info", "unit"),
    [
        ({"energy_unit": "Hartree"}, "eV"),
        ({"energy_units": "kcal/mol"}, "kJ/mol"),
        ({"units": "Ry"}, "eV"),
        ({"unit": "eV"}, "Ry/atom"),
        ({"energy_unit": "eV/atom"}, "eV"),
        ({"energy_unit": "furlong"}, "eV"),
        ({"dft_unit": "Ry"}, "eV"),
    ],
)
def test_units_that_disagree_are_named(info, unit) -> None:
    structures = with_energies([-4.0, -4.1])
    structures[1].info.update(info)
    (name,) = info
    message = f"^set.db, structure 1: says {name} = '{info[name]}', but .* set to {unit}; set the"
    for atoms in structures:
        atoms.info["dft"] = atoms.info["energy"]
    with pytest.raises(StructureError, match=message):
        total_energies(structures, "dft" if name == "dft_unit" else "energy", unit)


@pytest.mark.parametrize("other", sorted(set(ENERGY_UNITS) - {"eV"}))
@pytest.mark.parametrize("formula", ["Li2S", "Fe"])
def test_mixed_units_betray_themselves(other, formula) -> None:
    right = np.array([-150.0, -150.5, -150.25, -149.75])
    mixed = [*right[:1], *right[1:] / ENERGY_UNITS[other]]
    structures = with_energies([-1.0, *mixed], formula)
    structures[0].symbols[:] = "P"  # alone in its composition
    with pytest.raises(StructureError) as caught:
        total_energies(structures)
    message = str(caught.value)
    assert "set.db, structure 1" in message
    assert any(f"set.db, structure {k}" in message for k in (2, 3, 4))
    assert other in message
    assert "eV" in message
    assert message.endswith("; bring all energies to one unit") or ": bring all" in message


@pytest.mark.parametrize(
    "per_atom",
    [
        [-4.0],
        [-4.0, -3.2, -4.5, -2.0],  # polymorphs
        [-0.010, -0.272, -0.0101],  # heats near zero, 27.2 apart
        [-4.0, -4.0 / 30, -4.0 / 30],  # far apart, but not as units are
        [-4.0, 4.0 / 27.2114],  # of either sign
        [-4.0, -8.0],  # as Ry to Hartree, but one of each
        [-100.0, -120.0, -100.0 / 27.2],  # a wide range
        [0.0, 0.0],
    ],
)
def test_odd_energies_pass(per_atom) -> None:
    assert len(total_energies(with_energies(per_atom))) == len(per_atom)


def test_two_units_with_a_small_ratio_need_several_structures() -> None:
    energies = [-4.0, -4.001, -4.002, -8.0, -8.001, -8.002]
    with pytest.raises(StructureError, match=r"(Ry to Hartree|Hartree to Ry)"):
        total_energies(with_energies(energies))


def test_the_embedded_set_passes() -> None:
    assert np.isfinite(total_energies(load_lps())).all()


@pytest.mark.parametrize(
    ("variable", "file", "key", "unit"),
    [
        ("GMD_LIPS20", "lips20.extxyz.xz", "energy", "eV"),
        ("GMD_NBMOTAW", "nbmotaw.extxyz.xz", "energy", "eV"),
        ("GMD_QM7", "qm7.extxyz.xz", "hof_kcal_mol", "kcal/mol"),
        ("GMD_PEROV5", "perov5.extxyz.xz", "heat_all_eV_per_cell", "eV"),
        ("GMD_LI_MO_NI_TI_O", "xsf.tar.xz", "energy", "eV"),
    ],
)
def test_real_sets_pass(variable, file, key, unit) -> None:
    """Those whose folders the environment names, as for their studies in config/."""
    if variable not in os.environ:
        pytest.skip(f"{variable} does not name the folder of {file}")
    structures = read_structures(Path(os.environ[variable]) / file, minimum_distance=0)
    assert np.isfinite(total_energies(structures, key, unit)).all()
