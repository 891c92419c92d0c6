"""Descriptors against numbers from elsewhere, a naive twin and their own identities."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from common import ELEMENTS, WEIGHTS
from gmd.descriptors import DescriptorSpace, read_gsd, read_layout, read_space, space_to_table
from gmd.local import Chebyshev, Sites
from gmd.storage import write_parquet


def moments_naive(rows: np.ndarray, degree: int) -> np.ndarray:
    """Mean and central moments, stacked; zeros for no rows."""
    if len(rows) == 0:
        return np.zeros(degree * rows.shape[1])
    mean = rows.mean(axis=0)
    higher = [((rows - mean) ** order).mean(axis=0) for order in range(2, degree + 1)]
    return np.concatenate([mean, *higher])


def sizes_naive(rows: np.ndarray, degree: int) -> np.ndarray:
    """What the terms of :func:`moments_naive` amount to without cancellation."""
    if len(rows) == 0:
        return np.zeros(degree * rows.shape[1])
    mean = np.abs(rows).mean(axis=0)
    higher = [((np.abs(rows) + mean) ** order).mean(axis=0) for order in range(2, degree + 1)]
    return np.concatenate([mean, *higher])


def gsd_naive(
    label: str,
    values: np.ndarray,
    element: np.ndarray,
    weights: dict[str, float],
    absent: str = "zero",
    method_ii: str = "moments",
    moments: Callable[[np.ndarray, int], np.ndarray] = moments_naive,
) -> np.ndarray:
    """One structure's descriptor, straight from the definition."""
    i, j, k = map(int, label)

    def of(name: str) -> np.ndarray:
        return gsd_naive(name, values, element, weights, absent, method_ii, moments)

    if k == 5:
        return np.concatenate([of(f"{i}{j}4"), of(f"0{j}0")])
    if k == 4:
        return np.concatenate([of(f"{i}{j}2"), of(f"{i}02")])
    if k == 2:
        return np.concatenate([of(f"{i}{j}0"), of(f"{i}{j}1")])
    d = values.shape[1]
    ceds = {e: moments(values[element == e], max(j, 1)) for e in weights}
    if i == 0:
        if method_ii == "repeated" and j >= 3:
            pieces = {e: c.reshape(j, d) for e, c in ceds.items()}
            ceds = {e: np.concatenate([p[0], *([p[-1]] * (j - 1))]) for e, p in pieces.items()}
        return np.concatenate(list(ceds.values()))
    missing = [e for e in weights if not (element == e).any()]
    if j == 0:
        rows = values * np.array([weights[e] if k else 1.0 for e in element])[:, None]
        if absent == "zero":
            rows = np.vstack([rows, np.zeros((len(missing), d))])
        return moments(rows, i)
    chosen = [e for e in weights if absent == "zero" or e not in missing]
    return moments(np.array([ceds[e] * (weights[e] if k else 1.0) for e in chosen]), i)


def random_sites(seed: int, *, structures: int = 6, d: int = 4) -> Sites:
    rng = np.random.default_rng(seed)
    counts = rng.integers(1, 9, structures)
    return Sites(
        rng.normal(size=(counts.sum(), d)) * 10.0 ** rng.integers(-3, 4, d),
        np.repeat(np.arange(structures), counts),
        rng.choice(ELEMENTS, counts.sum()),
    )


def space_of(sites: Sites, **settings) -> DescriptorSpace:
    return DescriptorSpace.from_sites(
        sites, **{"weights": WEIGHTS, "elements": ELEMENTS, **settings}
    )


@pytest.mark.parametrize("absent", ["zero", "exclude"])
def test_equals_reference(reference_structures, reference_numbers, absent) -> None:
    for atoms in reference_structures:
        name = atoms.info["name"]
        sites = Sites(
            reference_numbers[f"laed48_{name}"], [0] * len(atoms), atoms.get_chemical_symbols()
        )
        space = space_of(sites, absent_elements=absent)
        expected = reference_numbers[f"sigma555_{absent}_{name}"]
        # orders up to 25 of differences: the rounding of a column goes with its largest terms
        np.testing.assert_allclose(space.matrix("555")[0], expected, rtol=1e-10, atol=1e-11)
        for label in space.labels:
            columns = space.layout.columns(label)
            assert np.array_equal(space.matrix(label)[0], space.matrix("555")[0][columns])


