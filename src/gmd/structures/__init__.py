"""Atomic structures: reading, checking, selecting, and the data set that comes along."""

from gmd.structures.checks import StructureError, check_structure, place_of
from gmd.structures.composition import (
    composition_counts,
    formula_counts,
    on_composition_line,
    similar_element,
)
from gmd.structures.download import DownloadError, download_file
from gmd.structures.duplicates import duplicate_groups, without_duplicates
from gmd.structures.energies import total_energies
from gmd.structures.energy_units import ENERGY_UNITS
from gmd.structures.isotopes import count_deuterium
from gmd.structures.lps import load_lps, lps_path
from gmd.structures.reading import iter_structures, read_structures
from gmd.structures.selection import select_structures
from gmd.structures.table import structures_from_table, structures_to_table
from gmd.structures.weights import WEIGHT_RULES, element_weights

__all__ = [
    "ENERGY_UNITS",
    "WEIGHT_RULES",
    "DownloadError",
    "StructureError",
    "check_structure",
    "composition_counts",
    "count_deuterium",
    "download_file",
    "duplicate_groups",
    "element_weights",
    "formula_counts",
    "iter_structures",
    "load_lps",
    "lps_path",
    "on_composition_line",
    "place_of",
    "read_structures",
    "select_structures",
    "similar_element",
    "structures_from_table",
    "structures_to_table",
    "total_energies",
    "without_duplicates",
]
