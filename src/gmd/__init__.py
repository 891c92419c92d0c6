"""Global moment descriptors of crystals and molecules.

Layers, each importing only those before it: :mod:`gmd.structures`, :mod:`gmd.local`,
:mod:`gmd.descriptors`, :mod:`gmd.imbalance`, :mod:`gmd.energy`, then :mod:`gmd.tables`,
:mod:`gmd.comparison` and :mod:`gmd.figures`.
"""

__version__ = "0.1.0"
