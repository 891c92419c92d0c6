"""The compressed power spectra: against a naive twin, their lengths, and P_l recovered."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest

from common import ELEMENTS
from local.naive_soap import (
    contracted,
    full_slices,
    naive_soap,
    recovered_from_qtpq,
    recovered_from_wtp,
    slices_of,
)
from local.soap_cases import (
    COMPRESSIONS,
    CONTRACTIONS,
    assert_close,
    cluster,
    few_structures,
    soap,
)

EMBEDDED = tuple(c for c in (*CONTRACTIONS, "nu=1,mu*=1") if "nu" in c)  # those with elements
MAPPING = {"S": (0.5, -1.0, 2.0), "Li": (1.0, 0.0, 0.3), "P": (-0.2, 0.7, 0.1)}


def assert_equals_twin(family, structures, tolerance: float = 1e-12) -> None:
    names, values = zip(*(naive_soap(atoms, family) for atoms in structures), strict=True)
    sites = family.compute(structures)
    assert list(family.component_names) == list(sites.component_names) == names[0]
    assert family.n_components == len(names[0]) == len(set(names[0]))
    assert_close(sites.values, np.concatenate(values), tolerance)


@pytest.mark.small_kernels
@pytest.mark.parametrize("basis", ["equispaced", "gto"])
@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_equals_naive_twin(compression, basis) -> None:
    assert_equals_twin(soap(compression, radial_basis=basis), few_structures())


@pytest.mark.small_kernels
@pytest.mark.parametrize("embedding", ["atomic_number", "group_period", "random", MAPPING])
@pytest.mark.parametrize("compression", EMBEDDED)
def test_equals_naive_twin_with_embedding(compression, embedding) -> None:
    basis = "gto" if embedding == "random" else "equispaced"
    family = soap(compression, embedding=embedding, radial_basis=basis, seed=3)
    assert_equals_twin(family, few_structures()[:3])


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_equals_naive_twin_normalised_without_centre(compression) -> None:
    structures = few_structures()[:3]
    assert_equals_twin(soap(compression, normalize=True, central_weight=0.0), structures)


@pytest.mark.parametrize("compression", ["WTP", "QTPQ"])
@pytest.mark.parametrize("extra_columns", [1, 2, 50])
def test_equals_naive_twin_with_extra_columns(compression, extra_columns) -> None:
    family = soap(compression, extra_columns=extra_columns, seed=5, l_max=5)
    assert_equals_twin(family, few_structures()[:2])


@pytest.mark.parametrize("species", [("S",), ("S", "Li"), ("S", "P", "Li"), ("H", "P", "S", "Li")])
@pytest.mark.parametrize("compression", ["nu=2", "nu=1,nu_hat=1", "nu=1,mu*=1", "WTP", "QTPQ"])
def test_equals_naive_twin_for_any_number_and_order_of_elements(compression, species) -> None:
    present = [element for element in species if element != "H"]
    structures = [cluster(seed, 5, present) for seed in range(2)]
    assert_equals_twin(soap(compression, species=species, n_max=2), structures)


def test_rows_without_length_stay_zero_when_normalised() -> None:
    structures = few_structures()
    values = soap(normalize=True, central_weight=0.0).compute(structures).values
    assert not values[-1].any()
    np.testing.assert_allclose(np.linalg.norm(values[:-1], axis=1), 1, rtol=1e-14)


@pytest.mark.parametrize("compression", [c for c in COMPRESSIONS if "*" not in c])
def test_contraction_equals_contraction_of_coefficients(compression) -> None:
    """Whether or not P_l is ever formed; from the expansion's own coefficients, to rounding."""
    family = soap(compression)
    structures = few_structures()
    rows = [contracted(slices_of(c), family) for c in family.expansion(structures)]
    expected = np.array([list(row.values()) for row in rows])
    assert_close(family.compute(structures).values, expected, 1e-14)


