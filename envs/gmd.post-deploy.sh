#!/usr/bin/env bash
# Puts this checkout's gmd on the path of the conda environment that Snakemake has just made and
# activated. Snakemake calls it from the working directory.
set -euo pipefail

if [ ! -f src/gmd/__init__.py ]; then
    echo "gmd.post-deploy.sh: no src/gmd in $PWD; run Snakemake from the root of the checkout" >&2
    exit 1
fi
packages=$("$CONDA_PREFIX/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
echo "$PWD/src" >"$packages/gmd.pth"
