"""Names, formulas and lengths of the compressions, against what Soap makes."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from ase.data import chemical_symbols

from gmd.compression import COMPRESSIONS, SIDES, side_names
from gmd.local import Soap
from gmd.local.soap import MEMBERS

PAIRS = {side_names(name) for name, one in MEMBERS.items() if {one.left, one.right} <= set(SIDES)}
IDS = [one.name for one in COMPRESSIONS]


def soap(n_species: int = 3, *, n_max: int = 4, l_max: int = 2, **settings) -> Soap:
    species = ("Li", "P", "S", "Cl", "Br", *chemical_symbols[1:3])[:n_species]
    return Soap(species=species, cutoff=4.0, n_max=n_max, l_max=l_max, atom_sigma=0.5, **settings)


def value(formula: str, **letters: int) -> Fraction:
    """What a length printed in LaTeX is for these numbers."""
    fractions = re.sub(r"\\frac\{(\d)\}\{(\d)\}", r"(Fraction(\1,\2))", formula)
    tokens = re.findall(r"Fraction\(\d,\d\)|[A-Za-z]|\d+|[-+^()]", fractions)
    assert "".join(tokens) == fractions
    written = ""
    for before, token in zip(["+", *tokens], tokens, strict=False):
        starts = token not in "-+^)"
        ends = before not in "-+^("
        written += ("*" if starts and ends else "") + token.replace("^", "**")
    return eval(written, {"Fraction": Fraction, **letters})


def test_formulas_are_read_as_they_are_meant() -> None:
    assert value(r"\frac{1}{2}NS(NS+1)(L+1)", N=2, S=3, L=4) == 105
    assert value("N^2S(L+1)", N=3, S=5, L=1) == 90


@pytest.mark.parametrize("one", COMPRESSIONS, ids=IDS)
@pytest.mark.parametrize("n_species", [2, 3, 7])
@pytest.mark.parametrize("n_max", [5, 6])
@pytest.mark.parametrize("l_max", [0, 1, 4])
def test_printed_lengths_are_those_of_the_descriptor(one, n_species, n_max, l_max) -> None:
    settings = dict(one.settings)
    if "u_max" in settings:
        settings["u_max"] = 7
    made = soap(n_species, n_max=n_max, l_max=l_max, **settings)
    letters = {"N": n_max, "S": n_species, "L": l_max, "d": made.n_channels, "u": made.u_max}
    assert value(one.length, **letters) == made.n_components == len(made.component_names)


def test_two_elements_of_one_projected_vertex_make_the_square() -> None:
    one = next(c for c in COMPRESSIONS if c.settings["compression"] == "nu=1,nu_hat=1")
    assert one.length == "NS^2(L+1)"
    # table I of the paper has NS(L+1), which would be 36
    assert soap(3, n_max=4, l_max=2, **one.settings).n_components == 108


def test_every_compression_is_listed_once() -> None:
    assert {one.settings["compression"] for one in COMPRESSIONS} == set(MEMBERS)
    assert len({one.name for one in COMPRESSIONS}) == len(COMPRESSIONS) == len(MEMBERS) + 1
    assert len({one.label for one in COMPRESSIONS}) == len(COMPRESSIONS)
    assert len(PAIRS) == 10
    assert 'compression="nu=2", embedding="random", n_channels=2' in IDS


def test_formulas_follow_from_the_sides() -> None:
    by_name = {one.name: one for one in COMPRESSIONS}
    one = by_name['compression="nu=1,mu_hat=1"']
    assert one.label == r"\nu, \hat{\mu} = 1, 1"
    assert one.descriptor == r"p^{\alpha}_{nl} = \sum_m c^{\alpha}_{nlm} \hat{C}_{lm}"
    assert by_name['compression="mu=2"'].descriptor == r"p_{nn'l} = \sum_m C_{nlm} C_{n'lm}"


@pytest.mark.parametrize("name", ["WTP", "optimal", "nu=1,mu*=1"])
def test_others_have_no_two_sides(name) -> None:
    with pytest.raises(ValueError, match="no member of the generalised kernel"):
        side_names(name)


def test_unknown_names_are_refused() -> None:
    with pytest.raises(ValueError, match="nu=3"):
        side_names("nu=3")


@pytest.mark.parametrize("one", COMPRESSIONS, ids=IDS)
def test_absent_elements_leave_zeros_where_it_says_so(one, random_crystal) -> None:
    structures = [random_crystal(seed) for seed in (1, 2)]
    made = soap(4, n_max=2, l_max=1, **{**one.settings, **_small(one.settings)})
    if "u_max" in one.settings:
        made = made.fit(structures)
    values = made.compute(structures).values
    assert (values == 0).all(axis=0).any() == one.sparse


def _small(settings) -> dict[str, int]:
    return {"u_max": 2} if "u_max" in settings else {}


def channels(expansion, side: str, degree: int):
    """Coefficients of the channels of a side, (n_atoms, channels, 2l + 1)."""
    c = expansion[..., degree**2 : (degree + 1) ** 2]
    if not SIDES[side].sensitive:
        c = c.sum(axis=1, keepdims=True)
    if SIDES[side].projected:
        c = c.sum(axis=2, keepdims=True)
    return c.reshape(len(c), -1, 2 * degree + 1)


@pytest.mark.parametrize(
    ("side", "radial_basis", "degrees"),
    [
        ("nu", "gto", {0, 1, 2, 3}),
        # 7 functions for up to 7 dimensions
        ("mu", "gto", {0, 1, 2, 3}),
        # of which one is lost for l > 0: nothing is at the distance 0, where equispaced ones begin
        ("mu", "equispaced", {0, 1, 2}),
        # three elements
        ("nu_hat", "gto", {0, 1}),
        ("mu_hat", "gto", {0}),
    ],
)
def test_coefficients_are_spanned_by_enough_channels(
    side, radial_basis, degrees, random_crystal
) -> None:
    made = replace(soap(3, n_max=7, l_max=3), cutoff=5.0, radial_basis=radial_basis)
    expansion = made.expansion([random_crystal(4)])
    found = {degree for degree in range(4) if spanned(expansion, side, degree)}
    assert found == degrees
    compression = {"nu": "nu=2"}.get(side, f"nu=1,{side}=1")
    (one,) = (c for c in COMPRESSIONS if c.name == f'compression="{compression}"')
    assert one.lossless == {"nu": "yes", "mu_hat": "no"}.get(side, "if spanned")


def test_functions_of_its_own_let_the_total_density_span(random_crystal) -> None:
    made = replace(soap(3, n_max=5, l_max=3, compression="nu=1,mu*=1"), cutoff=5.0)
    values = made.compute([random_crystal(4)]).values
    degrees = np.array([int(name.rpartition("_l")[2]) for name in made.component_names])
    for degree in range(4):
        products = values[:, degrees == degree].reshape(-1, 15, 2 * degree + 1)
        sizes = np.linalg.svd(products, compute_uv=False)
        assert (sizes[:, -1] > 1e-8 * sizes[:, 0]).all()
    (one,) = (c for c in COMPRESSIONS if c.settings == {"compression": made.compression})
    # they span, but are no combinations of those of the elements
    assert one.lossless == "nearly"


def spanned(expansion, side: str, degree: int) -> bool:
    """Whether all coefficients are combinations of those of a side, for every atom."""
    x, b = channels(expansion, "nu", degree), channels(expansion, side, degree)
    for coefficients, others in zip(x, b, strict=True):
        _, sizes, directions = np.linalg.svd(others, full_matrices=False)
        directions = directions[sizes > 1e-10 * sizes[0]]
        rest = coefficients - coefficients @ directions.T @ directions
        if np.abs(rest).max() > 1e-6 * np.abs(coefficients).max():
            return False
    return True
