# From structures to the LAEDs of their atoms, and from these to the descriptors of structures.


rule sites:
    input:
        unpack(whole_structures),
        structures=f"{PART}/structures.parquet",
    output:
        f"{SPACE}/sites.parquet",
    log:
        f"{LOG}/sites/{{part}}.{{laed}}.log",
    benchmark:
        f"{BENCHMARK}/sites/{{part}}.{{laed}}.tsv"
    conda:
        ENVIRONMENT
    threads: 4
    resources:
        mem_mb=4000,
    params:
        step=step_of("sites"),
        data=ready_data,
    script:
        "../scripts/sites.py"


rule descriptors:
    input:
        f"{SPACE}/sites.parquet",
    output:
        f"{SPACE}/descriptors.parquet",
    log:
        f"{LOG}/descriptors/{{part}}.{{laed}}.log",
    benchmark:
        f"{BENCHMARK}/descriptors/{{part}}.{{laed}}.tsv"
    conda:
        ENVIRONMENT
    threads: 4
    resources:
        mem_mb=4000,
    params:
        step=step_of("descriptors"),
    script:
        "../scripts/descriptors.py"


rule gsd:
    input:
        f"{SPACE}/descriptors.parquet",
    output:
        f"{SPACE}/gsd/{{sigma}}.parquet",
    log:
        f"{LOG}/gsd/{{part}}.{{laed}}.{{sigma}}.log",
    benchmark:
        f"{BENCHMARK}/gsd/{{part}}.{{laed}}.{{sigma}}.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=2000,
    params:
        step=step_of("gsd"),
    script:
        "../scripts/gsd.py"


rule columns:
    input:
        f"{SPACE}/descriptors.parquet",
    output:
        f"{SPACE}/columns.parquet",
    log:
        f"{LOG}/columns/{{part}}.{{laed}}.log",
    benchmark:
        f"{BENCHMARK}/columns/{{part}}.{{laed}}.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=2000,
    params:
        step=step_of("columns"),
    script:
        "../scripts/columns.py"
