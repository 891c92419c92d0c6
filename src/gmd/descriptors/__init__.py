"""Global structure descriptors: moments, the notation of the 97, and the space they span."""

from gmd.descriptors.layout import Layout
from gmd.descriptors.moments import moment_table
from gmd.descriptors.normalization import normalized
from gmd.descriptors.notation import Block, Notation, Sigma, complexity, sigma_labels
from gmd.descriptors.space import DescriptorSpace

__all__ = [
    "Block",
    "DescriptorSpace",
    "Layout",
    "Notation",
    "Sigma",
    "complexity",
    "moment_table",
    "normalized",
    "sigma_labels",
]
