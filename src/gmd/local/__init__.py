"""Local atomic environment descriptors (LAEDs), in families that share one interface."""

from gmd.local.chebyshev import Chebyshev
from gmd.local.derivatives import Derivatives
from gmd.local.families import family_settings, local_family
from gmd.local.family import FittedFamily, LocalFamily, compute_in_chunks
from gmd.local.ready import holds_sites, read_ready_sites, ready_structures
from gmd.local.sites import Sites
from gmd.local.sites_table import read_site_chunks, sites_from_table, sites_to_table
from gmd.local.soap import Soap
from gmd.local.sparse_sites import SparseSites
from gmd.local.symmetry_functions import SymmetryFunctions
from gmd.local.traditional_parameters import traditional_parameters

__all__ = [
    "Chebyshev",
    "Derivatives",
    "FittedFamily",
    "LocalFamily",
    "Sites",
    "Soap",
    "SparseSites",
    "SymmetryFunctions",
    "compute_in_chunks",
    "family_settings",
    "holds_sites",
    "local_family",
    "read_ready_sites",
    "read_site_chunks",
    "ready_structures",
    "sites_from_table",
    "sites_to_table",
    "traditional_parameters",
]
