"""Structures beside common crystals, all the way from their atoms to the imbalances."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path

import ase
import numpy as np
import pyarrow.parquet as pq
import pytest
from ase.build import bulk, graphene, molecule, nanotube

from gmd.descriptors import DescriptorSpace
from gmd.imbalance import imbalance_table
from gmd.local import Chebyshev, LocalFamily, SymmetryFunctions
from structures.bad_input import extxyz, run_steps
from structures.sample_files import crystals, database, pair, zipped


def molecules() -> list[ase.Atoms]:
    return [molecule(name) for name in ("H2O", "CH4", "NH3", "CO", "C2H6", "CH3OH")]


def periodicities() -> list[ase.Atoms]:
    """Of no to three directions, whichever these are."""
    tube = nanotube(4, 0, length=1)
    layer = graphene(a=2.46)
    layer.pbc = [True, True, False]
    upright = layer.copy()
    upright.rotate(90, "x", rotate_cell=True)
    crystal = bulk("C", "diamond", a=3.567)
    slab = crystal.copy()
    slab.pbc = [True, False, True]
    return [molecule("C60"), tube, layer, upright, crystal, slab, ase.Atoms("C")]


def one_element() -> list[ase.Atoms]:
    return [bulk("Cu", "fcc", a=a) for a in (3.5, 3.6, 3.7)] + [bulk("Cu", "bcc", a=2.9)]


def lone_atoms() -> list[ase.Atoms]:
    """One atom each, in cells below the cutoff and in none."""
    cells = [[[a, 0, 0], [b, 3, 0], [0, 1, 4]] for a, b in ((2.5, 0), (2.6, 1), (3.0, -1))]
    made = [ase.Atoms(e, cell=cell, pbc=True) for e, cell in zip("CNO", cells, strict=True)]
    return [*made, ase.Atoms("N")]


def rare_elements() -> list[ase.Atoms]:
    """Each element in one structure only, but for one."""
    made = [bulk("NaCl", "rocksalt", a=5.64)]
    made += [bulk(f"{e}O", "rocksalt", a=a) for e, a in (("Mg", 4.2), ("Ca", 4.8), ("Ni", 4.17))]
    return made


SETS = {
    "molecules": molecules(),
    "periodicities": periodicities(),
    "one element": one_element(),
    "lone atoms": lone_atoms(),
    "rare elements": rare_elements(),
    "two structures": one_element()[:2],
}


def chebyshev(weights: dict[str, float]) -> LocalFamily:
    return Chebyshev(
        weights=weights, radial_cutoff=5.0, n_radial=3, angular_cutoff=3.0, n_angular=2
    )


def acsf(weights: dict[str, float]) -> LocalFamily:
    return SymmetryFunctions(
        species=list(weights), cutoff=5.0, g2=[(0.1, 0.0)], g4=[(0.1, 2.0, 1.0)]
    )


def space_of(
    structures: list[ase.Atoms], family: Callable[[dict[str, float]], LocalFamily] = chebyshev
) -> tuple[DescriptorSpace, dict[str, float]]:
    elements = sorted({symbol for atoms in structures for symbol in atoms.symbols})
    weights = {element: float(k + 1) for k, element in enumerate(elements)}
    laed = family(weights)
    space = DescriptorSpace.from_sites(
        laed.compute(structures), weights=weights, elements=elements, max_outer=2, max_inner=2
    )
    return space, weights


@pytest.mark.parametrize("family", [chebyshev, acsf])
@pytest.mark.parametrize("structures", SETS.values(), ids=SETS)
def test_the_whole_way(structures, family) -> None:
    space, weights = space_of(structures, family)
    n = len(structures)
    full = space.matrix(space.labels[-1])
    assert full.shape[0] == n
    assert np.isfinite(full).all()
    table = imbalance_table(space)
    assert len(table) == len(space.labels) * (len(space.labels) - 1)
    for column in ("rim", "rim_reverse"):
        values = table[column].to_numpy()
        assert (values >= 1).all()
        assert (values <= n - 1).all()
    # an element that a structure lacks is a block of zeros in its stack of elements
    stacked = space.matrix("020").reshape(n, len(weights), -1)
    for row, atoms in enumerate(structures):
        for column, element in enumerate(sorted(weights)):
            if element not in atoms.get_chemical_symbols():
                assert not stacked[row, column].any()


@pytest.mark.parametrize("family", [chebyshev, acsf])
@pytest.mark.parametrize("structures", SETS.values(), ids=SETS)
def test_a_structure_is_the_same_alone(structures, family) -> None:
    space, weights = space_of(structures, family)
    laed = family(weights)
    for row, atoms in enumerate(structures):
        alone = DescriptorSpace.from_sites(
            laed.compute([atoms]),
            weights=weights,
            elements=sorted(weights),
            max_outer=2,
            max_inner=2,
        )
        label = space.labels[-1]
        assert np.array_equal(space.matrix(label)[row], alone.matrix(label)[0])


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_handedness_of_a_cell_does_not_matter(order, random_crystal) -> None:
    atoms = random_crystal(3)
    turned = atoms.copy()
    turned.set_cell(atoms.cell.array[list(order)])
    laed = Chebyshev(weights={"Li": -1, "P": 0, "S": 1}, n_radial=4, n_angular=2)
    found = laed.compute([atoms, turned]).values.reshape(2, len(atoms), -1)
    np.testing.assert_allclose(found[1], found[0], rtol=1e-10, atol=1e-10)


def test_two_structures_go_through_the_steps(tmp_path) -> None:
    (tmp_path / "input").mkdir()
    path = tmp_path / "input" / "a.db"
    path.write_bytes(database("db", crystals()))
    table = pq.read_table(run_steps(path, "imbalance", {}, {}))
    assert (table["rim"].to_numpy() == 1).all()


def test_duplicates_are_kept_counted_and_told(tmp_path, capsys) -> None:
    (tmp_path / "input").mkdir()
    path = tmp_path / "input" / "a.zip"
    first, other = extxyz("Li 0 0 0", "S 2 0 0", energy=-7.5), extxyz("Li 0 0 0", energy=-2.0)
    path.write_bytes(
        zipped({"a.xyz": first + other, "b.xyz": first.replace(b"-7.5", b"-7.25") + other})
    )
    output = run_steps(path, "ingest", {}, {})
    assert pq.read_table(output).num_rows == 4
    settings = json.loads(pq.read_schema(output).metadata[b"gmd.settings"])
    assert settings["n_structures"] == 4
    assert settings["n_atoms"] == 6
    assert settings["n_duplicates"] == 2
    assert settings["duplicates"] == [["a", "b"], ["a-1", "b-1"]]
    log = capsys.readouterr().err
    assert "n_structures = 4, n_atoms = 6, n_duplicates = 2, n_dropped = 0" in log
    assert "the same structure: a, b\n" in log
    assert "4.00structure" in log  # the bar


@pytest.mark.parametrize("drop", [True, False])
def test_duplicates_are_dropped_if_asked_for(tmp_path, capsys, drop) -> None:
    (tmp_path / "input").mkdir()
    path = tmp_path / "input" / "a.extxyz"
    first, other = extxyz("Li 0 0 0", "S 2 0 0", energy=-7.5), extxyz("Li 0 0 0", energy=-2.0)
    path.write_bytes(first + other + first + first.replace(b"-7.5", b"-7.25"))
    output = run_steps(path, "ingest", {"drop_duplicates": drop}, {})
    table = pq.read_table(output)
    assert table["name"].to_pylist() == (["a", "a-1"] if drop else ["a", "a-1", "a-2", "a-3"])
    assert table["energy"].to_pylist()[:2] == [-7.5, -2.0]
    assert table["structure"].to_pylist() == list(range(len(table)))
    settings = json.loads(pq.read_schema(output).metadata[b"gmd.settings"])
    assert settings["drop_duplicates"] is drop
    assert settings["n_duplicates"] == 2
    assert settings["n_dropped"] == (2 if drop else 0)
    assert settings["duplicates"] == [["a", "a-2", "a-3"]]
    log = capsys.readouterr().err
    said = "the same structure: a, a-2, a-3" + ("; 2 dropped, a kept" if drop else "") + "\n"
    assert said in log
    assert "duplicates differ in energy by up to 0.25 eV per structure" in log


def test_structures_without_energy_and_deuterium_are_counted(tmp_path, capsys) -> None:
    (tmp_path / "input").mkdir()
    path = tmp_path / "input" / "a.extxyz"
    path.write_bytes(extxyz("Li 0 0 0", "D 2 0 0", energy=-7.5) + extxyz("D 0 0 0"))
    settings = json.loads(
        pq.read_schema(run_steps(path, "ingest", {}, {})).metadata[b"gmd.settings"]
    )
    assert (settings["n_without_energy"], settings["n_deuterium"]) == (1, 2)
    log = capsys.readouterr().err
    assert "n_without_energy = 1, n_deuterium = 2" in log
    assert "deuterium is read as hydrogen: 2 atoms" in log


def test_info_selects_through_the_steps(tmp_path) -> None:
    (tmp_path / "input").mkdir()
    path = tmp_path / "input" / "a.extxyz"
    kinds = ["liquid_300", "crystal", "liquid_600", "glass"]
    path.write_bytes(
        b"".join(
            extxyz("Li 0 0 0", f"S {2 + k / 10} 0 0", config_type=kind, temperature=300 * k)
            for k, kind in enumerate(kinds)
        )
    )
    definition = {"info": {"config_type": ["liquid*", "glass"], "temperature": [0, 900]}}
    table = pq.read_table(run_steps(path, "subset", {"definition": definition}, {}))
    assert table["name"].to_pylist() == ["a", "a-3"]
    assert [json.loads(row)["config_type"] for row in table["info"].to_pylist()] == [
        "liquid_300",
        "glass",
    ]
    with pytest.raises(ValueError, match="no structure has the key 'config_typ'; there are config"):
        run_steps(path, "subset", {"definition": {"info": {"config_typ": "glass"}}}, {})


def test_no_duplicates_are_a_count_too(tmp_path) -> None:
    (tmp_path / "input").mkdir()
    path: Path = tmp_path / "input" / "a.json"
    path.write_bytes(database("json", [pair(), pair(2.5)]))
    output = run_steps(path, "ingest", {}, {})
    settings = json.loads(pq.read_schema(output).metadata[b"gmd.settings"])
    assert (settings["n_duplicates"], settings["duplicates"]) == (0, [])


def test_names_that_are_numbers_are_named(tmp_path) -> None:
    (tmp_path / "input").mkdir()
    path: Path = tmp_path / "input" / "a.json"
    path.write_bytes(database("json", [pair(), pair()], name=5))
    output = run_steps(path, "ingest", {}, {})
    settings = json.loads(pq.read_schema(output).metadata[b"gmd.settings"])
    assert settings["duplicates"] == [["5", "5"]]
