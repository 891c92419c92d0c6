# Which descriptor to use: chosen from the imbalances, and again from fewer structures.


rule stability:
    input:
        f"{SPACE}/descriptors.parquet",
    output:
        f"{SPACE}/stability.parquet",
    log:
        f"{LOG}/stability/{{part}}.{{laed}}.log",
    benchmark:
        f"{BENCHMARK}/stability/{{part}}.{{laed}}.tsv"
    conda:
        ENVIRONMENT
    threads: 16
    resources:
        mem_mb=4000,
    params:
        step=step_of("stability"),
    script:
        "../scripts/stability.py"


rule recommendation:
    input:
        unpack(lambda w: study.recommendation_files(w.part, w.laed)),
    output:
        document=f"{SPACE}/recommendation.json",
        page=report(
            f"{SPACE}/recommendation.md",
            category="Which descriptor to use",
            subcategory="{part}, {laed}",
            caption="../report/recommendation.rst",
        ),
        svg=report(
            f"{SPACE}/figures/recommendation.svg",
            category="Which descriptor to use",
            subcategory="{part}, {laed}",
            caption="../report/recommendation.rst",
        ),
        png=f"{SPACE}/figures/recommendation.png",
    log:
        f"{LOG}/recommendation/{{part}}.{{laed}}.log",
    benchmark:
        f"{BENCHMARK}/recommendation/{{part}}.{{laed}}.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=2000,
    params:
        step=step_of("recommendation"),
    script:
        "../scripts/recommendation.py"
