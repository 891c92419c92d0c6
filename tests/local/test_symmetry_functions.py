"""Symmetry functions: by hand, against a naive twin, and against DScribe."""

from __future__ import annotations

import itertools
import json
import math

import ase
import ase.build
import numba
import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from gmd.local import SymmetryFunctions, family_settings, local_family, traditional_parameters

SPECIES = ("P", "Li", "S")  # in no natural order
G2 = ((0.3, 0.0), (1.2, 1.5), (0.0, 0.0))
G4 = (
    (0.05, 1.0, -1.0),
    (0.0, 16.0, 1.0),
    (0.05, 3.0, 1.0),
    (0.2, 2.5, -0.5),
    (0.05, 6.0, 1.0),
    (0.2, 1.0, -1.0),
    (0.05, 2.0, -1.0),
)
WEIGHTS = {"Li": -1.0, "P": 0.25, "S": 2.0}
COMPRESSIONS = ("nu=2", "nu=1,mu=1", "mu=2", "weighted")


def family(compression: str = "nu=2", cutoff: float = 4.0, **settings) -> SymmetryFunctions:
    if compression == "weighted":
        settings = {"weights": WEIGHTS, **settings}
    return SymmetryFunctions(
        **{
            "species": SPECIES,
            "cutoff": cutoff,
            "compression": compression,
            "g2": G2,
            "g4": G4,
            **settings,
        }
    )


def found_neighbours(atoms: ase.Atoms, i: int, cutoff: float) -> list[tuple[np.ndarray, str]]:
    """Vectors and elements of all neighbours, by counting cells."""
    cell = atoms.cell.complete().array
    heights = 1 / np.linalg.norm(np.linalg.inv(cell), axis=0)
    spread = np.ptp(atoms.get_scaled_positions(wrap=False), axis=0) if atoms.pbc.any() else 0
    cells = np.where(atoms.pbc, np.ceil(cutoff / heights + spread) + 1, 0).astype(int)
    shifts = [np.array(s) @ cell for s in itertools.product(*(range(-n, n + 1) for n in cells))]
    return [
        (vector, atoms[j].symbol)
        for j in range(len(atoms))
        for vector in (atoms.positions[j] + shift - atoms.positions[i] for shift in shifts)
        if 1e-9 < np.linalg.norm(vector) < cutoff
    ]


def naive(atoms: ase.Atoms, wanted: SymmetryFunctions) -> np.ndarray:
    """The definitions in loops, each component by its name."""

    def fc(r: float) -> float:
        return 0.5 * (1 + math.cos(math.pi * r / wanted.cutoff)) if r < wanted.cutoff else 0.0

    rows = []
    for i in range(len(atoms)):
        sums = dict.fromkeys(wanted.component_names, 0.0)
        neighbours = found_neighbours(atoms, i, wanted.cutoff)
        for vector, element in neighbours:
            r = float(np.linalg.norm(vector))
            for f, (eta, shift) in enumerate(wanted.g2):
                value = math.exp(-eta * (r - shift) ** 2) * fc(r)
                if wanted.compression == "weighted":
                    sums[f"wG2_{f}"] += wanted.weights[element] * value
                else:
                    sums[f"G2_{element}_{f}"] += value
        for (one, first), (other, second) in itertools.combinations(neighbours, 2):
            r, s, t = (float(np.linalg.norm(v)) for v in (one, other, one - other))
            product = fc(r) * fc(s) * fc(t)
            cosine = float(np.clip(one @ other / (r * s), -1, 1))
            pair = sorted((first, second), key=wanted.species.index)
            for f, (eta, zeta, strength) in enumerate(wanted.g4):
                value = 2 ** (1 - zeta) * (1 + strength * cosine) ** zeta * product
                value *= math.exp(-eta * (r * r + s * s + t * t))
                if wanted.compression == "nu=2":
                    sums[f"G4_{pair[0]}_{pair[1]}_{f}"] += value
                elif wanted.compression == "nu=1,mu=1":
                    for element in {first, second}:
                        sums[f"G4_{element}_{f}"] += value
                elif wanted.compression == "mu=2":
                    sums[f"G4_{f}"] += value
                else:
                    sums[f"wG4_{f}"] += wanted.weights[first] * wanted.weights[second] * value
        rows.append(list(sums.values()))
    return np.array(rows)


