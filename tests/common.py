"""Settings of the paper that many tests use."""

WEIGHTS = {"Li": -1.0, "P": 0.0, "S": 1.0}
ELEMENTS = ("Li", "P", "S")
