"""Parquet files: where they come from, and that they are whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from common import flipped_bits
from gmd import __version__
from gmd.storage import (
    DamagedFileError,
    check_sha256,
    count_rows,
    open_parquet,
    provenance,
    provenance_record,
    read_frame,
    read_provenance,
    read_table,
    sha256_of,
    verify_document,
    with_checksum,
    write_parquet,
    write_parquet_chunks,
    written_whole,
)

SETTINGS = {"radial_cutoff": 6.0, "weights": {"S": 1, "Li": -1}, "elements": ["Li", "S"], "Σ": None}


def table(first: int = 0, rows: int = 3) -> pa.Table:
    numbers = np.arange(first, first + rows)
    return pa.table(
        {"structure": numbers, "value": numbers / 3, "name": [f"s{n}" for n in numbers]}
    )


def files_of(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_files_say_where_they_come_from(tmp_path) -> None:
    source = tmp_path / "lps.extxyz"
    source.write_text("contents")
    path = tmp_path / "new" / "folder" / "sites.parquet"
    write_parquet(table(), path, settings=SETTINGS, inputs=[source])
    assert read_provenance(path) == {
        "version": __version__,
        "settings": SETTINGS,
        "inputs": {"lps.extxyz": hashlib.sha256(b"contents").hexdigest()},
    }
    assert pq.read_table(path).equals(table())
    assert provenance_record(SETTINGS, [source]) == read_provenance(path)
    # any other reader finds it as well
    metadata = pq.read_schema(path).metadata
    assert json.loads(metadata[b"gmd.settings"]) == SETTINGS


def test_inputs_are_told_apart_by_their_paths_in_the_project(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    for part in ("a", "b"):
        Path(part).mkdir()
        (Path(part) / "x").write_text(part)
    inputs = json.loads(provenance({}, ["a/x", Path("b/x")])["gmd.inputs"])
    assert inputs == {f"{part}/x": hashlib.sha256(part.encode()).hexdigest() for part in "ab"}
    # where a user keeps data is nobody's business
    assert str(tmp_path) not in json.dumps(provenance({}, [tmp_path / "a" / "x"]))


def test_equal_settings_give_equal_files(tmp_path) -> None:
    write_parquet(table(), tmp_path / "a.parquet", settings={"a": 1, "b": 2})
    write_parquet(table(), tmp_path / "b.parquet", settings={"b": 2, "a": 1})
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_frames_are_written_without_their_index(tmp_path) -> None:
    path = tmp_path / "ranking.parquet"
    frame = pd.DataFrame({"sigma": ["050", "100"], "value": [1.0, np.nan]}, index=[7, 3])
    write_parquet(frame, path, settings={})
    assert pq.read_table(path).column_names == ["sigma", "value"]
    pd.testing.assert_frame_equal(pd.read_parquet(path), frame.reset_index(drop=True))
    assert read_provenance(path)["inputs"] == {}


def test_chunks_are_row_groups_and_held_one_at_a_time(tmp_path) -> None:
    path = tmp_path / "sites.parquet"
    written_before = []

    def chunks() -> Iterator[pa.Table]:
        for first, rows in [(0, 3), (3, 1), (4, 5)]:
            written_before.append([p.stat().st_size for p in tmp_path.iterdir()])
            yield table(first, rows)

    write_parquet_chunks(chunks(), path, settings=SETTINGS)
    file = pq.ParquetFile(path)
    assert [file.metadata.row_group(g).num_rows for g in range(file.num_row_groups)] == [3, 1, 5]
    assert file.read_row_group(1).equals(table(3, 1))
    assert pq.read_table(path).equals(table(0, 9))
    assert read_provenance(path)["settings"] == SETTINGS
    assert written_before[0] == []
    assert written_before[1] < written_before[2]  # the partial file grows meanwhile


def fail_at_once() -> Iterator[pa.Table]:
    raise KeyboardInterrupt
    yield table()


def fail_later() -> Iterator[pa.Table]:
    yield table()
    raise RuntimeError("stop")


def change_the_columns() -> Iterator[pa.Table]:
    yield table()
    yield table().drop(["name"])


@pytest.mark.parametrize("existing", [True, False])
@pytest.mark.parametrize(
    ("chunks", "error", "message"),
    [
        (fail_at_once, KeyboardInterrupt, "^$"),
        (fail_later, RuntimeError, "stop"),
        (change_the_columns, ValueError, "schema"),
        (list, ValueError, "sites.parquet: there are no rows to write"),
    ],
)
def test_files_are_whole_or_not_there(tmp_path, existing, chunks, error, message) -> None:
    path = tmp_path / "sites.parquet"
    if existing:
        write_parquet(table(5), path, settings={"old": True})
    with pytest.raises(error, match=message):
        write_parquet_chunks(chunks(), path, settings={"old": False})
    assert files_of(tmp_path) == (["sites.parquet"] if existing else [])
    if existing:
        assert pq.read_table(path).equals(table(5))
        assert read_provenance(path)["settings"] == {"old": True}


def test_inputs_that_are_missing_leave_the_file(tmp_path) -> None:
    with pytest.raises(FileNotFoundError, match=r"gone\.parquet"):
        write_parquet(table(), tmp_path / "a.parquet", settings={}, inputs=["gone.parquet"])
    assert files_of(tmp_path) == []


def test_any_file_is_written_whole(tmp_path) -> None:
    path = tmp_path / "fig_1.svg"
    with written_whole(path) as partial:
        assert partial.parent == path.parent
        assert partial.suffix == ".svg"  # writers go by it
        partial.write_text("new")
        assert not path.exists()
    assert path.read_text() == "new"
    assert files_of(tmp_path) == ["fig_1.svg"]

    def fail() -> None:
        with written_whole(path) as partial:
            partial.write_text("half")
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        fail()
    assert path.read_text() == "new"
    assert files_of(tmp_path) == ["fig_1.svg"]


def test_digest_of_a_file_is_that_of_sha256sum(tmp_path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256_of(tmp_path / "a") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        (lambda folder: (folder / "a").touch(), False),
        (lambda folder: (folder / "empty").mkdir(), False),
        (lambda folder: (folder / "a").write_text("2"), True),
        (lambda folder: (folder / "a").rename(folder / "c"), True),
        (lambda folder: (folder / "sub" / "b").rename(folder / "b"), True),
        (lambda folder: (folder / "sub" / "b").write_text("1"), True),
        (lambda folder: (folder / "sub" / "c").write_text(""), True),
        (lambda folder: (folder / "a").unlink(), True),
    ],
)
def test_digest_of_a_folder(tmp_path, change, differs) -> None:
    folder = tmp_path / "set"
    (folder / "sub").mkdir(parents=True)
    (folder / "a").write_text("1")
    (folder / "sub" / "b").write_text("2")
    before = sha256_of(folder)
    change(folder)
    assert (sha256_of(folder) != before) == differs


def test_foreign_files_are_refused(tmp_path) -> None:
    pq.write_table(table(), tmp_path / "foreign.parquet")
    with pytest.raises(ValueError, match=r"foreign\.parquet does not say how it was made"):
        read_provenance(tmp_path / "foreign.parquet")
    pq.write_table(table().replace_schema_metadata({"gmd": "1"}), tmp_path / "foreign.parquet")
    with pytest.raises(ValueError, match="it is no output of this project"):
        read_provenance(tmp_path / "foreign.parquet")


def test_inputs_of_one_name_keep_a_digest_each(tmp_path) -> None:
    paths = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        paths.append(tmp_path / folder / "structures.xyz")
        paths[-1].write_text(folder)
    digests = json.loads(provenance({}, paths)["gmd.inputs"])
    assert sorted(digests.values()) == sorted(sha256_of(path) for path in paths)


def test_checksums_are_compared(tmp_path) -> None:
    path = tmp_path / "lps.extxyz"
    path.write_text("contents")
    check_sha256(path, hashlib.sha256(b"contents").hexdigest())
    with pytest.raises(ValueError, match=r"lps\.extxyz: its SHA-256 is d1b2\w+, not 0{64}; it was"):
        check_sha256(path, "0" * 64)


def test_a_table_that_was_read_gets_the_provenance_of_its_new_file(tmp_path) -> None:
    """Arrow's metadata may hold a key twice, as text and as bytes, and reads the older one."""
    first, second = tmp_path / "first.parquet", tmp_path / "second.parquet"
    write_parquet(table(), first, settings={"rule": "ingest"}, step={"digest": "a"})
    write_parquet(
        read_table(first), second, settings={"rule": "subset"}, inputs=[first], step={"digest": "b"}
    )
    found = read_provenance(second)
    assert found["settings"] == {"rule": "subset"}
    assert found["step"] == {"digest": "b"}
    assert list(found["inputs"]) == ["first.parquet"]


