"""Sites from anyone's arrays, and their tables."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from gmd.local import Sites, read_site_chunks, sites_from_table, sites_to_table
from gmd.storage import write_parquet_chunks


def some_sites(first: int = 0) -> Sites:
    rng = np.random.default_rng(first)
    return Sites(
        values=rng.normal(size=(5, 3)),
        structure=np.array([0, 0, 0, 1, 1]) + first,
        element=["Li", "S", "S", "P", "Li"],
        component_names=("a", "b", "c"),
    )


def test_table_keeps_every_bit() -> None:
    sites = some_sites()
    table = sites_to_table(sites)
    assert table.column_names == ["structure", "atom", "element", "a", "b", "c"]
    assert table["atom"].to_pylist() == [0, 1, 2, 0, 1]
    back = sites_from_table(table)
    assert np.array_equal(back.values, sites.values)
    assert back.element.tolist() == sites.element.tolist()


@pytest.mark.parametrize(
    ("structure", "atom"), [([5, 5, 3], [0, 1, 0]), ([0, 1, 0, 1], [0, 0, 1, 1])]
)
def test_atoms_are_numbered_within_their_structure(structure, atom) -> None:
    sites = Sites(np.zeros((len(structure), 1)), structure, ["S"] * len(structure))
    assert sites_to_table(sites)["atom"].to_pylist() == atom


def test_chunks_come_back_as_written(tmp_path) -> None:
    pieces = [some_sites(0), some_sites(2)]
    path = tmp_path / "sites.parquet"
    write_parquet_chunks(map(sites_to_table, pieces), path, settings={})
    back = list(read_site_chunks(path))
    assert [b.structure.tolist() for b in back] == [p.structure.tolist() for p in pieces]
    assert all(np.array_equal(b.values, p.values) for b, p in zip(back, pieces, strict=True))


def _with_infinity() -> np.ndarray:
    values = np.zeros((5, 3))
    values[4, 1] = np.inf
    return values


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"values": np.zeros(5)}, "expected \\(n_atoms, components\\)"),
        ({"structure": [0, 1]}, "structure has shape \\(2,\\) for 5 rows"),
        ({"structure": np.zeros(5)}, "must be integers"),
        ({"element": ["Li"]}, "element has shape"),
        ({"component_names": ("a", "a", "b")}, "2 distinct component names for 3 columns"),
        ({"values": np.full((5, 3), np.nan)}, "atom 0 .*, row 0 of the sites: component a"),
        (
            {"values": _with_infinity()},
            "structure 1, atom 1 .*, row 4 .*: component b",
        ),
    ],
)
def test_contradictions_are_named(change, message) -> None:
    sites = some_sites()
    arguments = {
        "values": sites.values,
        "structure": sites.structure,
        "element": sites.element,
        "component_names": sites.component_names,
    }
    with pytest.raises(ValueError, match=message):
        Sites(**{**arguments, **change})


def test_table_without_keys_is_refused() -> None:
    with pytest.raises(ValueError, match="structure, element"):
        sites_from_table(pa.table({"a": [1.0]}))
