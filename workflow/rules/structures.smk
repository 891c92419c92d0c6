# Structures: fetched where need be, read and checked once per data set, then selected into subsets.


localrules:
    download,


# what is fetched is known by its checksum: no change of the code makes it stale
rule download:
    output:
        f"{DOWNLOADS}/{{digest}}/{{name}}",
    log:
        f"{LOG}/download/{{digest}}/{{name}}.log",
    wildcard_constraints:
        digest="[0-9a-f]{16}",
        name="[^/]+",
    conda:
        ENVIRONMENT
    params:
        url=lambda w, output: study.downloads[output[0]].url,
        sha256=lambda w, output: study.downloads[output[0]].sha256,
    script:
        "../scripts/download.py"


rule ingest:
    input:
        source_files,
    output:
        f"{RESULTS}/{{dataset}}.structures.parquet",
    log:
        f"{LOG}/ingest/{{dataset}}.log",
    benchmark:
        f"{BENCHMARK}/ingest/{{dataset}}.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=4000,
    params:
        code=script_digest("ingest"),
        source=lambda w: study.config["datasets"][w.dataset]["source"],
        energy_key=lambda w: study.config["datasets"][w.dataset]["energy_key"],
        energy_unit=lambda w: study.config["datasets"][w.dataset]["energy_unit"],
        drop_duplicates=lambda w: study.config["datasets"][w.dataset]["drop_duplicates"],
    script:
        "../scripts/ingest.py"


rule subset:
    input:
        lambda w: f"{RESULTS}/{part_of(w).dataset}.structures.parquet",
    output:
        f"{PART}/structures.parquet",
    log:
        f"{LOG}/subset/{{part}}.log",
    benchmark:
        f"{BENCHMARK}/subset/{{part}}.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=2000,
    params:
        code=script_digest("subset"),
        definition=lambda w: part_of(w).definition,
        elements=lambda w: part_of(w).settings["elements"],
    script:
        "../scripts/subset.py"
