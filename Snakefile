# The door: everything is in workflow/.
include: "workflow/Snakefile"
