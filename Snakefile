# The door: everything is in workflow/.
include: "workflow/Snakefile"


# an included file cannot name the default target
rule default:
    default_target: True
    input:
        rules.all.input,
    log:
        f"{LOG}/check.log",
    conda:
        ENVIRONMENT
    script:
        "workflow/scripts/check.py"
