"""LAEDs from elsewhere: every form gives the same sites, chunk by chunk."""

from __future__ import annotations

import io
import lzma

import ase
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gmd.local import Chebyshev, Sites, read_ready_sites, ready_structures, sites_to_table
from gmd.local.aenet_training_set import training_structures
from gmd.storage import write_parquet_chunks
from gmd.structures import (
    StructureError,
    check_structure,
    structures_from_table,
    structures_to_table,
    total_energies,
)
from structures.sample_files import (
    TRAINING_SET,
    crystals,
    laeds,
    npy,
    parquet,
    sample_files,
    site_columns,
)

SAMPLES = sample_files()
FORMS = ["a.train.ascii", "a.npy", "a.parquet"]
ELEMENTS = ["Li", "S", "Li", "Li", "S"]


def together(pieces: list[Sites]) -> tuple[np.ndarray, list[int], list[str]]:
    return (
        np.concatenate([piece.values for piece in pieces]),
        np.concatenate([piece.structure for piece in pieces]).tolist(),
        np.concatenate([piece.element for piece in pieces]).tolist(),
    )


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("atoms_at_once", [1, 3, 100])
def test_all_forms_give_the_same_sites(tmp_path, name, atoms_at_once) -> None:
    (tmp_path / name).write_bytes(SAMPLES[name])
    told: list[int] = []
    pieces = list(
        read_ready_sites(
            tmp_path / name, crystals(), atoms_at_once=atoms_at_once, progress=told.append
        )
    )
    values, structure, element = together(pieces)
    assert np.array_equal(values, laeds())
    assert structure == [0, 0, 1, 1, 1]
    assert element == ELEMENTS
    assert pieces[0].component_names == ("x_0", "x_1", "x_2")
    assert [len(piece) for piece in pieces] == ([2, 3] if atoms_at_once == 1 else [5])
    assert told == [len(piece) for piece in pieces]


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize(("n_bytes", "sizes"), [(1, [2, 3]), (119, [2, 3]), (120, [5])])
def test_pieces_are_bounded_by_bytes(tmp_path, name, n_bytes, sizes) -> None:
    (tmp_path / name).write_bytes(SAMPLES[name])
    pieces = list(read_ready_sites(tmp_path / name, crystals(), bytes_at_once=n_bytes))
    assert [len(piece) for piece in pieces] == sizes
    assert np.array_equal(together(pieces)[0], laeds())


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("keep", [[], [0], [1], [0, 1]])
def test_subset_is_a_slice(tmp_path, name, keep) -> None:
    (tmp_path / name).write_bytes(SAMPLES[name])
    pieces = list(read_ready_sites(tmp_path / name, crystals(), keep=keep))
    if not keep:
        assert pieces == []
        return
    values, structure, element = together(pieces)
    rows = [row for row, number in enumerate([0, 0, 1, 1, 1]) if number in keep]
    assert np.array_equal(values, laeds()[rows])
    assert element == [ELEMENTS[row] for row in rows]
    assert structure == [keep.index([0, 0, 1, 1, 1][row]) for row in rows]


@pytest.mark.parametrize(
    ("keep", "message"),
    [
        ([1, 0], "ascending order, each once"),
        ([0, 0], "ascending order, each once"),
        ([0, 2], "a.parquet: has 2 structures, none with the number 2 that is to be kept"),
        ([-1], "none with the number -1"),
    ],
)
def test_structures_to_keep_that_make_no_sense(tmp_path, keep, message) -> None:
    (tmp_path / "a.parquet").write_bytes(SAMPLES["a.parquet"])
    with pytest.raises(ValueError, match=message):
        list(read_ready_sites(tmp_path / "a.parquet", keep=keep))


@pytest.mark.parametrize("name", ["a.train.ascii", "a.parquet"])
def test_structures_need_not_be_given(tmp_path, name) -> None:
    (tmp_path / name).write_bytes(SAMPLES[name])
    values, structure, element = together(list(read_ready_sites(tmp_path / name)))
    assert np.array_equal(values, laeds())
    assert (structure, element) == ([0, 0, 1, 1, 1], ELEMENTS)