def test_no_flipped_bit_goes_unnoticed(tmp_path) -> None:
    path = tmp_path / "sites.parquet"
    write_parquet_chunks(
        [table(), table(3)], path, settings=SETTINGS, inputs=[tmp_path], step={"digest": "a"}
    )
    assert read_table(path).num_rows == count_rows(path) == len(read_frame(path)) == 6
    for damaged in flipped_bits(path.read_bytes(), n=400):
        path.write_bytes(damaged)
        with pytest.raises(
            DamagedFileError, match=r"sites\.parquet: the file is damaged: .*delete"
        ):
            read_table(path)


@pytest.mark.parametrize("kept", [0, 3, 10, -1, -9])
def test_files_that_are_cut_off_are_refused(tmp_path, kept) -> None:
    path = tmp_path / "sites.parquet"
    write_parquet(table(), path, settings=SETTINGS)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(DamagedFileError, match="the file is damaged"):
        read_table(path)


def test_a_checksum_is_verified_again_when_the_file_changes(tmp_path) -> None:
    path = tmp_path / "sites.parquet"
    write_parquet(table(), path, settings=SETTINGS)
    whole = path.read_bytes()
    read_table(path)
    path.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
    with pytest.raises(DamagedFileError):
        read_table(path)
    path.write_bytes(whole)
    assert read_table(path).equals(table())


