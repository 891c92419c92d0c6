"""Settings of the SOAP family: round trips through files, and those that make no sense."""

from __future__ import annotations

import json
import math

import ase
import numpy as np
import pytest

from gmd.local import LocalFamily, family_settings, local_family
from local.soap_cases import COMPRESSIONS, cluster, few_structures, soap

MAPPING = {"Li": (1.0, 0.5), "P": (0.0, 1.0), "S": (-1.0, 2.0)}


@pytest.mark.parametrize(
    ("compression", "changes"),
    [
        *[pytest.param(c, {}, id=c) for c in COMPRESSIONS],
        pytest.param("QTPQ", {"extra_columns": 2}, id="extra-columns"),
        pytest.param("nu=2", {"embedding": MAPPING, "radial_basis": "gto"}, id="mapping"),
        pytest.param("nu=2", {"embedding": "random", "n_channels": 3, "seed": 4}, id="random"),
    ],
)
def test_settings_survive_a_file(compression, changes) -> None:
    family = soap(compression, **changes)
    text = json.dumps(family_settings(family))
    assert json.loads(text)["family"] == "soap"
    again = local_family(json.loads(text))
    assert isinstance(again, LocalFamily)
    assert again == family
    assert hash(again) == hash(family)
    assert again.component_names == family.component_names
    structures = few_structures()
    assert np.array_equal(again.compute(structures).values, family.compute(structures).values)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"compression": "nu=3"},
            r"'nu=3' is unknown \(did you mean nu=2\?\); .*'nu=1,mu=1'",
        ),
        ({"n_max": 0}, "n_max=0"),
        ({"l_max": -1}, "l_max=-1"),
        ({"cutoff": -2.0}, "cutoff=-2"),
        ({"cutoff": 0.0}, "cutoff=0"),
        ({"cutoff": math.inf}, "cutoff=inf"),
        ({"cutoff_transition_width": 3.6}, "cutoff_transition_width=3.6"),
        ({"cutoff_transition_width": -0.1}, "cutoff_transition_width=-0.1"),
        ({"atom_sigma": 0.0}, "atom_sigma=0"),
        ({"atom_sigma": math.nan}, "atom_sigma=nan"),
        ({"central_weight": math.nan}, "central_weight=nan"),
        ({"radial_basis": "poly"}, r"'poly' is unknown.*'?gto"),
        ({"embedding": "colour"}, "'colour' is unknown; choose one of .*'group_period'"),
        ({"embedding": {"Li": [1.0], "S": [2.0]}}, "no vector for P"),
        ({"embedding": {**MAPPING, "P": [1.0]}}, "one length"),
        ({"embedding": {**MAPPING, "P": [1.0, math.nan]}}, "P is not finite"),
        ({"embedding": "random", "n_channels": 0}, "n_channels=0"),
        ({"n_channels": 3}, "n_channels=3 goes with embedding 'random' alone"),
        (
            {"embedding": MAPPING, "n_channels": 1},
            "n_channels=1 goes with embedding",
        ),
        ({"extra_columns": -1}, "extra_columns=-1"),
        ({"seed": -1, "compression": "WTP"}, "seed=-1"),
        ({"n_max": 3.0}, r"n_max=3\.0: give a whole number"),
        ({"l_max": True}, "l_max=True: give a whole number"),
        (
            {"radial_basis": "gto", "n_max": 16},
            "n_max=16: 16 radial functions are linearly dependent; lower n_max to 13",
        ),
        ({"species": ()}, "species"),
        ({"species": ("Li", "S", "Li")}, "Li"),
        ({"species": ("Li", "Sx")}, "Sx"),
        ({"compression": "WTP", "embedding": "random"}, "embedding"),
        ({"compression": "mu=2", "embedding": "random"}, "knows no elements"),
        ({"compression": "mu=1,mu_hat=1", "embedding": MAPPING}, "knows no elements"),
        ({"embedding": dict.fromkeys(MAPPING, (0.0, 0.0))}, "all weights .* are zero"),
        ({"l_max": 61}, "l_max=61: .*lower it"),
        ({"compression": "QTPQ", "embedding": MAPPING}, "embedding"),
    ],
)
def test_impossible_settings_are_refused(settings, message) -> None:
    with pytest.raises(ValueError, match=message):
        soap(**settings)


@pytest.mark.parametrize("u_max", [0, 10])
def test_optimal_needs_a_number_of_functions(u_max) -> None:
    with pytest.raises(ValueError, match=rf"u_max={u_max}.*between 1 and.*9"):
        soap("optimal", u_max=u_max)


def test_unknown_parameter_is_named() -> None:
    settings = family_settings(soap())
    with pytest.raises(ValueError, match="n_maxx"):
        local_family({**settings, "n_maxx": 3})


@pytest.mark.parametrize("ask", ["compute", "compute_sparse", "expansion"])
def test_element_that_is_not_among_the_species_is_named(ask) -> None:
    structures = [cluster(0, 5), ase.Atoms("LiGe", positions=[[0, 0, 0], [0, 0, 2]])]
    first = {} if ask == "expansion" else {"first_structure": 5}
    number = 1 if ask == "expansion" else 6
    with pytest.raises(ValueError, match=rf"structure {number}.*Ge.*species"):
        getattr(soap(), ask)(structures, **first)


def test_element_in_derivatives_is_named() -> None:
    with pytest.raises(ValueError, match=r"Ge.*species"):
        soap().derivatives(ase.Atoms("LiGe", positions=[[0, 0, 0], [0, 0, 2]]), 0)


def test_atoms_on_one_place_are_named() -> None:
    with pytest.raises(ValueError, match="structure 4: atoms 0 and 1 are on the same place"):
        soap().compute([ase.Atoms("Li2", positions=np.zeros((2, 3)))], first_structure=4)


def test_no_structures_give_no_rows() -> None:
    sites = soap("WTP").compute([])
    assert sites.values.shape == (0, soap("WTP").n_components)


@pytest.mark.parametrize("compression", ["WTP", "QTPQ"])
@pytest.mark.parametrize("more", [-1, 1])
def test_rows_of_another_length_are_not_recovered(compression, more) -> None:
    family = soap(compression)
    with pytest.raises(ValueError, match=rf"expected \(n_atoms, {family.n_components}\)"):
        family.recover(np.zeros((2, family.n_components + more)))


@pytest.mark.parametrize("degree", [-1, 4])
def test_degrees_that_are_not_there_have_no_matrices(degree) -> None:
    with pytest.raises(ValueError, match=f"degree {degree}: the descriptor has degrees 0 to 3"):
        soap("WTP").mixing(degree)
