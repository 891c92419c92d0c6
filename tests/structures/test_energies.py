"""Energies that come with structures."""

from __future__ import annotations

import ase
import numpy as np
import pytest
from ase.calculators.emt import EMT
from ase.calculators.singlepoint import SinglePointCalculator

from gmd.structures import total_energies


def with_calculator(**results) -> ase.Atoms:
    atoms = ase.Atoms("Li")
    atoms.calc = SinglePointCalculator(atoms, **results)
    return atoms


def with_info(**info) -> ase.Atoms:
    return ase.Atoms("Li", info=info)


def test_energies_of_calculators_and_info() -> None:
    both = with_calculator(energy=-1.0)
    both.info["energy"] = -2.0
    uncalculated = ase.Atoms("Cu")
    uncalculated.calc = EMT()
    structures = [
        with_calculator(energy=-3.25),
        with_info(energy=np.float32(0.5)),
        both,
        with_info(energy="-1e-3"),
        with_info(energy=0),
        with_info(energy=None),
        with_calculator(forces=[[0.0, 0.0, 0.0]]),
        uncalculated,  # and stays so
        ase.Atoms(),
    ]
    energies = total_energies(structures)
    assert energies.dtype == np.float64
    expected = [-3.25, 0.5, -1.0, -0.001, 0.0, *[np.nan] * 4]
    np.testing.assert_array_equal(energies, expected)
    assert not uncalculated.calc.results


def test_key_is_the_users() -> None:
    structures = [with_info(energy=1.0, dft=2.0), with_info(energy=1.0)]
    np.testing.assert_array_equal(total_energies(structures, "dft"), [2.0, np.nan])
    assert total_energies([]).shape == (0,)


@pytest.mark.parametrize(
    "value", ["-1.0 eV", "", [1.0], np.array([1.0, 2.0]), 1j, float("inf"), np.float64("nan")]
)
@pytest.mark.parametrize(
    ("source", "place"), [({}, "structure 1: "), ({"source": "a.xyz, structure 7"}, "a.xyz, str")]
)
def test_what_is_no_number_is_named(value, source, place) -> None:
    with pytest.raises(ValueError, match="is not a finite number; correct it") as caught:
        total_energies([with_info(), with_info(energy=value, **source)])
    assert str(caught.value).startswith(place)


@pytest.mark.parametrize("value", [True, False, np.True_])
def test_a_word_without_a_value_is_no_energy(value) -> None:
    message = (
        "^structure 1: the energy is missing or a boolean; write, for example, energy=-1.0, or set"
    )
    with pytest.raises(ValueError, match=message):
        total_energies([with_info(energy=-1.0), with_info(energy=value)])
    assert np.isnan(total_energies([with_info(energy=value)], None)).all()


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("energy", "Energy"),
        ("energy", "ENERGY"),
        ("Energy", "energy"),
        ("dft_energy", "dft-energy"),
        ("dft energy", "DFT_energy"),
    ],
)
def test_another_spelling_of_the_key_is_named(key, name) -> None:
    message = f"^structure 1: has no '{key}', but '{name}'; set energy_key to '{name}', or correct"
    structures = [with_info(**{key: -1.0}), with_info(**{name: -1.0})]
    with pytest.raises(ValueError, match=message):
        total_energies(structures, key)
    both = with_info(**{key: -1.0, name: -2.0})
    assert total_energies([both], key).tolist() == [-1.0]
    assert np.isnan(total_energies([with_info(free_energy=1.0)])).all()


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("eV", 3.0),
        ("eV/atom", 6.0),
        ("Hartree", 3 * 27.211386),
        ("Ry/atom", 6 * 13.605693),
        ("kcal/mol", 3 * 0.0433641),
        ("kJ/mol", 3 * 0.01036427),
    ],
)
def test_units(unit, expected) -> None:
    """Factors from CODATA 2018, to as many digits as it shares with that of 2014."""
    structures = [ase.Atoms("Li2", info={"dft": 3.0}), ase.Atoms("Li")]
    energies = total_energies(structures, "dft", unit)
    np.testing.assert_allclose(energies, [expected, np.nan], rtol=2e-6)


def test_unknown_units_are_named() -> None:
    with pytest.raises(ValueError, match="energy unit 'meV' is unknown; choose one of eV, Hartree"):
        total_energies([], unit="meV")