@pytest.mark.small_kernels
@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("pbc", [(True, False, True), (False,) * 3])
def test_equals_naive_twin(random_crystal, compression, pbc) -> None:
    wanted = family(compression, cutoff=4.0 if any(pbc) else 6.0)
    atoms = random_crystal(1, n_atoms=6, edge=4.0)
    atoms.symbols = ["Li", "S", "P", "P", "S", "Li"]
    atoms.positions += 7.0  # not wrapped
    atoms.pbc = pbc
    expected = naive(atoms, wanted)
    assert expected.any(axis=0).all()
    np.testing.assert_allclose(
        wanted.compute([atoms]).values, expected, rtol=1e-12, atol=1e-14 * np.abs(expected).max()
    )


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_equals_naive_twin_with_many_neighbours(random_crystal, compression) -> None:
    """Blocks of pairs are filled many times over, in a cell far below the cutoff."""
    wanted = family(compression, cutoff=4.5)
    atoms = random_crystal(5, n_atoms=4, edge=3.0)
    atoms.symbols = ["Li", "S", "S", "P"]
    assert len(found_neighbours(atoms, 0, 4.5)) > 40
    np.testing.assert_allclose(wanted.compute([atoms]).values, naive(atoms, wanted), rtol=1e-12)


@pytest.mark.parametrize("n_functions", range(10))
def test_any_number_of_functions(random_crystal, n_functions) -> None:
    g4 = (*G4, (0.2, 4.0, -1.0), (0.05, 1.0, 1.0))[:n_functions]
    wanted = family(g2=G2[: 9 - n_functions], g4=g4, cutoff=3.5)
    atoms = random_crystal(2, n_atoms=4, edge=3.6)
    np.testing.assert_allclose(
        wanted.compute([atoms]).values, naive(atoms, wanted), rtol=1e-12, atol=1e-15
    )


def dscribe_rows(atoms: ase.Atoms, wanted: SymmetryFunctions) -> np.ndarray:
    """Rows in this order of elements from DScribe, which adds a G1 for every element."""
    dscribe = pytest.importorskip("dscribe.descriptors")
    peer = dscribe.ACSF(
        r_cut=wanted.cutoff,
        g2_params=wanted.g2,
        g4_params=wanted.g4,
        species=wanted.species,
        periodic=bool(atoms.pbc.any()),
    )
    rows = peer.create(atoms)
    n_species, n2, n4 = len(wanted.species), len(wanted.g2) + 1, len(wanted.g4)
    # it sorts by atomic number, and pairs by the larger of the two
    by_number = sorted(wanted.species, key=lambda element: ase.Atom(element).number)
    radial = rows[:, : n_species * n2].reshape(len(rows), n_species, n2)[:, :, 1:]
    pairs = [(by_number[b], by_number[a]) for a in range(n_species) for b in range(a + 1)]
    places = {frozenset(pair): place for place, pair in enumerate(pairs)}
    angular = rows[:, n_species * n2 :].reshape(len(rows), len(pairs), n4)
    mine = itertools.combinations_with_replacement(wanted.species, 2)
    radial = radial[:, [by_number.index(element) for element in wanted.species]]
    angular = angular[:, [places[frozenset(pair)] for pair in mine]]
    return np.concatenate([radial.reshape(len(rows), -1), angular.reshape(len(rows), -1)], axis=1)


def peers() -> dict[str, tuple[ase.Atoms, tuple[str, ...]]]:
    rocksalt = ase.build.bulk("NaCl", "rocksalt", a=5.64) * (2, 1, 1)
    rocksalt.rattle(0.1, seed=1)
    silicon = ase.build.bulk("Si", cubic=True)
    perovskite = ase.build.bulk("Cu", cubic=True, a=3.9) * (1, 1, 2)
    perovskite.symbols = ["Sr", "O", "Ti", "O"] * 2
    perovskite.rattle(0.2, seed=2)
    return {
        "rocksalt": (rocksalt, ("Cl", "Na")),
        "silicon": (silicon, ("Si",)),
        "four elements": (perovskite, ("Ti", "O", "Sr", "H")),
        "ethanol": (ase.build.molecule("CH3CH2OH"), ("O", "H", "C")),
        "thiophene": (ase.build.molecule("C4H4S"), ("C", "H", "S")),
    }


