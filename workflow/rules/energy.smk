# Formation energies, and how well every descriptor predicts them.


rule formation:
    input:
        f"{PART}/structures.parquet",
    output:
        f"{PART}/formation.parquet",
    log:
        f"{LOG}/formation/{{part}}.log",
    benchmark:
        f"{BENCHMARK}/formation/{{part}}.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=1000,
    params:
        step=step_of("formation"),
    script:
        "../scripts/formation.py"


rule energy_fit:
    input:
        descriptors=f"{SPACE}/descriptors.parquet",
        formation=f"{PART}/formation.parquet",
    output:
        f"{SPACE}/energy/fits/{{sigma}}.parquet",
    log:
        f"{LOG}/energy_fit/{{part}}.{{laed}}.{{sigma}}.log",
    benchmark:
        f"{BENCHMARK}/energy_fit/{{part}}.{{laed}}.{{sigma}}.tsv"
    conda:
        ENVIRONMENT
    threads: study.config.get("energy", {}).get("lightgbm", {}).get("num_threads", 1)
    resources:
        mem_mb=2000,
    params:
        step=step_of("energy_fit"),
    script:
        "../scripts/energy_fit.py"


rule energy:
    input:
        lambda w: expand(
            f"{SPACE}/energy/fits/{{sigma}}.parquet",
            sigma=study.fitted_sigmas(w.model),
            allow_missing=True,
        ),
    output:
        f"{SPACE}/energy/{{model}}.parquet",
    log:
        f"{LOG}/energy/{{part}}.{{laed}}.{{model}}.log",
    benchmark:
        f"{BENCHMARK}/energy/{{part}}.{{laed}}.{{model}}.tsv"
    wildcard_constraints:
        model="lightgbm|linear",
    conda:
        ENVIRONMENT
    resources:
        mem_mb=1000,
    params:
        step=step_of("energy"),
    script:
        "../scripts/energy.py"
