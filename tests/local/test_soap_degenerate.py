"""Environments that Darby, Kermode and Csányi (2021) draw because a descriptor confuses them."""

from __future__ import annotations

import itertools

import ase
import numpy as np
import pytest

from gmd.local import Soap
from local.soap_cases import COMPRESSIONS

SPECIES = ("Li", "N", "O")
A_STEPS, B_STEPS = (0, 1, 3, 4), (0, 1, 2, 5)


def around_lithium(elements: str, radii: np.ndarray, angles: np.ndarray) -> ase.Atoms:
    """Neighbours in the plane of a lithium atom, at angles in degrees."""
    t = np.radians(angles)
    places = np.c_[radii * np.cos(t), radii * np.sin(t), np.zeros(t.size)]
    return ase.Atoms(["Li", *elements], positions=np.vstack([np.zeros(3), places]))


def mirrored_pair() -> list[ase.Atoms]:
    """Figure 2: the total density has a mirror plane, and one pair of elements is swapped."""
    radii, angles = np.array([1.6, 1.6, 2.1, 2.1]), np.array([35, -35, 100, -100])
    return [around_lithium(elements, radii, angles) for elements in ("NONO", "NOON")]


def ring(steps: tuple[int, ...], elements: str) -> ase.Atoms:
    """Figure S1: neighbours at equal distance, at multiples of 45°."""
    return around_lithium(elements, np.full(4, 1.8), 45 * np.array(steps))


def family(compression: str, central_weight: float) -> Soap:
    return Soap(
        species=SPECIES,
        cutoff=3.0,
        n_max=3,
        l_max=4,
        atom_sigma=0.4,
        compression=compression,
        central_weight=central_weight,
    )


def differences(soap: Soap, pairs: list[tuple[ase.Atoms, ase.Atoms]]) -> np.ndarray:
    """Largest difference between the two lithium atoms of each pair, of the largest component."""
    values = soap.compute([atoms for pair in pairs for atoms in pair]).values
    rows = values.reshape(len(pairs), 2, -1, values.shape[1])[:, :, 0]
    return np.abs(rows[:, 0] - rows[:, 1]).max(axis=1) / np.abs(rows).max(axis=(1, 2))


@pytest.mark.parametrize("central_weight", [0.0, 1.0])
@pytest.mark.parametrize("compression", [c for c in COMPRESSIONS if c != "optimal"])
def test_mirrored_pair(compression, central_weight) -> None:
    """Two vertices that tell elements apart see the swap; one alone does not (figure 2)."""
    a, b = mirrored_pair()
    (difference,) = differences(family(compression, central_weight), [(a, b)])
    if compression in {"nu=2", "nu=1,nu_hat=1", "nu_hat=2", "WTP", "QTPQ"}:
        assert difference > 0.01
    else:
        assert difference < 1e-12


def test_mirrored_pair_is_seen_by_optimal_functions() -> None:
    pair = mirrored_pair()
    fitted = Soap(
        species=SPECIES,
        cutoff=3.0,
        n_max=3,
        l_max=4,
        atom_sigma=0.4,
        compression="optimal",
        u_max=4,
    ).fit(pair)
    assert differences(fitted, [(pair[0], pair[1])])[0] > 0.01


@pytest.mark.parametrize("central_weight", [0.0, 1.0])
@pytest.mark.parametrize("compression", [c for c in COMPRESSIONS if c != "optimal"])
def test_ring_that_no_power_spectrum_tells_apart(compression, central_weight) -> None:
    """Different environments with the same angles between neighbours (figure S1, top)."""
    pair = ring(A_STEPS, "NNNN"), ring(B_STEPS, "NNNN")
    of_atom, of_pair = [], []
    for atoms in pair:
        distances = atoms.get_all_distances().round(9)[1:, 1:]
        of_pair.append(sorted(distances.ravel().tolist()))
        of_atom.append(sorted(sorted(row) for row in distances.tolist()))
    assert of_pair[0] == of_pair[1]
    assert of_atom[0] != of_atom[1]
    assert differences(family(compression, central_weight), [pair])[0] < 1e-12


@pytest.mark.parametrize("central_weight", [0.0, 1.0])
def test_colourings_of_the_ring(central_weight) -> None:
    """All with two elements and one composition on both sides.

    12 of 70 leave the pair degenerate (figure S1, middle) and 58 do not (bottom), and in no case
    is ν, μ = 1, 1, or even ν, μ̂ = 1, 1 at this one distance, blinder than ν = 2.
    """
    colourings = ["".join(letters) for letters in itertools.product("NO", repeat=4)]
    labels = [
        (a, b) for a, b in itertools.product(colourings, repeat=2) if a.count("O") == b.count("O")
    ]
    assert len(labels) == 70
    pairs = [(ring(A_STEPS, a), ring(B_STEPS, b)) for a, b in labels]
    of_full = differences(family("nu=2", central_weight), pairs)
    assert not ((of_full > 1e-12) & (of_full < 1e-4)).any()
    broken = of_full > 1e-4
    assert broken.sum() == 58
    kept = {pair for pair, is_broken in zip(labels, broken, strict=True) if not is_broken}
    assert ("ONNO", "NONO") in kept
    assert ("NONN", "ONNN") in kept
    assert ("ONNO", "OONN") not in kept
    for compression in ("nu=1,mu=1", "nu=1,mu_hat=1"):
        found = differences(family(compression, central_weight), pairs)
        assert np.array_equal(found > 1e-4, broken)
        assert found[~broken].max() < 1e-12
    assert differences(family("mu=2", central_weight), pairs).max() < 1e-12