@pytest.mark.parametrize("name", peers())
@pytest.mark.parametrize("cutoff", [4.0, 6.0])
def test_equals_dscribe_with_traditional_parameters(name, cutoff) -> None:
    atoms, species = peers()[name]
    g2, g4 = traditional_parameters(cutoff)
    wanted = SymmetryFunctions(species=species, cutoff=cutoff, g2=g2, g4=g4)
    expected = dscribe_rows(atoms, wanted)
    np.testing.assert_allclose(
        wanted.compute([atoms]).values, expected, rtol=1e-10, atol=1e-13 * expected.max()
    )


def test_equals_dscribe_with_other_parameters(random_crystal) -> None:
    atoms = random_crystal(3)
    wanted = family(cutoff=5.0)
    np.testing.assert_allclose(
        wanted.compute([atoms]).values, dscribe_rows(atoms, wanted), rtol=1e-10
    )


def full_blocks(values: np.ndarray, n2: int, n4: int) -> tuple[np.ndarray, np.ndarray]:
    """G2 of three species, and G4 as a symmetric array of elements by elements."""
    n = len(values)
    blocks = np.zeros((n, 3, 3, n4))
    for place, (a, b) in enumerate(itertools.combinations_with_replacement(range(3), 2)):
        block = values[:, 3 * n2 + place * n4 : 3 * n2 + (place + 1) * n4]
        blocks[:, a, b] = blocks[:, b, a] = block
    return values[:, : 3 * n2], blocks


@pytest.mark.parametrize("seed", range(3))
def test_compressions_are_sums_of_the_full_blocks(random_crystal, seed) -> None:
    atoms = random_crystal(seed, n_atoms=9)
    settings = {"species": SPECIES, "cutoff": 6.0}
    n2, n4 = (len(functions) for functions in traditional_parameters(6.0))
    full = SymmetryFunctions(**settings).compute([atoms]).values
    radial, blocks = full_blocks(full, n2, n4)
    upper = blocks[:, *np.triu_indices(3)]
    half = SymmetryFunctions(**settings, compression="nu=1,mu=1").compute([atoms]).values
    total = SymmetryFunctions(**settings, compression="mu=2").compute([atoms]).values
    assert np.array_equal(half[:, : 3 * n2], radial)
    assert np.array_equal(total[:, : 3 * n2], radial)
    np.testing.assert_allclose(half[:, 3 * n2 :].reshape(-1, 3, n4), blocks.sum(axis=2), rtol=1e-14)
    np.testing.assert_allclose(total[:, 3 * n2 :], upper.sum(axis=1), rtol=1e-14)
    weights = {"P": 0.5, "Li": 3.0, "S": 7.0}
    weighted = SymmetryFunctions(**settings, compression="weighted", weights=weights)
    w = np.array([weights[element] for element in SPECIES])
    products = np.outer(w, w)[np.triu_indices(3)]
    np.testing.assert_allclose(
        weighted.compute([atoms]).values,
        np.concatenate(
            [
                np.einsum("aef,e->af", radial.reshape(-1, 3, n2), w),
                np.einsum("apf,p->af", upper, products),
            ],
            axis=1,
        ),
        rtol=1e-14,
    )


def test_a_triangle_counts_once_in_each_of_its_elements() -> None:
    """Three atoms at the corners of an equilateral triangle, cos = 1/2."""
    r, cutoff = 2.0, 6.0
    atoms = ase.Atoms("LiSP", positions=[[0, 0, 0], [r, 0, 0], [r / 2, r * math.sqrt(0.75), 0]])
    g4 = ((0.1, 2.0, 1.0),)
    value = 0.5 * 1.5**2 * math.exp(-0.1 * 3 * r * r) * 0.75**3  # fc(2 Å of 6 Å) = 3/4
    half = family("nu=1,mu=1", cutoff, g2=(), g4=g4)
    assert half.component_names == ("G4_P_0", "G4_Li_0", "G4_S_0")
    np.testing.assert_allclose(half.compute([atoms]).values[0], [value, 0, value], rtol=1e-14)
    atoms.symbols = "LiSS"
    np.testing.assert_allclose(half.compute([atoms]).values[0], [0, 0, value], rtol=1e-14)
    weighted = family("weighted", cutoff, g2=(), g4=g4, weights=None)
    np.testing.assert_allclose(weighted.compute([atoms]).values[0], [16 * 16 * value], rtol=1e-14)


