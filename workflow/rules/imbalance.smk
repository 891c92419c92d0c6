# What every descriptor knows about every other.


rule imbalance:
    input:
        f"{SPACE}/descriptors.parquet",
    output:
        **(
            {"contributions": f"{SPACE}/contributions.parquet"}
            if study.keeps_contributions
            else {}
        ),
        table=f"{SPACE}/imbalance.parquet",
    log:
        f"{LOG}/imbalance/{{part}}.{{laed}}.log",
    benchmark:
        f"{BENCHMARK}/imbalance/{{part}}.{{laed}}.tsv"
    conda:
        ENVIRONMENT
    threads: 16
    # the device is no parameter: results do not depend on it, and need not be made again
    resources:
        **({"gpu": 1} if study.config["imbalance"]["device"] == "cuda" else {}),
        mem_mb=4000,
    params:
        step=step_of("imbalance"),
    script:
        "../scripts/imbalance.py"


rule ranking:
    input:
        imbalance=f"{SPACE}/imbalance.parquet",
        descriptors=f"{SPACE}/descriptors.parquet",
    output:
        f"{SPACE}/ranking.parquet",
    log:
        f"{LOG}/ranking/{{part}}.{{laed}}.log",
    benchmark:
        f"{BENCHMARK}/ranking/{{part}}.{{laed}}.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=4000,
    params:
        step=step_of("ranking"),
    script:
        "../scripts/ranking.py"
