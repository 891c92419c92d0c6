"""Global moment descriptors of crystals and molecules.

Layers, each importing only those before it: :mod:`gmd.structures`, :mod:`gmd.local`,
:mod:`gmd.descriptors`, :mod:`gmd.imbalance`, :mod:`gmd.energy`, then :mod:`gmd.tables`,
:mod:`gmd.recommendation`, :mod:`gmd.comparison` and :mod:`gmd.figures`.
:class:`gmd.GlobalDescriptor` offers a descriptor to scikit-learn.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gmd.transformer import GlobalDescriptor as GlobalDescriptor

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # imported when it is asked for: it brings scikit-learn and all layers along
    if name == "GlobalDescriptor":
        from gmd.transformer import GlobalDescriptor

        return GlobalDescriptor
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