@pytest.mark.small_kernels
def test_dimer_by_hand() -> None:
    r = 2.0
    atoms = ase.Atoms("LiS", positions=[[0, 0, 0], [0, 0, r]])
    wanted = family(cutoff=6.0)
    row = dict(zip(wanted.component_names, wanted.compute([atoms]).values[0], strict=True))
    for f, (eta, shift) in enumerate(G2):
        expected = 0.75 * math.exp(-eta * (r - shift) ** 2)
        assert row.pop(f"G2_S_{f}") == pytest.approx(expected, rel=1e-14)
    assert not any(row.values())  # one neighbour makes no angle


def test_neighbours_too_far_from_each_other_make_no_triangle() -> None:
    atoms = ase.Atoms("SLiS", positions=[[-2.1, 0, 0], [0, 0, 0], [2.1, 0, 0]])
    wanted = family(cutoff=4.2 * (1 + 1e-12))
    n_radial = len(SPECIES) * len(G2)
    assert wanted.compute([atoms]).values[1, :n_radial].any()
    assert wanted.compute([atoms]).values[1, n_radial:].max() < 1e-20
    assert not family(cutoff=4.2 * (1 - 1e-12)).compute([atoms]).values[1, n_radial:].any()


def test_wide_and_narrow_functions() -> None:
    """Exponents far below the smallest number give zero."""
    atoms = ase.Atoms("SLiS", positions=[[-1.5, 1, 0], [0, 0, 0], [1.5, 1, 0]])
    wanted = family(g2=((1e5, 0.0), (1e308, 0.0), (0.0, 0.0)), g4=((1e3, 1.0, 1.0),))
    values = wanted.compute([atoms]).values
    assert np.isfinite(values).all()
    assert values.any()
    assert not values[:, [0, 1, 3, 4, 6, 7]].any()
    assert not values[:, 9:].any()


@pytest.fixture(params=COMPRESSIONS)
def any_family(request) -> SymmetryFunctions:
    settings = {"species": SPECIES, "cutoff": 4.5, "compression": request.param}
    return SymmetryFunctions(**settings)


def assert_same(found: np.ndarray, expected: np.ndarray) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12 * np.abs(expected).max())


@pytest.mark.parametrize("seed", range(2))
def test_symmetries(random_crystal, any_family, seed) -> None:
    atoms = random_crystal(seed)
    expected = any_family.compute([atoms]).values
    turn = Rotation.random(random_state=seed).as_matrix()
    turned = atoms.copy()
    turned.set_cell(atoms.cell @ turn)
    turned.positions = atoms.positions @ turn + [3.0, -12.0, 0.4]
    assert_same(any_family.compute([turned]).values, expected)
    turned.wrap()
    assert_same(any_family.compute([turned]).values, expected)
    order = np.random.default_rng(seed).permutation(len(atoms))
    assert_same(any_family.compute([atoms[order]]).values, expected[order])
    repeated = any_family.compute([atoms.repeat((2, 1, 2))]).values
    assert_same(repeated, np.tile(expected, (4, 1)))


def test_threads_do_not_change_a_bit(random_crystal, any_family) -> None:
    structures = [random_crystal(seed) for seed in range(5)]
    structures.insert(2, random_crystal(9).repeat((7, 6, 7)))  # shared out atom by atom
    before = numba.get_num_threads()
    try:
        results = []
        for threads in {1, min(2, numba.config.NUMBA_NUM_THREADS)}:
            numba.set_num_threads(threads)
            results.append(any_family.compute(structures).values)
    finally:
        numba.set_num_threads(before)
    assert all(np.array_equal(results[0], other) for other in results)


def central_differences(
    atoms: ase.Atoms, wanted: SymmetryFunctions, centre: int, step: float = 1e-3
) -> np.ndarray:
    """Of the fourth order."""
    derivatives = np.zeros((len(atoms), 3, wanted.n_components))
    for atom, axis in np.ndindex(len(atoms), 3):
        moved = []
        for steps in (-2, -1, 1, 2):
            copy = atoms.copy()
            copy.positions[atom, axis] += steps * step
            moved.append(copy)
        values = wanted.compute(moved).values.reshape(4, len(atoms), -1)[:, centre]
        derivatives[atom, axis] = np.array([1, -8, 8, -1]) @ values / (12 * step)
    return derivatives