@pytest.mark.parametrize(
    ("n_species", "n_max", "l_max"), [(1, 1, 0), (1, 4, 2), (2, 3, 1), (3, 5, 4), (4, 12, 9)]
)
def test_lengths_are_those_of_table_1(n_species, n_max, l_max) -> None:
    s, n, shells = n_species, n_max, l_max + 1
    expected = {
        "nu=2": n * s * (n * s + 1) // 2 * shells,
        "nu=1,mu=1": n**2 * s * shells,
        "nu=1,mu*=1": n * s * shells**2,
        # NS(L + 1) in the table, which is a slip: the left side keeps N S, the right one S
        "nu=1,nu_hat=1": n * s**2 * shells,
        "nu=1,mu_hat=1": n * s * shells,
        "nu_hat=2": s * (s + 1) // 2 * shells,
        "mu=2": n * (n + 1) // 2 * shells,
        "mu=1,mu_hat=1": n * shells,
        "nu_hat=1,mu=1": n * s * shells,
        "nu_hat=1,mu_hat=1": s * shells,
        "mu_hat=2": shells,
        "WTP": sum(min(2 * degree + 1, n * s) * n * s for degree in range(shells)),
        "QTPQ": sum(
            n * s - i for degree in range(shells) for i in range(min(2 * degree + 1, n * s))
        ),
    }
    if 2 * l_max + 1 <= n * s:
        assert expected["WTP"] == n * s * shells**2
        assert expected["QTPQ"] == sum((2 * d + 1) * (n * s - d) for d in range(shells))
    settings = {"species": ("V", "Nb", "Mo", "Ta")[:s], "n_max": n, "l_max": l_max}
    for compression, length in expected.items():
        family = soap(compression, **settings)
        assert family.n_components == len(set(family.component_names)) == length, compression
    for n_channels in (1, 2, 3):
        family = soap(embedding="random", n_channels=n_channels, **settings)
        columns = n * n_channels
        assert family.n_components == len(family.component_names)
        assert family.n_components == columns * (columns + 1) // 2 * shells


def test_lengths_are_those_of_figure_s2() -> None:
    settings = {"species": ("V", "Nb", "Mo", "Ta"), "n_max": 12, "l_max": 9}
    lengths = {
        "nu=2": 11760,
        "nu=1,mu=1": 5760,
        "nu=1,mu*=1": 4800,
        "nu=1,mu_hat=1": 480,
        "WTP": 4800,
    }
    for compression, length in lengths.items():
        assert soap(compression, **settings).n_components == length
    assert soap(embedding="atomic_number", **settings).n_components == 3000


@pytest.mark.parametrize("u_max", [1, 3, 9])
def test_length_of_the_optimal_basis(u_max) -> None:
    family = soap("optimal", u_max=u_max)
    assert family.n_components == len(family.component_names) == u_max * (u_max + 1) // 2 * 4


def test_products_of_equal_sides_are_the_kernel() -> None:
    """Off-diagonal entries come once, times √2, so that the dot product sums over both."""
    structures = few_structures()
    p = [full_slices(slices_of(c)) for c in soap().expansion(structures)]
    kernel = np.array(
        [[sum((a * b).sum() for a, b in zip(x, y, strict=True)) for y in p] for x in p]
    )
    values = soap().compute(structures).values
    assert_close(values @ values.T, kernel, 1e-14)


def test_embedding_of_unit_vectors_changes_nothing() -> None:
    structures = few_structures()
    unit = {element: np.eye(3)[n].tolist() for n, element in enumerate(ELEMENTS)}
    for compression in ("nu=2", "nu=1,mu=1"):
        plain = soap(compression).compute(structures).values
        assert_close(soap(compression, embedding=unit).compute(structures).values, plain, 1e-14)


def test_embedding_vectors() -> None:
    species = ("U", "S", "H", "Fe", "Ce", "Li", "He", "Hf")
    numbers = soap(species=species, embedding="atomic_number").embedding_vectors()
    assert numbers.tolist() == [[1, n] for n in (8, 4, 1, 5, 6, 3, 2, 7)]
    places = soap(species=species, embedding="group_period").embedding_vectors()
    found = dict(zip(species, places[:, 1:].tolist(), strict=True))
    assert found == {
        "U": [7, 3],
        "S": [3, 16],
        "H": [1, 1],
        "Fe": [4, 8],
        "Ce": [6, 3],
        "Li": [2, 1],
        "He": [1, 18],
        "Hf": [6, 4],
    }
    assert (places[:, 0] == 1).all()
    random = soap(species=species, embedding="random", n_channels=4, seed=1)
    fewer = soap(species=species[:3], embedding="random", n_channels=4, seed=1)
    other = soap(species=species, embedding="random", n_channels=4, seed=2)
    assert random.embedding_vectors().shape == (8, 4)
    assert np.array_equal(random.embedding_vectors()[:3], fewer.embedding_vectors())
    assert not np.isclose(random.embedding_vectors(), other.embedding_vectors()).any()