@pytest.mark.parametrize("name", ["a.train.ascii", "a.train.ascii.xz"])
def test_structures_of_a_training_set(tmp_path, name) -> None:
    compress = lzma.compress if name.endswith("xz") else bytes
    (tmp_path / name).write_bytes(compress(SAMPLES["a.train.ascii"]))
    first, second = ready_structures(tmp_path / name)
    assert first.get_chemical_symbols() == ["Li", "S"]
    assert second.get_chemical_symbols() == ["Li", "Li", "S"]
    assert second.positions.tolist() == crystals()[1].positions.tolist()
    # cohesive energies with those of free atoms: -4 - 1 - 2.5 and -3 - 2 - 2.5
    assert total_energies([first, second]).tolist() == [-7.5, -7.5]
    assert first.info["cohesive_energy"] == -4.0
    assert [a.info["name"] for a in (first, second)] == ["first", "second"]
    assert second.info["source"] == f"{name}, structure 1"
    assert first.calc.results["forces"][1, 0] == -0.1
    assert np.isnan(first.cell.array).all()


def test_structures_of_a_table(tmp_path) -> None:
    (tmp_path / "a.parquet").write_bytes(SAMPLES["a.parquet"])
    first, second = ready_structures(tmp_path / "a.parquet")
    assert second.get_chemical_symbols() == ["Li", "Li", "S"]
    assert np.isnan(second.positions).all()
    assert [a.info["name"] for a in (first, second)] == ["a-0", "a-1"]
    assert np.isnan(total_energies([first, second])).all()


@pytest.mark.parametrize("name", ["a.train.ascii", "a.parquet"])
def test_what_is_unknown_stays_so_and_is_not_computed_with(tmp_path, name) -> None:
    (tmp_path / name).write_bytes(SAMPLES[name])
    structures = ready_structures(tmp_path / name)
    table = structures_to_table(structures)
    assert table["positions"].null_count == (0 if "ascii" in name else 2)
    assert table["cell"].null_count == (2 if "ascii" in name else 0)
    pq.write_table(table, tmp_path / "structures.parquet")
    back = structures_from_table(pq.read_table(tmp_path / "structures.parquet"))
    for atoms, again in zip(structures, back, strict=True):
        assert np.array_equal(atoms.positions, again.positions, equal_nan=True)
        assert np.array_equal(atoms.cell.array, again.cell.array, equal_nan=True)
        assert atoms.get_chemical_symbols() == again.get_chemical_symbols()
        with pytest.raises(StructureError, match=r"here: its (cell|positions).* not known"):
            check_structure(again, "here")
    with pytest.raises(
        StructureError, match=r"^a\S*, structure 0: its (cell|positions).* not known"
    ):
        Chebyshev(weights={"Li": -1, "S": 1}).compute(back)


