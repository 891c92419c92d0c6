"""Files that are easily misread: the right structures and energies, or a refusal that says why."""

from __future__ import annotations

from pathlib import Path

import ase
import numpy as np
import pytest

from gmd.structures import StructureError, read_structures, total_energies
from structures.fault_files import FILES, RIGHT, Right

ELSEWHERE = Path(__file__).parents[2].parent / "shared" / "faults"
"""A folder beside the checkout that may hold more files of the same names."""


def read(path: Path, right: Right) -> tuple[list[ase.Atoms], np.ndarray]:
    """Structures and energies, as a data set takes them."""
    structures = read_structures(path, energy_key=right.key)
    return structures, total_energies(structures, right.key, right.unit)


def check(path: Path, right: Right) -> None:
    if right.says:
        with pytest.raises(StructureError) as caught:
            read(path, right)
        message = str(caught.value)
        assert message.startswith(path.name)
        assert "; " in message  # what is wrong; what to do
        for part in right.says:
            assert part in message
        return
    structures, energies = read(path, right)
    assert tuple(atoms.get_chemical_formula() for atoms in structures) == right.formulas
    expected = [np.nan if energy is None else energy for energy in right.energies]
    np.testing.assert_allclose(energies, expected, rtol=1e-9)


def test_there_is_a_copy_of_each() -> None:
    assert set(FILES) == set(RIGHT)


@pytest.mark.parametrize("name", RIGHT)
def test_what_must_come_of_it(tmp_path, name) -> None:
    (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    check(tmp_path / name, RIGHT[name])


@pytest.mark.parametrize("name", RIGHT)
def test_the_files_elsewhere(name) -> None:
    if not (ELSEWHERE / name).is_file():
        pytest.skip(f"there is no folder {ELSEWHERE} with {name}")
    check(ELSEWHERE / name, RIGHT[name])


@pytest.mark.parametrize(
    ("name", "formulas"),
    [
        ("two_steps_one_energy.xsf", ["LiCl", "LiCl"]),
        ("energy_without_value.xyz", ["O"]),
        ("energy_not_a_number.extxyz", ["C"]),
        ("energy_line_without_unit.xsf", ["LiCl"]),
    ],
)
def test_energies_that_are_not_asked_for_do_no_harm(tmp_path, name, formulas) -> None:
    (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    structures = read_structures(tmp_path / name, energy_key=None)
    assert [str(atoms.symbols) for atoms in structures] == formulas
    assert np.isnan(total_energies(structures, None)).all()