@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("periodic", [True, False])
def test_derivatives_equal_finite_differences(random_crystal, compression, periodic) -> None:
    """Also by atoms whose images are neighbours of each other and of the centre."""
    wanted = family(compression, cutoff=4.4)
    atoms = random_crystal(4, n_atoms=4, edge=4.1)
    atoms.symbols = ["Li", "S", "P", "S"]
    atoms.pbc = periodic
    found = wanted.derivatives(atoms, 1)
    by_atom = found.by_atom(len(atoms))
    expected = central_differences(atoms, wanted, 1)
    scale = np.abs(expected).max(axis=(0, 1))
    assert (scale > 0).sum() > scale.size / 2
    assert (np.abs(by_atom - expected).max(axis=(0, 1)) <= 1e-8 * scale + 1e-14).all()
    residue = np.abs(by_atom.sum(axis=0)).max(axis=0)
    assert (residue <= 1e-13 * np.abs(by_atom).max(axis=(0, 1))).all()


@pytest.mark.small_kernels
def test_derivatives_of_a_bond_by_hand() -> None:
    """Along the bond: of exp(-eta r^2) fc(r), with fc = 3/4 at 2 Å of 6 Å."""
    atoms = ase.Atoms("LiS", positions=[[0, 0, 0], [0, 2.0, 0]])
    wanted = family(cutoff=6.0, g2=((0.3, 0.0),), g4=())
    found = wanted.derivatives(atoms, 0)
    assert found.centre == 0
    assert found.neighbour.tolist() == [1]
    assert np.array_equal(found.vector, [[0, 2.0, 0]])
    slope = -math.pi / 12 * math.sin(math.pi / 3)
    expected = np.zeros((1, 3, 3))
    expected[0, 1, 2] = math.exp(-1.2) * (slope - 2 * 0.3 * 2.0 * 0.75)
    np.testing.assert_allclose(found.values, expected, rtol=1e-14)


def test_derivatives_with_straight_lines() -> None:
    """Where 1 + lambda cos is zero, nothing is divided by it."""
    atoms = ase.Atoms("SLiSS", positions=[[-1.8, 0, 0], [0, 0, 0], [1.8, 0, 0], [3.1, 0, 0]])
    wanted = family(cutoff=5.0)
    by_atom = wanted.derivatives(atoms, 1).by_atom(4)
    expected = central_differences(atoms, wanted, 1)
    np.testing.assert_allclose(by_atom, expected, atol=1e-8 * np.abs(expected).max())


def test_derivatives_of_a_lone_atom_are_none() -> None:
    found = family().derivatives(ase.Atoms("Li"), 0)
    assert found.values.shape == (0, 3, family().n_components)
    assert not found.by_atom(1).any()


@pytest.mark.parametrize("centre", [-1, 2])
def test_derivatives_of_no_atom_are_refused(centre) -> None:
    with pytest.raises(ValueError, match=f"centre={centre}: the structure has atoms 0 to 1"):
        family().derivatives(ase.Atoms("LiS", positions=[[0, 0, 0], [0, 0, 2]]), centre)


def test_elements_that_are_not_near_leave_exact_zeros() -> None:
    atoms = ase.build.bulk("Li", "fcc", a=4.0)
    wanted = family()
    row = dict(zip(wanted.component_names, wanted.compute([atoms]).values[0], strict=True))
    for name, value in row.items():
        assert (value != 0) == ("P" not in name and "S" not in name), name


def test_traditional_parameters() -> None:
    g2, g4 = traditional_parameters(6.5)
    assert (len(g2), len(g4)) == (8, 43)
    # as aenet's files write them, in Å^-2
    expected = [0.003214, 0.035711, 0.071421, 0.124987, 0.214264, 0.357106, 0.714213, 1.428426]
    np.testing.assert_allclose([eta for eta, _ in g2], expected, atol=5e-7)
    assert {shift for _, shift in g2} == {0.0}
    assert len(set(g4)) == 43
    etas = sorted({eta for eta, _, _ in g4})
    np.testing.assert_allclose(
        np.array(etas) * 0.52917721067**2, [1e-4, 3e-3, 8e-3, 0.015, 0.025, 0.045, 0.08]
    )
    assert (etas[-1], 16.0, 1.0) in g4
    assert (etas[-1], 16.0, -1.0) not in g4
    half = traditional_parameters(3.25)
    np.testing.assert_allclose(np.array(half[1])[:, 0], 4 * np.array(g4)[:, 0])
    assert [one[1:] for one in half[1]] == [one[1:] for one in g4]


