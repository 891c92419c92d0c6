"""Local atomic environment descriptors (LAEDs), in families that share one interface."""

from gmd.local.chebyshev import Chebyshev
from gmd.local.family import LocalFamily, compute_in_chunks
from gmd.local.sites import Sites

__all__ = ["Chebyshev", "LocalFamily", "Sites", "compute_in_chunks"]
