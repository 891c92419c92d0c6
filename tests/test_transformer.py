"""The transformer against the space of descriptors, in scikit-learn's tools, and through a file."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from dataclasses import dataclass, replace

import ase
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import Ridge
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_checks

from common import ELEMENTS, WEIGHTS, flipped_bits
from gmd import GlobalDescriptor
from gmd.descriptors import ColumnScaling, DescriptorSpace, normalized
from gmd.local import Chebyshev, LocalFamily, Sites, Soap, SymmetryFunctions
from gmd.structures import load_lps

LAED = Chebyshev(weights=WEIGHTS, radial_cutoff=4.0, n_radial=3, angular_cutoff=3.0, n_angular=2)
SIGMAS = ("010", "050", "100", "101", "302", "232", "231", "554", "555")


@pytest.fixture(scope="module")
def structures() -> list[ase.Atoms]:
    return load_lps()[::20]


@pytest.fixture(scope="module")
def space(structures) -> DescriptorSpace:
    return DescriptorSpace.from_sites(LAED.compute(structures), weights=WEIGHTS, elements=ELEMENTS)


@pytest.mark.parametrize("sigma", SIGMAS)
@pytest.mark.parametrize("normalization", ["zscore", "minmax", "maxabs", "none"])
def test_equals_the_space(structures, space, sigma, normalization) -> None:
    descriptor = GlobalDescriptor(sigma, laed=LAED, normalization=normalization)
    expected = space.matrix(sigma, normalization)
    np.testing.assert_array_equal(descriptor.fit_transform(structures), expected)
    np.testing.assert_array_equal(descriptor.transform(structures[3:5]), expected[3:5])
    assert tuple(descriptor.get_feature_names_out()) == space.column_names(sigma)
    assert descriptor.elements_ == ELEMENTS
    assert descriptor.weights_ == WEIGHTS


@pytest.mark.parametrize("sigma", ["040", "301", "132", "442"])
def test_equals_the_space_by_other_conventions(structures, sigma) -> None:
    chosen = {"method_ii": "repeated", "absent_elements": "exclude", "max_outer": 4, "max_inner": 4}
    space = DescriptorSpace.from_sites(
        LAED.compute(structures), weights=WEIGHTS, elements=ELEMENTS, **chosen
    )
    descriptor = GlobalDescriptor(sigma, laed=LAED, **chosen)
    np.testing.assert_array_equal(
        descriptor.fit_transform(structures), space.matrix(sigma, "zscore")
    )


def test_other_structures_are_put_on_the_scale_of_the_fitted_ones(structures, space) -> None:
    descriptor = GlobalDescriptor("101", laed=LAED).fit(structures[:10])
    raw = space.matrix("101")
    known = raw[:10]
    expected = (raw[10:] - known.mean(axis=0)) / known.std(axis=0)
    np.testing.assert_allclose(descriptor.transform(structures[10:]), expected, rtol=1e-9)


def test_constant_columns_become_zero_for_all_structures() -> None:
    dimers = [ase.Atoms("Li2", positions=[[0, 0, 0], [0, 0, z]]) for z in (2.0, 2.5, 3.0)]
    # both atoms of a dimer have the same surroundings
    with pytest.warns(UserWarning, match="14 of 20 columns of Σ_200 are constant"):
        descriptor = GlobalDescriptor("200", laed=LAED, elements=["Li"]).fit(dimers)
    chain = ase.Atoms("Li3", positions=[[0, 0, 0], [0, 0, 2.0], [0, 2.0, 2.0]])
    values = descriptor.transform([chain])
    constant = ~descriptor.scaling_.varies
    assert constant.any()
    assert not constant.all()
    assert (values[0, constant] == 0).all()


@pytest.mark.parametrize("normalization", ["zscore", "none"])
def test_mostly_constant_columns_are_warned_of(normalization) -> None:
    rng = np.random.default_rng(2)
    chains = [ase.Atoms("Li4", positions=rng.normal(scale=1.5, size=(4, 3))) for _ in range(6)]
    # one row of moments has no outer moments beyond the mean: half of the columns are zero
    descriptor = GlobalDescriptor("220", laed=LAED, elements=["Li"], normalization=normalization)
    with pytest.warns(UserWarning, match="of Σ_220 are constant") as caught:
        values = descriptor.fit_transform(chains)
    assert len(caught) == 1
    n = values.shape[1]
    assert str(caught[0].message) == (
        f"{n // 2} of {n} columns of Σ_220 are constant over the 6 fitted structures and carry no "
        f"information; Σ_020 gives the same distances with {n // 2} columns: use it instead, or "
        f"fit structures that differ in more than these"
    )
    with pytest.warns(UserWarning, match="; fit structures that differ$"):
        GlobalDescriptor("020", laed=LAED, normalization=normalization).fit(chains[:1])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        GlobalDescriptor("020", laed=LAED, normalization=normalization).fit(chains)


def test_defaults_are_the_papers_settings(structures) -> None:
    descriptor = GlobalDescriptor("100").fit(structures)
    assert descriptor.laed_ == Chebyshev(weights=WEIGHTS)
    assert descriptor.transform(structures).shape == (len(structures), 48)


def test_elements_and_weights_of_ones_own(structures) -> None:
    order = ("S", "P", "Li")
    descriptor = GlobalDescriptor("011", laed=LAED, elements=order, weights="atomic_number")
    with pytest.raises(ValueError, match="'011' is not a descriptor"):
        descriptor.fit(structures)
    descriptor = GlobalDescriptor("010", laed=LAED, elements=order, weights="atomic_number")
    descriptor.fit(structures)
    assert descriptor.weights_ == {"S": 16, "P": 15, "Li": 3}
    assert descriptor.get_feature_names_out()[0] == "S_i1_rad_0"


@pytest.mark.parametrize(
    "name",
    [
        "estimator_cloneable",
        "estimator_repr",
        "get_params_invariance",
        "no_attributes_set_in_init",
        "parameters_default_constructible",
        "set_params",
    ],
)
def test_checks_of_scikit_learn(name) -> None:
    """Those that need no numbers for input."""
    getattr(estimator_checks, f"check_{name}")("GlobalDescriptor", GlobalDescriptor())


def test_pipeline_and_cross_validation(structures) -> None:
    descriptor = GlobalDescriptor("101", laed=LAED)
    energies = np.array([atoms.get_potential_energy() / len(atoms) for atoms in structures])
    model = make_pipeline(descriptor, Ridge(alpha=1e-3))
    model.fit(structures, energies)
    assert np.corrcoef(model.predict(structures), energies)[0, 1] > 0.9
    scores = cross_val_score(
        clone(model).set_params(globaldescriptor__sigma="100"), structures, energies, cv=3
    )
    assert np.isfinite(scores).all()


def test_names_come_with_data_frames(structures) -> None:
    descriptor = GlobalDescriptor("100", laed=LAED).set_output(transform="pandas")
    frame = descriptor.fit_transform(structures)
    assert list(frame.columns) == list(descriptor.get_feature_names_out())


@pytest.mark.parametrize("sigma", ["050", "232"])
def test_the_same_after_saving_and_loading(structures, tmp_path, sigma) -> None:
    path = tmp_path / "descriptor.json"
    descriptor = GlobalDescriptor(sigma, laed=LAED, normalization="minmax").fit(structures[:9])
    descriptor.save(path)
    found = GlobalDescriptor.load(path)
    np.testing.assert_array_equal(found.transform(structures), descriptor.transform(structures))
    assert found.laed_ == LAED
    assert found.n_structures_fit_ == 9
    assert [file.name for file in tmp_path.iterdir()] == ["descriptor.json"]


def _without(content: dict, *keys: str) -> dict:
    inner = content
    for key in keys[:-1]:
        inner = inner[key]
    del inner[keys[-1]]
    return content


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda text: "", "damaged or not JSON"),
        (lambda text: text[: len(text) // 2], "save it again"),
        (lambda text: "[1, 2]", "not written by GlobalDescriptor.save"),
        (lambda text: text.replace('"version": 1', '"version": 7'), "version 7 of the file"),
        (lambda text: text.replace('"chebyshev"', '"magic"'), "LAED family 'magic' is unknown"),
        (lambda text: text.replace('"101"', '"109"'), "'109' is not a descriptor"),
        (lambda text: text.replace('"101"', '"100", "x": "101"'), ""),
        (lambda text: text.replace('"laed"', '"laeds"'), "entries that are unknown: laeds"),
        (lambda text: json.dumps(_without(json.loads(text), "weights")), "weights is missing"),
        (lambda text: json.dumps(_without(json.loads(text), "scaling", "shift")), "shift is miss"),
        (lambda text: text.replace('"shift": [', '"shift": [1.0, '), "scaling.shift is not 10"),
        (lambda text: text.replace('"shift": [', '"shift": ["a", '), "could not convert string"),
    ],
)
def test_damaged_files_are_refused(structures, tmp_path, damage, message) -> None:
    path = tmp_path / "descriptor.json"
    GlobalDescriptor("101", laed=LAED).fit(structures).save(path)
    # files of earlier versions have no checksum
    text = json.dumps(_without(json.loads(path.read_text(encoding="utf-8")), "checksum"))
    path.write_text(damage(text), encoding="utf-8")
    if not message:
        assert GlobalDescriptor.load(path).sigma == "100"
        return
    with pytest.raises(ValueError, match=message) as error:
        GlobalDescriptor.load(path)
    assert str(path) in str(error.value)


def test_no_flipped_bit_goes_unnoticed(structures, tmp_path) -> None:
    path = tmp_path / "descriptor.json"
    descriptor = GlobalDescriptor("101", laed=LAED).fit(structures)
    descriptor.save(path)
    whole = path.read_bytes()
    expected = descriptor.transform(structures)
    for damaged in flipped_bits(whole):
        path.write_bytes(damaged)
        try:
            found = GlobalDescriptor.load(path)
        except ValueError:
            continue
        np.testing.assert_array_equal(found.transform(structures), expected)


@dataclass(frozen=True)
class Height:
    """A LAED of one's own: the height of each atom."""

    component_names: tuple[str, ...] = ("height",)
    n_components: int = 1

    def compute(self, structures, *, first_structure: int = 0) -> Sites:
        numbers = first_structure + np.arange(len(structures))
        return Sites(
            np.concatenate([atoms.positions[:, 2:] for atoms in structures]),
            np.repeat(numbers, [len(atoms) for atoms in structures]),
            [symbol for atoms in structures for symbol in atoms.symbols],
            self.component_names,
        )


