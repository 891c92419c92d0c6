#!/usr/bin/env bash
# Snakemake 9.27.1: after a job with changed parameters has failed, the next run may do nothing at all.
#
# Expected: a parameter of the first of two rules changes, its job fails, and the next run tries again.
# Found: Snakemake deletes the failed job's output together with the record of its parameters. The final
#   file is still there, and its own rule is unchanged, so the missing intermediate file is not needed and
#   the next run reports "Nothing to be done" with exit status 0. The final file is of the old parameter.
# Why it matters: a job that was killed for memory, or met a full disk, leaves a study that looks finished
#   and is labelled with settings that no number in it was computed with. The digest of the settings of
#   all steps before it, as the parameter of every rule, and targets that include intermediate files
#   prevent it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet "snakemake==9.27.1"
cd "$work"
cat > Snakefile <<'END'
rule final:
    input:
        "intermediate.txt",
    output:
        "final.txt",
    shell:
        "cp {input} {output}"


rule intermediate:
    output:
        "intermediate.txt",
    params:
        cutoff=config["cutoff"],
    shell:
        "echo {params.cutoff} > {output}; test ! -e fail"
END
run() { "$work/venv/bin/snakemake" --cores 1 --config "$@" 2>&1; }

run cutoff=6 >/dev/null
touch fail
run cutoff=5 > failed.log && { echo "the second run did not fail"; exit 1; }
rm fail
status=0
run cutoff=5 > again.log || status=$?
echo "asked for 5, found $(cat final.txt), exit status $status: $(grep -o 'Nothing to be done' again.log || true)"
[ "$status" = 0 ] && [ "$(cat final.txt)" = 6 ] && [ ! -e intermediate.txt ]
