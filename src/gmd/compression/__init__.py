"""Ways to shorten the power spectrum: what each is, what it stores, and how well it is undone."""

from gmd.compression.members import COMPRESSIONS, SIDES, Compression, Side, side_names
from gmd.compression.recovery import RECOVERY_COLUMNS, recovery_errors
from gmd.compression.slices import stored_entries

__all__ = [
    "COMPRESSIONS",
    "RECOVERY_COLUMNS",
    "SIDES",
    "Compression",
    "Side",
    "recovery_errors",
    "side_names",
    "stored_entries",
]