def test_a_laed_of_ones_own(structures, tmp_path) -> None:
    descriptor = GlobalDescriptor(
        "100", laed=Height(), normalization="none", absent_elements="exclude"
    ).fit(structures)
    expected = [[atoms.positions[:, 2].mean()] for atoms in structures]
    np.testing.assert_allclose(descriptor.transform(structures), expected)
    with pytest.raises(ValueError, match="Height is no LAED family with a name"):
        descriptor.save(tmp_path / "descriptor.json")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("parameters", "given", "error", "message"),
    [
        ({}, [], ValueError, "there are no structures"),
        ({}, [[0.0, 1.0]], TypeError, "structure 0 is a list; structures are ase.Atoms"),
        ({}, ase.Atoms("Li"), TypeError, "one structure was given"),
        ({}, [ase.Atoms()], ValueError, "structure 0: there are no atoms"),
        ({}, [ase.Atoms("LiCl")], ValueError, "structure 0 holds .*Cl"),
        ({"sigma": "666"}, [ase.Atoms("Li")], ValueError, "'666' is not a descriptor"),
        ({"normalization": "log"}, [ase.Atoms("Li")], ValueError, "normalization='log' is unkn"),
        ({"weights": {"P": 1}}, [ase.Atoms("Li")], ValueError, "no weight for Li"),
        ({"weights": "mass"}, [ase.Atoms("Li")], ValueError, "there is no rule 'mass'"),
    ],
)
def test_contradictions_are_named(parameters, given, error, message) -> None:
    settings = {"laed": LAED, "elements": ("Li",), **parameters}
    with pytest.raises(error, match=message):
        GlobalDescriptor(**settings).fit(given)


