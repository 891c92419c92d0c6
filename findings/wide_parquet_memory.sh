#!/usr/bin/env bash
# pyarrow 21.0.0: a Parquet file with many columns takes kilobytes of memory per column, however few its rows.
#
# Expected: descriptors of two structures, 60 000 columns of float64, are 1 MB of data; reading them takes a few
# megabytes.
# What happens: the file is more than ten times as large as the data, and a fresh process that reads it grows by
# several kilobytes for each column, hundreds of times the data.
# Why it matters: descriptors are tables of few rows and many columns. SOAP with n_max = l_max = 12 and three elements
# makes 650 000 columns of moments; gigabytes go into bookkeeping before the first number is compared, so that an
# estimate from rows times columns is far too small.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet pyarrow==21.0.0 numpy==2.2.6
cat >"$work/write.py" <<'PYTHON'
import sys
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

values = np.random.default_rng(0).normal(size=(2, 60_000))
table = pa.table({f"550_2_3_Li.{n}": values[:, n] for n in range(values.shape[1])})
pq.write_table(table, sys.argv[1])
PYTHON
cat >"$work/read.py" <<'PYTHON'
import os
import resource
import sys
import pyarrow as pa
import pyarrow.parquet as pq


def peak() -> float:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


before = peak()
table = pq.read_table(sys.argv[1])
grown, data = peak() - before, 8 * table.num_rows * table.num_columns
size = os.path.getsize(sys.argv[1])
print(f"pyarrow {pa.__version__}: {table.num_rows} rows, {table.num_columns} columns")
print(f"numbers {data / 1e6:.2f} MB, file {size / 1e6:.1f} MB, memory for reading {grown / 1e6:.0f} MB")
print(f"{grown / table.num_columns:.0f} bytes of memory per column that holds {8 * table.num_rows} bytes")
sys.exit(0 if grown > 1000 * table.num_columns and size > 5 * data else 1)
PYTHON
"$work/venv/bin/python" "$work/write.py" "$work/wide.parquet"
"$work/venv/bin/python" "$work/read.py" "$work/wide.parquet"
