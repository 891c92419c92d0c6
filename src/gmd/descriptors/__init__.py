"""Global structure descriptors: moments, the notation of the 97, and the space they span."""

from gmd.descriptors.layout import Layout
from gmd.descriptors.moments import moment_table
from gmd.descriptors.normalization import ColumnScaling, normalized, varying_columns
from gmd.descriptors.notation import Block, Notation, Sigma, complexity, sigma_labels
from gmd.descriptors.space import DescriptorSpace
from gmd.descriptors.space_table import read_gsd, read_layout, read_space, space_to_table

__all__ = [
    "Block",
    "ColumnScaling",
    "DescriptorSpace",
    "Layout",
    "Notation",
    "Sigma",
    "complexity",
    "moment_table",
    "normalized",
    "read_gsd",
    "read_layout",
    "read_space",
    "sigma_labels",
    "space_to_table",
    "varying_columns",
]
