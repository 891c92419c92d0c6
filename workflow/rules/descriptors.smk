# From structures to the LAEDs of their atoms, and from these to the descriptors of structures.


rule sites:
    input:
        f"{PART}/structures.parquet",
    output:
        f"{SPACE}/sites.parquet",
    params:
        code=source_digest("local"),
        laed=lambda w: study.laed_settings(w.part, w.laed),
    log:
        f"{LOG}/sites/{{part}}.{{laed}}.log",
    benchmark:
        f"{BENCHMARK}/sites/{{part}}.{{laed}}.tsv"
    threads: 4
    resources:
        mem_mb=4000,
    conda:
        ENVIRONMENT
    script:
        "../scripts/sites.py"


rule descriptors:
    input:
        f"{SPACE}/sites.parquet",
    output:
        f"{SPACE}/descriptors.parquet",
    params:
        code=source_digest("descriptors"),
        space=lambda w: study.space_settings(w.part),
    log:
        f"{LOG}/descriptors/{{part}}.{{laed}}.log",
    benchmark:
        f"{BENCHMARK}/descriptors/{{part}}.{{laed}}.tsv"
    threads: 4
    resources:
        mem_mb=4000,
    conda:
        ENVIRONMENT
    script:
        "../scripts/descriptors.py"


rule gsd:
    input:
        f"{SPACE}/descriptors.parquet",
    output:
        f"{SPACE}/gsd/{{sigma}}.parquet",
    params:
        code=source_digest("descriptors"),
    log:
        f"{LOG}/gsd/{{part}}.{{laed}}.{{sigma}}.log",
    resources:
        mem_mb=2000,
    conda:
        ENVIRONMENT
    script:
        "../scripts/gsd.py"


rule columns:
    input:
        f"{SPACE}/descriptors.parquet",
    output:
        f"{SPACE}/columns.parquet",
    params:
        code=source_digest("tables"),
    log:
        f"{LOG}/columns/{{part}}.{{laed}}.log",
    resources:
        mem_mb=2000,
    conda:
        ENVIRONMENT
    script:
        "../scripts/columns.py"