def test_mixing_matrices() -> None:
    """W keeps the rows of an element whatever else there is; Q is orthogonal."""
    three, two = (soap("WTP", species=s, extra_columns=1) for s in (ELEMENTS, ("S", "Li")))
    for degree in range(3):
        w, fewer = three.mixing(degree), two.mixing(degree)
        assert w.shape == (9, 2 * degree + 2)
        assert fewer.shape == (6, min(2 * degree + 2, 6))
        li, s = slice(0, 3), slice(6, 9)
        assert np.array_equal(w[s], fewer[:3])
        assert np.array_equal(w[li], fewer[3:])
        q = soap("QTPQ").mixing(degree)
        np.testing.assert_allclose(q.T @ q, np.eye(9), atol=1e-14)
        for other in (soap("QTPQ").mixing(degree + 1), soap("QTPQ", seed=1).mixing(degree)):
            assert not np.isclose(q, other).any()
    matrices = [soap("WTP", seed=seed).mixing(d) for seed, d in itertools.product((0, 1), (1, 2))]
    firsts = [w[:, :3].ravel() for w in matrices]
    assert not any(np.isclose(a, b).any() for a, b in itertools.combinations(firsts, 2))
    assert np.concatenate(firsts).std() == pytest.approx(1, abs=0.2)


def test_new_element_leaves_the_rest_of_wtp() -> None:
    structures = [cluster(seed, 6, ("Li", "S")) for seed in range(2)]
    few, many = (
        soap("WTP", species=s, l_max=2) for s in (("Li", "S"), ("H", "Li", "P", "S", "Fe"))
    )
    rows = dict(zip(many.component_names, many.compute(structures).values.T, strict=True))
    kept = np.array([rows.pop(name) for name in few.component_names]).T
    assert_close(few.compute(structures).values, kept, 1e-14)
    assert not np.array(list(rows.values())).any()


def recovery_errors(compression: str, extra_columns: int, n_seeds: int) -> np.ndarray:
    """For each seed the worst error of an entry of P_l beside the largest of its slice."""
    structures = [cluster(6, 9)]
    family = soap(compression, n_max=4, cutoff=4.5, extra_columns=extra_columns)
    p = [full_slices(slices_of(c)) for c in family.expansion(structures)]
    expected = [np.array(slices) for slices in zip(*p, strict=True)]
    errors = []
    for seed in range(n_seeds):
        member = dataclasses.replace(family, seed=seed)
        recovered = member.recover(member.compute(structures).values)
        assert [found.shape for found in recovered] == [(9, 12, 12)] * 4
        errors.append(
            max(
                (np.abs(a - b).max(axis=(1, 2)) / np.abs(b).max(axis=(1, 2))).max()
                for a, b in zip(recovered, expected, strict=True)
            )
        )
    return np.array(errors)


@pytest.mark.parametrize("compression", ["WTP", "QTPQ"])
def test_two_more_columns_recover_the_power_spectrum_whatever_the_seed(compression) -> None:
    """As many as the rank suffice in exact arithmetic, but are often close to dependent."""
    robust = recovery_errors(compression, 2, 50)
    bare = recovery_errors(compression, 0, 50)
    assert robust.max() < 1e-9
    assert bare.max() > 100 * robust.max()
    assert np.median(bare) < 1e-9


@pytest.mark.parametrize("compression", ["WTP", "QTPQ"])
def test_recovery_where_the_rank_is_lower_or_nothing_is_there(compression) -> None:
    """Few neighbours, elements missing, an atom alone with and without a central weight."""
    structures = [*few_structures(), cluster(7, 3)]
    for central_weight in (0.0, 1.0):
        family = soap(compression, extra_columns=2, central_weight=central_weight)
        recovered = family.recover(family.compute(structures).values)
        for atom, c in enumerate(family.expansion(structures)):
            for found, p in zip(recovered, full_slices(slices_of(c)), strict=True):
                assert_close(found[atom], p, 1e-11)


def test_recovery_as_the_paper_writes_it() -> None:
    """`recover` and section II B, step by step, find the same."""
    structures = [cluster(6, 8)]
    for compression, recovered in (("WTP", recovered_from_wtp), ("QTPQ", recovered_from_qtpq)):
        family = soap(compression, extra_columns=2)
        values = family.compute(structures).values
        found = family.recover(values)
        entries = dict(zip(family.component_names, values[0], strict=True))
        for degree in range(4):
            mixing = family.mixing(degree)
            k = min(2 * degree + 3, 9)
            kinds = [f"{element}.{n}" for element in ELEMENTS for n in range(3)]
            if compression == "WTP":
                rows = [[entries[f"W.{i}_{kind}_l{degree}"] for kind in kinds] for i in range(k)]
            else:
                rows = [
                    [entries[f"Q.{min(i, j)}_Q.{max(i, j)}_l{degree}"] for j in range(9)]
                    for i in range(k)
                ]
            assert_close(found[degree][0], recovered(np.array(rows), mixing), 1e-11)


@pytest.mark.parametrize("compression", ["nu=2", "nu=1,mu=1"])
def test_what_keeps_too_little_is_not_recovered(compression) -> None:
    family = soap(compression)
    with pytest.raises(ValueError, match=r"WTP.*QTPQ"):
        family.recover(family.compute(few_structures()).values)
