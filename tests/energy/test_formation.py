"""Formation energies against sums done by hand."""

import numpy as np
import pytest

from gmd.energy import end_member_energies, fitted_potentials, formation_energies

ELEMENTS = ("Li", "P", "S")
# Li2S, P2S5, Li3PS4 = 3/2 Li2S + 1/2 P2S5, Li7PS6 = 7/2 Li2S + 1/2 P2S5, two Li2S
COUNTS = np.array([[2, 0, 1], [0, 2, 5], [3, 1, 4], [7, 1, 6], [4, 0, 2]])
NAMES = ["lithia", "pentasulfide", "thiophosphate", "argyrodite", "expanded"]
E_LI2S, E_P2S5 = -12.0, -35.0
ENERGIES = np.array(
    [
        E_LI2S,
        E_P2S5,
        1.5 * E_LI2S + 0.5 * E_P2S5 - 0.8,
        3.5 * E_LI2S + 0.5 * E_P2S5 - 1.4,
        2 * E_LI2S + 0.6,
    ]
)
BY_HAND = np.array([0.0, 0.0, -0.8 / 8, -1.4 / 14, 0.6 / 6])
END_MEMBERS = {"Li2S": "lithia", "P2S5": "pentasulfide"}


def formed(counts=COUNTS, energies=ENERGIES, **options):
    return formation_energies(counts, energies, elements=ELEMENTS, **options)


@pytest.mark.parametrize(
    "end_members", [END_MEMBERS, {"Li2S": None, "P2S5": "pentasulfide"}, ["P2S5", "Li2S"]]
)
def test_mixtures_by_hand(end_members):
    result = formed(mode="named", end_members=end_members, names=NAMES)
    np.testing.assert_allclose(result, BY_HAND, atol=1e-13)


def test_a_formula_takes_the_lowest_energy_per_formula_unit():
    energies = ENERGIES.copy()
    energies[4] = 2 * E_LI2S - 0.6
    found = end_member_energies(COUNTS, energies, elements=ELEMENTS, end_members=["Li2S"])
    assert found == {"Li2S": pytest.approx(E_LI2S - 0.3)}
    result = formed(energies=energies, mode="named", end_members=["Li2S", "P2S5"])
    assert result[4] == pytest.approx(0, abs=1e-13)
    assert result[0] == pytest.approx(0.3 / 3)


def test_a_formula_may_be_written_at_any_size():
    small = formed(mode="named", end_members=["Li2S", "P2S5"])
    large = formed(mode="named", end_members=["Li4S2", "P4S10"])
    np.testing.assert_allclose(large, small, atol=1e-13)


def test_beyond_an_end_member_counts_with_a_negative_amount():
    counts = np.vstack([COUNTS, [8, 0, 4], [5, 1, 5]])
    energies = np.append(ENERGIES, [4 * E_LI2S, 2.5 * E_LI2S + 0.5 * E_P2S5])
    result = formed(counts, energies, mode="named", end_members=["Li3PS4", "Li7PS6"])
    # Li5PS5 lies halfway; Li2S = (Li7PS6 - Li3PS4) / 2 lies outside
    halfway = (0.8 + 1.4) / 2
    assert result[6] == pytest.approx(halfway / 11)
    assert result[0] == pytest.approx((E_LI2S - (ENERGIES[3] - ENERGIES[2]) / 2) / 3)


def test_a_structure_off_the_line_is_named():
    counts = np.vstack([COUNTS, [2, 1, 3]])
    with pytest.raises(ValueError, match=r"^odd: not a mixture of the end members Li2S, P2S5"):
        formed(
            counts,
            np.append(ENERGIES, -20),
            mode="named",
            end_members=END_MEMBERS,
            names=[*NAMES, "odd"],
        )


def test_given_potentials():
    potentials = {"Li": -1.9, "P": -5.4, "S": -4.1}
    result = formed(mode="elements", potentials=potentials)
    assert result[1] == pytest.approx((E_P2S5 + 2 * 5.4 + 5 * 4.1) / 7)
    assert result[3] == pytest.approx((ENERGIES[3] + 7 * 1.9 + 5.4 + 6 * 4.1) / 14)


def scattered(n=40, seed=1):
    rng = np.random.default_rng(seed)
    amounts = rng.integers(1, 6, size=(n, 2))
    counts = amounts @ np.array([[2, 0, 1], [0, 2, 5]])
    return counts, counts @ [-2.0, -5.0, -4.0] + rng.normal(size=n) * counts.sum(axis=1) * 0.05


def test_fitted_equals_the_residual_of_the_normal_equations():
    counts, energies = scattered()
    counts = counts + np.random.default_rng(2).integers(0, 2, size=counts.shape)
    fractions = counts / counts.sum(axis=1, keepdims=True)
    per_atom = energies / counts.sum(axis=1)
    mu = np.linalg.solve(fractions.T @ fractions, fractions.T @ per_atom)
    np.testing.assert_allclose(fitted_potentials(counts, energies), mu, rtol=1e-9)
    np.testing.assert_allclose(formed(counts, energies), per_atom - fractions @ mu, atol=1e-12)


