# What every descriptor knows about every other.


rule imbalance:
    input:
        f"{SPACE}/descriptors.parquet",
    output:
        f"{SPACE}/imbalance.parquet",
    params:
        code=source_digest("imbalance"),
        normalization=study.config["imbalance"]["normalization"],
    log:
        f"{LOG}/imbalance/{{part}}.{{laed}}.log",
    benchmark:
        f"{BENCHMARK}/imbalance/{{part}}.{{laed}}.tsv"
    threads: 16
    resources:
        mem_mb=4000,
    conda:
        ENVIRONMENT
    script:
        "../scripts/imbalance.py"


rule ranking:
    input:
        imbalance=f"{SPACE}/imbalance.parquet",
        descriptors=f"{SPACE}/descriptors.parquet",
    output:
        f"{SPACE}/ranking.parquet",
    params:
        code=source_digest("imbalance"),
    log:
        f"{LOG}/ranking/{{part}}.{{laed}}.log",
    resources:
        mem_mb=1000,
    conda:
        ENVIRONMENT
    script:
        "../scripts/ranking.py"
