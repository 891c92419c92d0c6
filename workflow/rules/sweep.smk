# The LAED settings of a part beside each other.


rule sweep:
    input:
        lambda w: of_settings(w, "descriptors.parquet"),
    output:
        parquet=f"{SWEEP}/sweep.parquet",
        csv=report(
            f"{SWEEP}/sweep.csv",
            category="LAED settings",
            subcategory="{part}",
            caption="../report/sweep.rst",
        ),
    log:
        f"{LOG}/sweep/{{part}}.log",
    benchmark:
        f"{BENCHMARK}/sweep/{{part}}.tsv"
    conda:
        ENVIRONMENT
    threads: 16
    # as with imbalances, the device is no parameter
    resources:
        **({"gpu": 1} if study.config["imbalance"]["device"] == "cuda" else {}),
        mem_mb=8000,
    params:
        step=step_of("sweep"),
    script:
        "../scripts/sweep.py"


rule settings:
    input:
        sweep=f"{SWEEP}/sweep.parquet",
        descriptors=lambda w: of_settings(w, "descriptors.parquet"),
        rankings=lambda w: of_settings(w, "ranking.parquet"),
    output:
        parquet=f"{SWEEP}/settings.parquet",
        csv=report(
            f"{SWEEP}/settings.csv",
            category="LAED settings",
            subcategory="{part}",
            caption="../report/sweep.rst",
        ),
    log:
        f"{LOG}/settings/{{part}}.log",
    benchmark:
        f"{BENCHMARK}/settings/{{part}}.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=1000,
    params:
        step=step_of("settings"),
    script:
        "../scripts/settings.py"


rule errors:
    input:
        lightgbm=lambda w: of_fits(w, "lightgbm"),
        linear=lambda w: of_fits(w, "linear"),
        descriptors=lambda w: of_settings(w, "descriptors.parquet"),
    output:
        parquet=f"{SWEEP}/errors.parquet",
        csv=report(
            f"{SWEEP}/errors.csv",
            category="LAED settings",
            subcategory="{part}",
            caption="../report/sweep.rst",
        ),
    log:
        f"{LOG}/errors/{{part}}.log",
    benchmark:
        f"{BENCHMARK}/errors/{{part}}.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=1000,
    params:
        step=step_of("errors"),
    script:
        "../scripts/errors.py"


rule sweep_figure:
    input:
        unpack(sweep_errors),
        sweep=f"{SWEEP}/sweep.parquet",
        structures=f"{PART}/structures.parquet",
    output:
        svg=report(
            f"{SWEEP}/{{drawing}}.svg",
            category="LAED settings",
            subcategory="{part}",
            caption="../report/sweep.rst",
        ),
        png=f"{SWEEP}/{{drawing}}.png",
    log:
        f"{LOG}/sweep_figure/{{part}}.{{drawing}}.log",
    benchmark:
        f"{BENCHMARK}/sweep_figure/{{part}}.{{drawing}}.tsv"
    wildcard_constraints:
        drawing="|".join(DRAWINGS),
    conda:
        ENVIRONMENT
    resources:
        mem_mb=1000,
    params:
        step=step_of("sweep_figure"),
    script:
        "../scripts/sweep_figure.py"