def test_fitted_on_the_exact_line_is_the_fit_on_the_two_end_members():
    counts, energies = scattered()
    n_atoms = counts.sum(axis=1)
    amounts = np.stack([counts[:, 0] / 2, counts[:, 1] / 2], axis=1) / n_atoms[:, None]
    per_atom = energies / n_atoms
    mu = np.linalg.solve(amounts.T @ amounts, amounts.T @ per_atom)
    np.testing.assert_allclose(formed(counts, energies), per_atom - amounts @ mu, atol=1e-12)
    expected = np.linalg.pinv(counts / n_atoms[:, None], rcond=1e-8) @ per_atom
    np.testing.assert_allclose(fitted_potentials(counts, energies), expected, rtol=1e-9)


def test_fitted_removes_any_zero_of_the_energies():
    counts, energies = scattered()
    shifted = energies + counts @ [-200.0, -300.0, -400.0]
    np.testing.assert_allclose(formed(counts, shifted), formed(counts, energies), atol=1e-10)


def test_a_supercell_weighs_as_its_cell_does():
    counts, energies = scattered()
    factors = np.random.default_rng(3).integers(1, 9, size=len(counts))
    enlarged = formed(counts * factors[:, None], energies * factors)
    np.testing.assert_allclose(enlarged, formed(counts, energies), atol=1e-12)


def test_an_element_that_is_nowhere_has_potential_zero():
    counts, energies = scattered()
    counts = np.insert(counts, 1, 0, axis=1)
    assert fitted_potentials(counts, energies)[1] == 0


def test_missing_energies_are_named():
    energies = ENERGIES.copy()
    energies[[1, 3]] = np.nan, np.inf
    with pytest.raises(ValueError, match=r"^pentasulfide, argyrodite: no finite energy"):
        formed(energies=energies, names=NAMES)
    with pytest.raises(ValueError, match=r"^structure 1, structure 3: no finite energy"):
        formed(energies=energies)
    with pytest.raises(ValueError, match=r"structure 4 and 15 more: no finite energy"):
        formed(np.tile(COUNTS, (4, 1)), np.full(20, np.nan))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mode": "guessed"}, "choose one of fitted, named, elements"),
        ({"mode": "named"}, "needs end_members"),
        ({"mode": "elements"}, "needs potentials"),
        ({"end_members": ["Li2S"]}, "takes no end_members"),
        ({"potentials": {"Li": 0.0}}, "takes no potentials"),
        ({"mode": "named", "end_members": []}, "at least one end member"),
        (
            {"mode": "named", "end_members": ["Li2S", "P4S3"]},
            "no structure .* P4S3",
        ),
        ({"mode": "named", "end_members": ["Li2S", "P2O5"]}, "P2O5 holds O"),
        ({"mode": "named", "end_members": {"Li2S": "nothing"}}, "no structure is named 'nothing'"),
        ({"mode": "named", "end_members": {"P2S5": "lithia"}}, "'lithia' has another formula"),
        (
            {"mode": "named", "end_members": ["Li2S", "P2S5", "Li3PS4"]},
            "mixtures of one another",
        ),
        ({"mode": "elements", "potentials": {"Li": 0.0}}, "no chemical potential .* for P, S"),
        (
            {"mode": "elements", "potentials": {"Li": 0.0, "P": np.nan, "S": 0.0}},
            "chemical potential of P is nan",
        ),
    ],
)
def test_references_that_do_not_fit(options, message):
    with pytest.raises(ValueError, match=message):
        formed(names=NAMES, **options)


def test_a_name_must_be_unique():
    names = ["lithia", "pentasulfide", "thiophosphate", "argyrodite", "lithia"]
    with pytest.raises(ValueError, match="2 structures are named 'lithia'"):
        formed(mode="named", end_members=END_MEMBERS, names=names)


@pytest.mark.parametrize(
    ("counts", "energies", "message"),
    [
        (COUNTS[:, :2], ENERGIES, "2 columns for the 3 elements"),
        (COUNTS, ENERGIES[:3], "shape .* for 5 structures"),
        (COUNTS[0], ENERGIES, "expected .n_structures, n_elements."),
        (COUNTS * [[1], [1], [0], [1], [1]], ENERGIES, "^structure 2: .* not a count of atoms"),
        (COUNTS * 0.3, ENERGIES, "not a count of atoms"),
        (COUNTS[:2], ENERGIES[:2], "every formation energy zero"),
    ],
)
def test_input_that_is_refused(counts, energies, message):
    with pytest.raises(ValueError, match=message):
        formed(counts, energies)


def test_names_must_match_the_structures():
    with pytest.raises(ValueError, match="1 names are given for 5 structures"):
        formed(names=["alone"])