def test_use_before_fitting_is_refused(structures, tmp_path) -> None:
    for use in (
        lambda d: d.transform(structures),
        lambda d: d.get_feature_names_out(),
        lambda d: d.save(tmp_path / "x.json"),
    ):
        with pytest.raises(NotFittedError):
            use(GlobalDescriptor("100"))


def test_elements_that_were_not_fitted_are_named(structures) -> None:
    descriptor = GlobalDescriptor("100", laed=LAED).fit(structures)
    with pytest.raises(ValueError, match="structure 1 holds Cl; the descriptor was fitted for Li"):
        descriptor.transform([structures[0], ase.Atoms("Cl")])
    assert descriptor.transform([]).shape == (0, 10)


def test_the_library_alone_does_not_ask_for_scikit_learn() -> None:
    code = "import sys, gmd, gmd.imbalance; sys.exit('sklearn' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_normalized_equals_its_scale(space) -> None:
    for normalization in ("zscore", "minmax", "maxabs", "none"):
        scaled = ColumnScaling.of(space.values, normalization).apply(space.values)
        np.testing.assert_array_equal(scaled, normalized(space.values, normalization))


SOAP = Soap(species=ELEMENTS, cutoff=3.5, n_max=2, l_max=1, atom_sigma=0.5)


@pytest.mark.parametrize(
    "laed",
    [
        pytest.param(SOAP, id="soap"),
        pytest.param(replace(SOAP, embedding={"Li": (1,), "P": (0,), "S": (2,)}), id="embedded"),
        pytest.param(
            replace(SOAP, compression="optimal", u_max=2).fit(load_lps()[:2]), id="fitted"
        ),
        pytest.param(
            SymmetryFunctions(
                species=ELEMENTS,
                cutoff=3.5,
                compression="weighted",
                weights={"Li": 1, "P": 2, "S": 3},
            ),
            id="acsf",
        ),
    ],
)
def test_every_family_passes_through_a_file(structures, tmp_path, laed: LocalFamily) -> None:
    descriptor = GlobalDescriptor("231", laed=laed).fit(structures)
    # weights of symmetry functions are no weights of elements
    assert descriptor.weights_ == WEIGHTS
    descriptor.save(tmp_path / "descriptor.json")
    again = GlobalDescriptor.load(tmp_path / "descriptor.json")
    assert again.laed_ == laed
    np.testing.assert_array_equal(again.transform(structures), descriptor.transform(structures))


def test_what_needs_a_fit_is_fitted_to_the_same_structures(structures) -> None:
    laed = replace(SOAP, compression="optimal", u_max=2)
    found = GlobalDescriptor("231", laed=laed).fit_transform(structures)
    expected = GlobalDescriptor("231", laed=laed.fit(structures)).fit_transform(structures)
    np.testing.assert_array_equal(found, expected)
    assert laed.needs_fit
