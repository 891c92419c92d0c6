"""Files that were spoiled at random: structures come out, or an error that names the file.

By default a few examples of every kind, always the same. To look for more, set the number of
examples of each kind, for instance 20000 for some minutes each::

    GMD_FUZZ_EXAMPLES=20000 ./run test tests/structures/test_fuzz.py -k parquet
"""

from __future__ import annotations

import os
import tempfile
import warnings
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gmd.local import read_ready_sites, ready_structures
from gmd.structures import StructureError, check_structure, read_structures
from structures.messages import check_message
from structures.sample_files import crystals, sample_files

SAMPLES = sample_files()
READY = (".train.ascii", ".npy", ".parquet")
_ASKED = os.environ.get("GMD_FUZZ_EXAMPLES")
FUZZ = settings(
    max_examples=int(_ASKED or 12),
    derandomize=_ASKED is None,
    database=None,
    deadline=timedelta(seconds=20),
    suppress_health_check=list(HealthCheck),
)

# tokens that mean something in one of the formats, or are large, small or no numbers
NUMBERS = [
    "0",
    "1",
    "-1",
    "2",
    "3",
    "9999999",
    "99999999999",
    "1e308",
    "1e-308",
    "1e999",
    "nan",
    "inf",
    "-inf",
]
WORDS = [
    *NUMBERS,
    *[
        "T",
        "F",
        "{}",
        "[]",
        '"',
        "'",
        "\\",
        ",",
        "#",
        "/",
        "../",
        "é",
        "Li",
        "S",
        "Xx",
        "|O",
        "<i4",
        "'descr'",
        "__ndarray__",
        "loop_",
        "data_",
        "pbc=",
    ],
    *[
        "PRIMVEC",
        "ATOMS",
        "CRYSTAL",
        "Direct",
        "Selective",
        "Lattice=",
        "Properties=",
        "species:S:1:pos:R:3",
    ],
    *("\n", "\n\n", "\x00", "\ufeff", "VEC1 1 0 0", "pos:R:99999999", "_JSON {}", "(5, 3)"),
    *("ANIMSTEPS 999999999", "BEGIN_BLOCK_DATAGRID_3D", "_symmetry_int_tables_number 230"),
    *("_cell_length_a 1e9", "(99999999999, 3)"),
    '{"__ndarray__": [[99999999999], "float64", 1]}',
]


@st.composite
def spoiled(draw: st.DrawFn, contents: bytes) -> bytes:
    """The contents after one to six changes."""
    data = bytearray(contents)
    place = st.integers(0, len(contents))
    for _ in range(draw(st.integers(1, 6))):
        at = min(draw(place), len(data))
        how = draw(st.sampled_from(["flip", "cut", "word", "bytes", "copy", "drop", "number"]))
        length = draw(st.integers(1, 40))
        if how == "flip" and at < len(data):
            data[at] ^= 1 << draw(st.integers(0, 7))
        elif how == "cut":
            del data[at:]
        elif how == "word":
            data[at:at] = draw(st.sampled_from(WORDS)).encode()
        elif how == "bytes":
            data[at : at + length] = draw(st.binary(max_size=16))
        elif how == "copy":
            to = min(draw(place), len(data))
            data[to:to] = data[at : at + length]
        elif how == "drop":
            del data[at : at + length]
        elif how == "number":
            end = at
            while end < len(data) and chr(data[end]) in "0123456789.eE+-":
                end += 1
            data[at:end] = draw(st.sampled_from(NUMBERS)).encode()
    return bytes(data)


def read(path: Path) -> None:
    """Read all that is in a file, and see that it is sound."""
    if not path.name.endswith(READY):
        for atoms in read_structures(path):
            check_structure(atoms, "here")
        return
    structures = crystals() if path.suffix == ".npy" else None
    if structures is None:
        assert all(len(atoms) for atoms in ready_structures(path))
    n_rows = sum(len(sites) for sites in read_ready_sites(path, structures))
    assert n_rows > 0


def readable_or_named(name: str, contents: bytes) -> None:
    message = None
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder) / name
        path.write_bytes(contents)
        try:
            read(path)
        except StructureError as error:
            message = str(error)
        assert [p.name for p in Path(folder).iterdir()] == [name]
    if message is not None:
        if name.endswith(READY):
            assert name in message
            assert ";" in message
        else:
            check_message(message, name)
        assert "MemoryError" not in message


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_are_good(tmp_path, name) -> None:
    (tmp_path / name).write_bytes(SAMPLES[name])
    read(tmp_path / name)


@pytest.mark.parametrize("name", SAMPLES)
def test_spoiled_files_are_read_or_named(name) -> None:
    @FUZZ
    @given(spoiled(SAMPLES[name]))
    def check(contents: bytes) -> None:
        readable_or_named(name, contents)

    check()


