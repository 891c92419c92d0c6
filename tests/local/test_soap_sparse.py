"""Rows of compressed power spectra without the elements that are not there."""

from __future__ import annotations

import re

import ase
import numpy as np
import pytest
import scipy.sparse
from ase.data import chemical_symbols

from gmd.local import Sites
from local.naive_soap import neighbours_of
from local.soap_cases import COMPRESSIONS, cluster, few_structures, soap

MANY = tuple(chemical_symbols[3:23])
BY_ELEMENT = ["nu=2", "nu=1,mu=1", "nu=1,nu_hat=1", "nu=1,mu_hat=1", "nu=1,mu*=1", "nu_hat=2"]
BY_ELEMENT += ["nu_hat=1,mu=1", "nu_hat=1,mu_hat=1", "WTP"]


def pairs_of_many() -> list[ase.Atoms]:
    """Two of twenty elements in each structure."""
    rng = np.random.default_rng(0)
    return [cluster(s, 5, rng.choice(MANY, 2, replace=False).tolist()) for s in range(5)]


def elements_around(atoms: ase.Atoms, centre: int, cutoff: float, own: bool) -> set[str]:
    found = {atoms[centre].symbol} if own else set()
    return found | {atoms[j].symbol for j, _ in neighbours_of(atoms, centre, cutoff)}


def assert_equal_to_dense(family, structures) -> None:
    """The same bits."""
    dense = family.compute(structures, first_structure=2)
    sparse = family.compute_sparse(structures, first_structure=2)
    assert isinstance(sparse.values, scipy.sparse.csr_array)
    assert sparse.values.has_canonical_format
    assert sparse.component_names == dense.component_names
    again = sparse.dense()
    assert isinstance(again, Sites)
    assert np.array_equal(again.values, dense.values)
    assert np.array_equal(again.structure, dense.structure)
    assert np.array_equal(again.element, dense.element)
    assert again.component_names == dense.component_names


@pytest.mark.small_kernels
@pytest.mark.parametrize("normalize", [False, True])
@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_equals_dense(compression, normalize) -> None:
    assert_equal_to_dense(soap(compression, normalize=normalize), few_structures())


@pytest.mark.parametrize("compression", ["nu=2", "nu=1,mu=1", "nu=1,mu*=1"])
def test_equals_dense_with_embedding(compression) -> None:
    assert_equal_to_dense(soap(compression, embedding="random"), few_structures())


@pytest.mark.parametrize("central_weight", [0.0, 1.0])
@pytest.mark.parametrize("compression", BY_ELEMENT)
def test_two_elements_of_twenty(compression, central_weight) -> None:
    """What is stored is what a family of the elements around the atom would hold."""
    settings = {"n_max": 2, "l_max": 2, "cutoff": 2.0, "central_weight": central_weight}
    family = soap(compression, species=MANY, **settings)
    structures = pairs_of_many()
    assert_equal_to_dense(family, structures)
    rows = family.compute_sparse(structures).values
    at = 0
    for atoms in structures:
        for centre in range(len(atoms)):
            around = elements_around(atoms, centre, 2.0, central_weight > 0)
            fewer = {**settings, "species": tuple(around)}
            length = soap(compression, **fewer).n_components if around else 0
            if compression == "WTP":
                # 1 + 3 + 5 columns, of which a family of few elements has no use for all
                length = len(around) * 2 * 9
            stored = rows.indices[rows.indptr[at] : rows.indptr[at + 1]]
            assert stored.size == length
            names = [family.component_names[column] for column in stored]
            assert set(re.findall(r"([A-Z][a-z]?)\.", " ".join(names))) - {"W"} <= around
            at += 1
    assert rows.nnz < 0.2 * rows.shape[0] * rows.shape[1]


def test_no_structures() -> None:
    sparse = soap().compute_sparse([])
    assert sparse.values.shape == (0, soap().n_components)
