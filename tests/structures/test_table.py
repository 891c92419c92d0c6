"""Structures as tables and back, to the last bit."""

from __future__ import annotations

import ase
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gmd.storage import write_parquet
from gmd.structures import structures_from_table, structures_to_table
from gmd.structures.table import SCHEMA


@pytest.fixture
def structures(random_crystal) -> list[ase.Atoms]:
    made = [random_crystal(seed, n_atoms=3 + seed) for seed in range(4)]
    made[1].pbc = [True, False, True]
    made[2].info.update(name="third", source="lps.extxyz, structure 2", energy=-1 / 3)
    made[3].positions[0] = [1e-300, -0.0, 1 / 3]
    molecule = ase.Atoms("SLi", positions=[[0, 0, 0.1], [0, 0, 2]], info={"energy": 0.0})
    return [*made, molecule]


def same(left: ase.Atoms, right: ase.Atoms) -> bool:
    """Equal bit by bit: by bytes, under which -0.0 is not 0.0."""
    return all(
        np.asarray(a).tobytes() == np.asarray(b).tobytes()
        for a, b in [
            (left.numbers, right.numbers),
            (left.positions, right.positions),
            (left.cell.array, right.cell.array),
            (left.pbc, right.pbc),
        ]
    )


def test_every_bit_survives_a_file(structures, tmp_path) -> None:
    path = tmp_path / "structures.parquet"
    write_parquet(structures_to_table(structures), path, settings={})
    back = structures_from_table(pq.read_table(path))
    assert len(back) == len(structures)
    assert all(same(*pair) for pair in zip(back, structures, strict=True))
    assert [atoms.info.get("energy") for atoms in back] == [None, None, -1 / 3, None, 0.0]
    assert back[2].info["name"] == "third"
    assert back[2].info["source"] == "lps.extxyz, structure 2"


def test_rows_say_what_they_hold(structures) -> None:
    structures[1].info["dft"] = -2.0
    table = structures_to_table(structures)
    assert table.schema.equals(SCHEMA)
    assert table["structure"].to_pylist() == list(range(5))
    assert table["n_atoms"].to_pylist() == [3, 4, 5, 6, 2]
    assert table["formula"][4].as_py() == "LiS"
    assert table["energy"].to_pylist() == [None, None, -1 / 3, None, 0.0]
    assert table["pbc"][1].as_py() == [True, False, True]
    other = structures_to_table(structures, energy_key="dft")
    assert other["energy"].to_pylist() == [None, -2.0, None, None, None]


def test_info_survives_to_the_last_bit(tmp_path) -> None:
    info = {
        "text": 'liquid "é" \n',
        "whole": -(2**53) - 1,
        "number": 0.1 + 0.2,
        "least": 5e-324,
        "negative": -0.0,
        "infinite": float("inf"),
        "unknown": float("nan"),
        "yes": True,
        "no": np.False_,
        "of numpy": np.float64(1 / 3),
        "single": np.float32(0.1),
        "dft": -7.5,
    }
    dropped = {"occupancy": {"0": {"Li": 1.0}}, "vector": np.arange(3), "nothing": None}
    own = {"name": "a", "source": "b", "energy": -2.0}
    path = tmp_path / "structures.parquet"
    structures = [ase.Atoms("Li", info=info | dropped | own), ase.Atoms("Li")]
    write_parquet(structures_to_table(structures), path, settings={})
    first, second = structures_from_table(pq.read_table(path))
    assert second.info == {"name": "", "source": ""}
    assert set(first.info) == {*info, *own}
    assert {key: first.info[key] for key in own} == own
    for key, value in info.items():
        expected = value.item() if isinstance(value, np.generic) else value
        assert type(first.info[key]) is type(expected)
        assert repr(first.info[key]) == repr(expected)  # -0.0 and nan too


@pytest.mark.parametrize("rows", [[3], [4, 0, 2], []])
def test_rows_taken_from_a_table_are_those_structures(structures, rows) -> None:
    table = structures_to_table(structures)
    taken = structures_from_table(table.take(pa.array(rows, pa.int64())))
    assert len(taken) == len(rows)
    assert all(same(atoms, structures[row]) for atoms, row in zip(taken, rows, strict=True))


def test_slices_and_chunks(structures) -> None:
    table = structures_to_table(structures)
    joined = pa.concat_tables([table.slice(0, 2), table.slice(2)])
    for part, first in [(table.slice(2, 3), 2), (joined, 0)]:
        back = structures_from_table(part)
        assert all(same(*pair) for pair in zip(back, structures[first:], strict=True))


def test_structures_of_a_table_can_be_changed(structures) -> None:
    table = structures_to_table(structures)
    atoms = structures_from_table(table)[0]
    atoms.positions += 1.0
    atoms.cell[:] = 0.0
    atoms.pbc[:] = False
    atoms.numbers[:] = 1
    assert same(structures_from_table(table)[0], structures[0])


def test_no_structures() -> None:
    table = structures_to_table([])
    assert table.schema.equals(SCHEMA)
    assert structures_from_table(table) == []