def test_pages_carry_checksums_that_other_readers_can_verify(tmp_path) -> None:
    path = tmp_path / "sites.parquet"
    write_parquet(table(rows=1000), path, settings={})
    whole = path.read_bytes()
    refused = 0
    for place in range(4, 2000, 50):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        try:
            pq.read_table(path, page_checksum_verification=True)
        except (OSError, pa.ArrowException):
            refused += 1
    assert refused > 20


def test_parquet_files_of_others_have_no_checksum(tmp_path) -> None:
    path = tmp_path / "others.parquet"
    pq.write_table(table(), path)
    assert read_table(path, ["value"]).column_names == ["value"]
    with pytest.raises(ValueError, match="does not say how it was made"):
        read_provenance(path)
    # one of this project without it was damaged, or made before there were checksums
    metadata = provenance({}, [])
    pq.write_table(table().replace_schema_metadata(metadata), path)
    with pytest.raises(DamagedFileError, match="its checksum is missing"), open_parquet(path):
        pass


def test_documents_carry_a_checksum(tmp_path) -> None:
    document = with_checksum({"a": 1.5, "Σ": ["b", None]})
    assert list(document) == ["a", "Σ", "checksum"]
    assert with_checksum(document) == document
    read_back = json.loads(json.dumps(document, indent=3))
    verify_document(read_back, "x.json")
    for change in ({"a": 1.6}, {"c": 0}, {"checksum": "00000000"}):
        with pytest.raises(DamagedFileError, match=r"x\.json: the file is damaged"):
            verify_document({**read_back, **change}, "x.json")
    del read_back["checksum"]
    with pytest.raises(DamagedFileError):
        verify_document(read_back, "x.json")