def test_from_structures_to_reference(reference_structures, reference_numbers) -> None:
    sites = Chebyshev(weights=WEIGHTS).compute(reference_structures)
    values = space_of(sites).matrix("555")
    for row, atoms in zip(values, reference_structures, strict=True):
        expected = reference_numbers[f"sigma555_zero_{atoms.info['name']}"]
        np.testing.assert_allclose(row, expected, rtol=1e-9, atol=1e-10)


@pytest.mark.small_kernels
@pytest.mark.parametrize("absent", ["zero", "exclude"])
@pytest.mark.parametrize("method_ii", ["moments", "repeated"])
@pytest.mark.parametrize(("outer", "inner"), [(5, 5), (2, 3), (1, 1)])
def test_equals_naive_twin(absent, method_ii, outer, inner) -> None:
    weights = {"Li": -1.0, "P": 0.5, "S": 2.0}
    sites = random_sites(outer)
    space = space_of(
        sites,
        weights=weights,
        max_outer=outer,
        max_inner=inner,
        absent_elements=absent,
        method_ii=method_ii,
    )
    for label in space.labels:
        matrix = space.matrix(label)
        assert matrix.shape == (6, space.complexity(label) * sites.n_components)
        for s, row in enumerate(matrix):
            here = sites.structure == s
            given = (label, sites.values[here], sites.element[here], weights, absent, method_ii)
            size = gsd_naive(*given, moments=sizes_naive)
            assert (np.abs(row - gsd_naive(*given)) <= 1e-13 * size).all(), label


def test_moments_over_three_rows() -> None:
    """Any three numbers have μ_4 = 1.5 μ_2² and μ_5 = 2.5 μ_2 μ_3."""
    space = space_of(random_sites(1, structures=40))
    d, names = space.layout.n_components, space.layout.column_names
    for weighted in (0, 1):
        for inner in range(1, 6):
            columns = {
                outer: [names.index(f"o{outer}_i{inner}_w{weighted}_x_{c}") for c in range(d)]
                for outer in range(2, 6)
            }
            mu = {outer: space.values[:, c] for outer, c in columns.items()}
            scale = np.abs(mu[2]).max(axis=0)
            np.testing.assert_allclose(mu[4] / scale**2, 1.5 * (mu[2] / scale) ** 2, atol=1e-12)
            # nothing but rounding is left where weights make one row of the three vanish
            np.testing.assert_allclose(
                mu[5] / scale**2.5, 2.5 * mu[2] * mu[3] / scale**2.5, atol=1e-12
            )


def test_absent_element_adds_zeros_or_nothing() -> None:
    sites = Sites([[2.0], [4.0]], [0, 0], ["Li", "S"])
    zero, exclude = (space_of(sites, absent_elements=a) for a in ("zero", "exclude"))
    assert zero.matrix("110")[0, 0] == pytest.approx(2.0)
    assert exclude.matrix("110")[0, 0] == pytest.approx(3.0)
    assert zero.matrix("100")[0, 0] == pytest.approx(2.0)
    assert exclude.matrix("100")[0, 0] == pytest.approx(3.0)
    assert zero.matrix("010").tolist() == exclude.matrix("010").tolist() == [[2.0, 0.0, 4.0]]


def test_atoms_of_zero_weight_still_count() -> None:
    sites = Sites([[2.0], [4.0], [6.0]], [0, 0, 0], ["Li", "P", "S"])
    assert space_of(sites).matrix("101")[0, 0] == pytest.approx((-2 + 0 + 6) / 3)


