# What a reader looks at: tables, figures and the comparison with the paper.


rule tables:
    input:
        imbalance=f"{SPACE}/imbalance.parquet",
        ranking=f"{SPACE}/ranking.parquet",
    output:
        report(
            expand(
                f"{SPACE}/tables/table_b{{n}}.csv", n=range(1, 6), allow_missing=True
            ),
            category="Tables",
            subcategory="{part}, {laed}",
            caption="../report/tables.rst",
        ),
    log:
        f"{LOG}/tables/{{part}}.{{laed}}.log",
    benchmark:
        f"{BENCHMARK}/tables/{{part}}.{{laed}}.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=1000,
    params:
        step=step_of("tables"),
    script:
        "../scripts/tables.py"


rule figure:
    input:
        unpack(lambda w: study.figure_tables(w.part, w.laed, w.figure)),
        structures=lambda w: f"{RESULTS}/{study.figure_part(w.part, w.figure)}/structures.parquet",
        counted=lambda w: f"{RESULTS}/{study.figure_part(w.part, w.figure)}/{w.laed}/ranking.parquet",
    output:
        svg=report(
            f"{SPACE}/figures/{{figure}}.svg",
            category="Figures",
            subcategory="{part}, {laed}",
            caption="../report/figure.rst",
            labels={"figure": "{figure}"},
        ),
        png=f"{SPACE}/figures/{{figure}}.png",
    log:
        f"{LOG}/figure/{{part}}.{{laed}}.{{figure}}.log",
    benchmark:
        f"{BENCHMARK}/figure/{{part}}.{{laed}}.{{figure}}.tsv"
    wildcard_constraints:
        figure="fig_[a-z0-9]+",
    conda:
        ENVIRONMENT
    resources:
        mem_mb=1000,
    params:
        step=step_of("figure"),
    script:
        "../scripts/figure.py"


rule claims:
    input:
        unpack(lambda w: study.table_files(w.part, w.laed)),
    output:
        frame=f"{SPACE}/claims.parquet",
        published=f"{SPACE}/published.csv",
        page=report(
            f"{SPACE}/claims.md",
            category="Comparison with the paper",
            subcategory="{part}, {laed}",
            caption="../report/claims.rst",
        ),
    log:
        f"{LOG}/claims/{{part}}.{{laed}}.log",
    benchmark:
        f"{BENCHMARK}/claims/{{part}}.{{laed}}.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=1000,
    params:
        step=step_of("claims"),
    script:
        "../scripts/claims.py"


rule conventions:
    input:
        sites=f"{SPACE}/sites.parquet",
        structures=f"{PART}/structures.parquet",
    output:
        frame=f"{SPACE}/conventions.parquet",
        page=report(
            f"{SPACE}/conventions.md",
            category="Comparison with the paper",
            subcategory="{part}, {laed}",
            caption="../report/conventions.rst",
        ),
    log:
        f"{LOG}/conventions/{{part}}.{{laed}}.log",
    benchmark:
        f"{BENCHMARK}/conventions/{{part}}.{{laed}}.tsv"
    conda:
        ENVIRONMENT
    threads: 16
    resources:
        **({"gpu": 1} if study.config["imbalance"]["device"] == "cuda" else {}),
        mem_mb=4000,
    params:
        step=step_of("conventions"),
    script:
        "../scripts/conventions.py"