number = st.one_of(
    st.integers(-2, 130).map(str),
    st.floats(-50, 50).map(str),
    st.sampled_from(["nan", "inf", "1e400", "", "x", "1_0", "0x1", "9" * 25, "1d0", "1.0-120"]),
)
symbol = st.sampled_from(["Li", "S", "P", "X", "Qq", "li", "1", "16", "999", "", "é"])
row = st.tuples(symbol, st.lists(number, min_size=2, max_size=5)).map(
    lambda r: " ".join([r[0], *r[1]])
)
comment = st.lists(
    st.tuples(
        st.sampled_from(["Lattice", "pbc", "energy", "Properties", "stress", "name", "é", "a"]),
        st.one_of(
            number,
            st.lists(number, min_size=8, max_size=10).map(" ".join),
            st.sampled_from(["T T T", "species:S:1:pos:R:3", "pos:R:3:species:S:1", "Z:I:1", "["]),
        ),
    ).map(lambda pair: f'{pair[0]}="{pair[1]}"'),
    max_size=4,
).map(" ".join)
frame = st.tuples(number, comment, st.lists(row, max_size=4)).map(
    lambda f: "\n".join([f[0], f[1], *f[2]])
)
vector = st.lists(number, min_size=2, max_size=4).map(" ".join)
crystal = st.tuples(
    st.sampled_from(["CRYSTAL", "SLAB", "POLYMER", "MOLECULE", "ANIMSTEPS 2\nCRYSTAL"]),
    st.lists(vector, min_size=2, max_size=4).map("\n".join),
    number,
    st.lists(row, max_size=4).map("\n".join),
).map(lambda c: f"{c[0]}\nPRIMVEC\n{c[1]}\nPRIMCOORD\n{c[2]} 1\n{c[3]}\n")
poscar = st.tuples(
    number,
    st.lists(vector, min_size=3, max_size=3).map("\n".join),
    st.lists(symbol, max_size=3).map(" ".join),
    st.lists(number, max_size=3).map(" ".join),
    st.sampled_from(["Direct", "Cartesian", "Selective\nDirect", ""]),
    st.lists(vector, max_size=4).map("\n".join),
).map(lambda p: f"Li S\n{p[0]}\n{p[1]}\n{p[2]}\n{p[3]}\n{p[4]}\n{p[5]}\n")
cif = st.tuples(
    st.lists(
        st.tuples(
            st.sampled_from(
                [f"_cell_length_{x}" for x in "abc"]
                + ["_cell_angle_alpha", "_cell_angle_beta", "_cell_angle_gamma"]
                + ["_symmetry_int_tables_number", "_space_group_name_h-m_alt"]
            ),
            number,
        ).map(" ".join),
        max_size=9,
    ).map("\n".join),
    st.lists(row, max_size=4).map("\n".join),
).map(
    lambda c: (
        f"data_x\n{c[0]}\nloop_\n_atom_site_type_symbol\n_atom_site_fract_x\n"
        f"_atom_site_fract_y\n_atom_site_fract_z\n{c[1]}\n"
    )
)
training_set = st.lists(st.one_of(number, vector, symbol, row), min_size=1, max_size=30).map(
    lambda lines: "\n".join(TRAINING_HEADER + lines)
)
TRAINING_HEADER = ["a", "F", "1.0", "0.0", "2", "Li", "S", "-1.0 -2.0"]
json_value = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["__ndarray__", "array", "a", "1"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@st.composite
def json_rows(draw: st.DrawFn) -> str:
    import json

    keys = ["numbers", "positions", "cell", "pbc", "energy", "forces", "key_value_pairs", "stress"]
    row = {"numbers": [3, 16], "positions": [[0, 0, 0], [2, 0, 0]]}
    row |= draw(st.dictionaries(st.sampled_from(keys), json_value, max_size=3))
    ids = draw(st.one_of(st.just([1]), json_value))
    return json.dumps({"1": row, "ids": ids, "nextid": 2})


GRAMMARS = {
    "g.extxyz": st.lists(frame, min_size=1, max_size=3).map("\n".join),
    "g.xyz": st.lists(frame, min_size=1, max_size=3).map("\n".join),
    "g.xsf": crystal,
    "g.vasp": poscar,
    "g.cif": cif,
    "g.train.ascii": training_set,
    "g.json": json_rows(),
}


@pytest.mark.parametrize("name", GRAMMARS)
def test_files_that_are_nearly_right_are_read_or_named(name) -> None:
    @FUZZ
    @given(GRAMMARS[name])
    def check(text: str) -> None:
        readable_or_named(name, text.encode("utf-8", "surrogatepass"))

    check()
