"""Ways to shorten the power spectrum: what each is, what it stores, and how well it is undone."""

from gmd.compression.members import COMPRESSIONS, SIDES, Compression, Side, side_names
from gmd.compression.recovery import RECOVERY_COLUMNS, recovery_errors
from gmd.compression.slices import stored_entries
from gmd.compression.spanning import SPANNING_COLUMNS, spanning

__all__ = [
    "COMPRESSIONS",
    "RECOVERY_COLUMNS",
    "SIDES",
    "SPANNING_COLUMNS",
    "Compression",
    "Side",
    "recovery_errors",
    "side_names",
    "spanning",
    "stored_entries",
]
