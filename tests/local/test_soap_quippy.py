"""The members of the SOAP family that quippy (GAP) has too, against quippy."""

from __future__ import annotations

import importlib.util
import itertools
import json
import subprocess
import sys
from pathlib import Path

import ase
import numpy as np
import pytest
from ase.data import atomic_numbers

from local.soap_cases import cluster, small_crystal, soap

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("quippy") is None, reason="quippy-ase is not installed"
)

ROWS = {
    "nu=2": (2, 2),
    "nu=1,mu=1": (2, 1),
    "nu=1,nu_hat=1": (1, 2),
    "nu=1,mu_hat=1": (1, 1),
    "mu=2": (2, 0),
    "nu_hat=2": (0, 2),
    "mu=1,mu_hat=1": (1, 0),
    "nu_hat=1,mu_hat=1": (0, 1),
    "mu_hat=2": (0, 0),
}
"""How many of the two sides keep radial functions and elements; ν̂, μ = 1, 1 has no such row."""

BASES = {"equispaced": "EQUISPACED_GAUSS", "gto": "GTO"}
SPECIES = ("S", "Li", "P")
SETTINGS = {
    "small": {"cutoff": 4.0, "n_max": 4, "l_max": 3, "atom_sigma": 0.5},
    "large": {"cutoff": 5.0, "n_max": 8, "l_max": 6, "atom_sigma": 0.4},
}
CASES = [
    *itertools.product(["small"], ROWS, BASES, [0.0, 1.0]),
    *itertools.product(["large"], ["nu=2", "nu=1,mu=1"], BASES, [1.0]),
]
Case = tuple[str, str, str, float]


def structures() -> list[ase.Atoms]:
    """Three elements, one missing, and two crystals."""
    large = small_crystal("LiP").repeat((2, 1, 1))
    large.rattle(0.1, seed=0)
    return [cluster(0, 7), cluster(1, 5, ("Li", "S")), small_crystal(), large]


def descriptor_text(case: Case) -> str:
    size, compression, basis, central_weight = case
    radial, element = ROWS[compression]
    settings = SETTINGS[size]
    numbers = sorted(atomic_numbers[symbol] for symbol in SPECIES)
    return (
        f"soap cutoff={settings['cutoff']} n_max={settings['n_max']} l_max={settings['l_max']} "
        f"atom_sigma={settings['atom_sigma']} cutoff_transition_width=0.5 "
        f"central_weight={central_weight} radial_basis={BASES[basis]} "
        f"nu_R={radial} nu_S={element} normalise=T Z=0 "
        f"n_species={len(numbers)} species_Z={{{' '.join(map(str, numbers))}}}"
    )


@pytest.fixture(scope="module")
def quippy_rows(tmp_path_factory) -> dict[Case, np.ndarray]:
    """The rows of all cases, from one process."""
    folder = tmp_path_factory.mktemp("quippy")
    request = {
        "descriptors": [descriptor_text(case) for case in CASES],
        "structures": [
            {
                "numbers": atoms.numbers.tolist(),
                "positions": atoms.positions.tolist(),
                "cell": atoms.cell.tolist(),
                "pbc": atoms.pbc.tolist(),
            }
            for atoms in structures()
        ],
    }
    (folder / "request.json").write_text(json.dumps(request))
    script = Path(__file__).with_name("quippy_rows.py")
    done = subprocess.run(
        [sys.executable, str(script), str(folder / "request.json"), str(folder)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return {
        case: np.load(folder / f"{number}.npy", allow_pickle=False)
        for number, case in enumerate(CASES)
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(map(str, case)))
def test_kernels_between_environments_agree(quippy_rows, case) -> None:
    """To rounding; the overlap matrix of many GTOs is ill-conditioned and costs more digits."""
    size, compression, basis, central_weight = case
    family = soap(
        compression,
        species=SPECIES,
        radial_basis=basis,
        central_weight=central_weight,
        normalize=True,
        **SETTINGS[size],
    )
    ours = family.compute(structures()).values
    theirs = quippy_rows[case]
    # a last column of zeros is theirs alone
    assert theirs.shape == (len(ours), family.n_components + 1)
    assert not theirs[:, -1].any()
    expected = theirs @ theirs.T
    assert expected.min() < 0.999
    tolerance = 1e-10 if (size, basis) == ("large", "gto") else 1e-12
    np.testing.assert_allclose(ours @ ours.T, expected, rtol=0, atol=tolerance)


@pytest.mark.parametrize("basis", BASES)
def test_components_agree_one_by_one(quippy_rows, basis) -> None:
    """As sets of numbers, for theirs come in another order."""
    case = ("small", "nu=2", basis, 1.0)
    family = soap(species=SPECIES, radial_basis=basis, normalize=True, **SETTINGS["small"])
    ours = np.sort(family.compute(structures()).values, axis=1)
    theirs = np.sort(quippy_rows[case][:, :-1], axis=1)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)
