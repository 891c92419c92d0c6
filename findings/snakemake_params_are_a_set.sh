#!/usr/bin/env bash
# Snakemake 9.27.1: two parameters of a rule that swap their values are not seen as a change.
#
# Expected: with `--rerun-triggers params` (part of the default), a rule whose parameters changed runs
#   again: `x: 5, y: 3` and `x: 3, y: 5` are different parameters.
# Found: Snakemake records and compares the SET of parameter values, without their names. After the swap
#   it reports that there is nothing to be done, and the old result stays. The same holds where a value
#   that occurs twice now occurs once.
# Why it matters: in a workflow of numbers (seed and number of neighbours, two cutoffs), results can be
#   labelled with settings that they were not computed with. One parameter that holds all settings, such
#   as a dictionary or a digest, is compared as a whole.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet "snakemake==9.27.1"
cd "$work"
cat > Snakefile <<'END'
rule difference:
    output:
        "difference.txt",
    params:
        minuend=config["minuend"],
        subtrahend=config["subtrahend"],
    shell:
        "echo $(({params.minuend} - {params.subtrahend})) > {output}"
END
run() { "$work/venv/bin/snakemake" --cores 1 --config "$@" 2>&1; }

run minuend=5 subtrahend=3 >/dev/null
echo "5 - 3: $(cat difference.txt)"
run minuend=3 subtrahend=5 > swapped.log
echo "3 - 5: $(cat difference.txt), $(grep -o 'Nothing to be done' swapped.log || echo 'it ran again')"
run minuend=3 subtrahend=6 > changed.log
echo "3 - 6: $(cat difference.txt)"
grep -q 'Nothing to be done' swapped.log && [ "$(cat difference.txt)" = -3 ]