def test_permuted_atoms_make_the_same_descriptor() -> None:
    sites = random_sites(3)
    order = np.random.default_rng(0).permutation(len(sites))
    mixed = Sites(sites.values[order], sites.structure[order], sites.element[order])
    np.testing.assert_allclose(
        space_of(mixed).values, space_of(sites).values, rtol=1e-9, atol=1e-12
    )


def test_rows_of_structures_may_alternate() -> None:
    sites = random_sites(3)
    rank = np.concatenate([np.arange(n) for n in np.bincount(sites.structure)])
    order = np.argsort(rank, kind="stable")  # every structure's first atom, then the second ...
    mixed = Sites(sites.values[order], sites.structure[order], sites.element[order])
    assert (np.diff(mixed.structure) < 0).any()
    assert np.array_equal(space_of(mixed).values, space_of(sites).values)


def test_subset_equals_slice_and_chunks_equal_one_piece() -> None:
    sites = random_sites(4)
    whole = space_of(sites)
    pieces = []
    for s in whole.structures:
        here = sites.structure == s
        pieces.append(Sites(sites.values[here], sites.structure[here], sites.element[here]))
        assert np.array_equal(space_of(pieces[-1]).values[0], whole.values[s])
    chunked = space_of(reversed(pieces))
    assert np.array_equal(chunked.values, whole.values)
    assert np.array_equal(chunked.structures, whole.structures)


def test_column_names_say_what_columns_are() -> None:
    sites = Sites([[1.0, 10.0], [3.0, 30.0], [5.0, 50.0]], [0, 0, 0], ["Li", "Li", "S"])
    space = space_of(sites, absent_elements="exclude")
    value = dict(zip(space.column_names("555"), space.matrix("555")[0], strict=True))
    assert len(value) == 75 * 2
    assert value["Li_i1_x_1"] == pytest.approx(20.0)
    assert value["Li_i2_x_0"] == pytest.approx(1.0)
    assert value["P_i1_x_0"] == 0.0
    assert value["o1_w0_x_0"] == pytest.approx(3.0)
    assert value["o1_w1_x_0"] == pytest.approx((-1 - 3 + 5) / 3)
    assert value["o1_i1_w1_x_1"] == pytest.approx((-20 + 50) / 2)


@pytest.mark.parametrize("method_ii", ["moments", "repeated"])
def test_table_keeps_every_bit(tmp_path, method_ii) -> None:
    space = space_of(random_sites(5), method_ii=method_ii)
    path = tmp_path / "descriptors.parquet"
    write_parquet(space_to_table(space), path, settings={})
    assert read_layout(path) == space.layout
    assert np.array_equal(read_space(path).values, space.values)
    for label in ("232", "050", space.notation.full):
        gsd = read_gsd(path, label)
        assert gsd.column_names[0] == "structure"
        matrix = gsd.drop_columns("structure").to_pandas().to_numpy()
        assert np.array_equal(matrix, space.matrix(label))


def test_contradictions_are_named(tmp_path) -> None:
    sites = random_sites(6)
    with pytest.raises(ValueError, match="not among the elements Li, S"):
        space_of(sites, elements=("Li", "S"))
    with pytest.raises(ValueError, match="no weight for P"):
        space_of(sites, weights={"Li": 1, "S": 1})
    with pytest.raises(ValueError, match="'skip' is unknown"):
        space_of(sites, absent_elements="skip")
    with pytest.raises(ValueError, match="'all' is unknown"):
        space_of(sites, method_ii="all")
    with pytest.raises(ValueError, match="given more than once: Li"):
        space_of(sites, elements=("Li", "Li", "P", "S"))
    with pytest.raises(ValueError, match="at least one structure"):
        space_of([])
    with pytest.raises(ValueError, match="structure 0 is spread over several chunks"):
        space_of([sites, sites])
    with pytest.raises(ValueError, match="is not finite"):
        space_of(Sites([[1e200], [-1e200]], [0, 0], ["Li", "Li"]))
    path = tmp_path / "other.parquet"
    write_parquet(space_to_table(space_of(sites)).replace_schema_metadata({}), path, settings={})
    with pytest.raises(ValueError, match="holds no descriptor space"):
        read_layout(path)
