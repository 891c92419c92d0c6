#!/usr/bin/env bash
# pyarrow 26.0.1: updating the metadata of a schema with text keys silently keeps the old values.
#
# Expected: `schema.metadata` is a dictionary of bytes. `{**schema.metadata, "settings": "new"}`, passed to
#   `replace_schema_metadata` (which accepts text as well as bytes), replaces the old entry.
# Found: the text key and the bytes key are two entries of the dictionary, and both are stored. Every
#   reader returns the first, so the new value is in the file, but is never seen.
# Why it matters: provenance of scientific tables is kept in schema metadata. A table that is read,
#   filtered and written with new provenance still carries that of the file it came from. Encode the keys.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet "pyarrow==26.0.1"
cd "$work"
"$work/venv/bin/python" - <<'END'
import pyarrow as pa
import pyarrow.parquet as pq

first = pa.table({"energy": [1.0]}).replace_schema_metadata({"settings": "first step"})
update = {**first.schema.metadata, "settings": "second step"}
second = first.replace_schema_metadata(update)
pq.write_table(second, "second.parquet")
found = pq.read_schema("second.parquet").metadata
print("pyarrow", pa.__version__)
print("given to replace_schema_metadata:", update)
print("read back:", found)
assert len(update) == 2
assert found == {b"settings": b"first step"}
encoded = {key.encode() if isinstance(key, str) else key: value for key, value in update.items()}
assert first.replace_schema_metadata(encoded).schema.metadata == {b"settings": b"second step"}
END
