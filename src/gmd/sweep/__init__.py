"""One set of structures under several LAED settings, side by side."""

from gmd.sweep.errors import ERROR_COLUMNS, setting_errors
from gmd.sweep.pairs import SWEEP_COLUMNS, settings_imbalance
from gmd.sweep.settings import SETTING_COLUMNS, settings_table
from gmd.sweep.sigmas import DEFAULT_SIGMAS, sweep_sigmas

__all__ = [
    "DEFAULT_SIGMAS",
    "ERROR_COLUMNS",
    "SETTING_COLUMNS",
    "SWEEP_COLUMNS",
    "setting_errors",
    "settings_imbalance",
    "settings_table",
    "sweep_sigmas",
]