@pytest.mark.parametrize("dtype", ["<f8", ">f8", "<f4", ">f4", "<f2"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_matrices_of_every_layout(tmp_path, dtype, order) -> None:
    matrix = np.asarray(np.round(laeds()), dtype=dtype, order=order)
    (tmp_path / "a.npy").write_bytes(npy(matrix))
    values, _, _ = together(list(read_ready_sites(tmp_path / "a.npy", crystals())))
    assert np.array_equal(values, np.round(laeds()))
    assert values.dtype == np.float64
    assert values.dtype.isnative


def test_own_tables_are_ready_too(tmp_path) -> None:
    rng = np.random.default_rng(0)
    pieces = [
        Sites(rng.normal(size=(n, 2)), np.repeat(s, n), ["Li"] * n, ("a", "b"))
        for s, n in enumerate([3, 1, 30_000, 2])
    ]
    path = tmp_path / "sites.parquet"
    write_parquet_chunks(map(sites_to_table, pieces), path, settings={})
    back = list(read_ready_sites(path))
    assert [len(piece) for piece in back] == [30_004, 2]
    assert np.array_equal(together(back)[0], np.concatenate([p.values for p in pieces]))
    assert back[0].component_names == ("a", "b")
    assert [len(atoms) for atoms in ready_structures(path)] == [3, 1, 30_000, 2]


def test_tables_need_no_numbers_of_atoms_and_may_be_coarse(tmp_path) -> None:
    columns = site_columns()
    del columns["atom"]
    table = pa.table(columns)
    element = table["element"].combine_chunks().dictionary_encode()
    table = table.set_column(1, "element", element)
    table = table.set_column(0, "structure", table["structure"].cast(pa.uint8()))
    table = table.set_column(2, "x_0", table["x_0"].cast(pa.float32()))
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=1)
    values, structure, element = together(list(read_ready_sites(tmp_path / "a.parquet")))
    assert np.array_equal(values, laeds())
    assert (structure, element) == ([0, 0, 1, 1, 1], ELEMENTS)


def test_numbers_as_fortran_writes_them(tmp_path) -> None:
    """Lists over several lines, D for E, no letter before long exponents, truth in words."""
    text = TRAINING_SET.replace(" F\n", " .FALSE.\n").replace("7.00000000000000000E+00", "7.0D+00")
    text = text.replace("1.30000000000000000E+01 ", "1.30000000000000000E+01\n\n")
    text = text.replace("2.0000000000000000        2.5", "2.0000000000000000, \n   2.5")
    (tmp_path / "a.train.ascii").write_text(text)
    found = list(training_structures(tmp_path / "a.train.ascii"))
    assert np.array_equal(np.concatenate([f.values for f in found]), laeds())
    assert found[0].values[1, 2] == 1e-120
    assert found[1].atoms.positions.tolist() == crystals()[1].positions.tolist()


def test_more_elements_than_fit_on_a_line(tmp_path) -> None:
    """Atomic energies come four to a line."""
    text = TRAINING_SET.replace("           2\nLi\nS\n", "           5\nLi\nS\nP\nO\nN\n", 1)
    text = text.replace("-2.50000000000000000E+00\n", "-2.5 0 0\n 0.0\n", 1)
    (tmp_path / "a.train.ascii").write_text(text)
    assert total_energies(ready_structures(tmp_path / "a.train.ascii")).tolist() == [-7.5, -7.5]


def test_sites_reach_the_descriptors(tmp_path) -> None:
    from gmd.descriptors import DescriptorSpace

    (tmp_path / "a.parquet").write_bytes(parquet(site_columns()))
    spaces = [
        DescriptorSpace.from_sites(sites, weights={"Li": -1, "S": 1}, elements=("Li", "S"))
        for sites in (
            read_ready_sites(tmp_path / "a.parquet"),
            Sites(laeds(), [0, 0, 1, 1, 1], ELEMENTS),
        )
    ]
    assert np.array_equal(spaces[0].matrix("555"), spaces[1].matrix("555"))


def test_a_training_set_is_no_file_of_structures(tmp_path) -> None:
    from gmd.structures import read_structures

    (tmp_path / "a.train.ascii").write_text(TRAINING_SET)
    with pytest.raises(StructureError, match="a training set of aenet; use it as"):
        read_structures(tmp_path / "a.train.ascii")


def test_positions_with_one_unknown_number_are_wrong_not_unknown() -> None:
    atoms = ase.Atoms("LiS", positions=[[np.nan] * 3, [0, 0, 0]])
    with pytest.raises(StructureError, match="here, atom 0: position is not finite"):
        check_structure(atoms, "here")


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_is_named(tmp_path, bad) -> None:
    values = laeds().copy()
    values[3, 1] = bad
    np.save(tmp_path / "a.npy", values)
    with pytest.raises(StructureError, match=r"structure 1, atom 1: column 1 .* is not finite"):
        list(read_ready_sites(tmp_path / "a.npy", crystals()))
    table = pq.read_table(io.BytesIO(SAMPLES["a.parquet"]))
    place = table.schema.get_field_index("x_1")
    pq.write_table(table.set_column(place, "x_1", pa.array(values[:, 1])), tmp_path / "a.parquet")
    with pytest.raises(StructureError, match="structure 1, atom 1: x_1 is missing or not finite"):
        list(read_ready_sites(tmp_path / "a.parquet", crystals()))
