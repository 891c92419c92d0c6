"""Global structure descriptors: moments, the notation of the 97, and the space they span."""

from gmd.descriptors.element_rows import ElementRows
from gmd.descriptors.informative_columns import InformativeColumns, informative_columns
from gmd.descriptors.layout import Layout
from gmd.descriptors.moments import moment_table
from gmd.descriptors.normalization import (
    ColumnScaling,
    normalized,
    normalized_rows,
    varying_columns,
)
from gmd.descriptors.notation import Block, Notation, Sigma, complexity, sigma_labels
from gmd.descriptors.space import DescriptorSpace
from gmd.descriptors.space_table import (
    gsd_tables,
    read_features,
    read_gsd,
    read_layout,
    read_space,
    space_tables,
    space_to_table,
)

__all__ = [
    "Block",
    "ColumnScaling",
    "DescriptorSpace",
    "ElementRows",
    "InformativeColumns",
    "Layout",
    "Notation",
    "Sigma",
    "complexity",
    "gsd_tables",
    "informative_columns",
    "moment_table",
    "normalized",
    "normalized_rows",
    "read_features",
    "read_gsd",
    "read_layout",
    "read_space",
    "sigma_labels",
    "space_tables",
    "space_to_table",
    "varying_columns",
]