def test_scaled_structures_have_the_same_values(random_crystal) -> None:
    """The traditional parameters go with the cutoff."""
    atoms = random_crystal(0)
    larger = atoms.copy()
    larger.set_cell(1.5 * atoms.cell.array, scale_atoms=True)
    values = SymmetryFunctions(species=SPECIES, cutoff=4.0).compute([atoms]).values
    scaled = SymmetryFunctions(species=SPECIES, cutoff=6.0).compute([larger]).values
    np.testing.assert_allclose(scaled, values, rtol=1e-10)


def test_components_are_named_in_order() -> None:
    names = family(g2=G2[:2], g4=G4[:1]).component_names
    assert names[:3] == ("G2_P_0", "G2_P_1", "G2_Li_0")
    assert names[6:] == (
        "G4_P_P_0",
        "G4_P_Li_0",
        "G4_P_S_0",
        "G4_Li_Li_0",
        "G4_Li_S_0",
        "G4_S_S_0",
    )
    assert family("mu=2", g2=(), g4=G4[:2]).component_names == ("G4_0", "G4_1")
    names = family("weighted", g2=G2[:1], g4=G4[:2]).component_names
    assert names == ("wG2_0", "wG4_0", "wG4_1")
    lengths = {"nu=2": 24 + 6 * 43, "nu=1,mu=1": 3 * 51, "mu=2": 24 + 43, "weighted": 51}
    for compression, length in lengths.items():
        laed = SymmetryFunctions(species=SPECIES, cutoff=6.0, compression=compression)
        assert laed.n_components == len(set(laed.component_names)) == length


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_settings_go_through_a_file_and_back(compression) -> None:
    for laed in (
        family(compression),
        SymmetryFunctions(species=SPECIES, cutoff=6.0, compression=compression),
    ):
        settings = json.loads(json.dumps(family_settings(laed)))
        assert settings["family"] == "acsf"
        assert local_family(settings) == laed
        assert hash(local_family(settings)) == hash(laed)


def test_element_that_is_not_named_is_refused() -> None:
    structures = [ase.Atoms("Li"), ase.Atoms("SGe", positions=[[0, 0, 0], [0, 0, 2]])]
    message = "structure 6 holds Ge, which is not among the species; these are P, Li, S"
    with pytest.raises(ValueError, match=message):
        family().compute(structures, first_structure=5)


def test_atoms_on_one_place_are_named() -> None:
    with pytest.raises(ValueError, match="structure 0: atoms 0 and 1 are on the same place"):
        family().compute([ase.Atoms("Li2", positions=np.zeros((2, 3)))])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"species": "LiS"}, "give a list of elements"),
        ({"species": []}, "give every element once"),
        ({"species": ["Li", "Li"]}, "give every element once"),
        ({"species": ["Li", "Xx"]}, "'Xx' is none"),
        ({"cutoff": 0.0}, "give a finite number in Å, above 0"),
        ({"cutoff": math.nan}, "give a finite number in Å, above 0"),
        (
            {"compression": "nu=3"},
            r"'nu=3' is unknown \(did you mean nu=2\?\); choose one of 'nu=2'",
        ),
        ({"g2": [[1.0]]}, r"g2, function 0 is \(1.0,\); give a list of \(eta, r_s\)"),
        ({"g2": 3}, "g2=3: give a list"),
        ({"g2": [[math.inf, 0]]}, "all finite"),
        ({"g4": [[0.1, "a", 1]]}, r"give a list of \(eta, zeta, lambda\)"),
        ({"g4": [[0.1, 1, 1], [-0.1, 1, 1]]}, "g4, function 1: eta=-0.1, which cannot be negative"),
        ({"g4": [[0.1, 0.5, 1]]}, "zeta=0.5, which must be at least 1"),
        ({"g4": [[0.1, 1, -2]]}, "lambda=-2, which must be between -1 and 1"),
        ({"g2": [], "g4": []}, "at least one function"),
        ({"weights": WEIGHTS}, "no use for weights"),
        ({"compression": "weighted", "weights": {"Li": 1.0}}, "P is among the species and has no"),
        (
            {"compression": "weighted", "weights": {**WEIGHTS, "Li": math.inf}},
            "the weight of Li=inf",
        ),
    ],
)
def test_impossible_settings_are_refused(settings, message) -> None:
    with pytest.raises(ValueError, match=message):
        SymmetryFunctions(**{"species": SPECIES, "cutoff": 4.0, **settings})
