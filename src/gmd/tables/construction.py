r"""What a label :math:`\Sigma_{ijk}` says about how the descriptor was constructed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

from gmd.descriptors.notation import Notation

Method = Literal["i", "ii", "iii", "full"]

_METHOD_ORDER: dict[Method, int] = {"iii": 0, "i": 1, "ii": 2, "full": 3}


class Construction(NamedTuple):
    """Degrees, weighting and method of one descriptor.

    Attributes
    ----------
    label : str
        The three digits.
    outer, inner : int
        Outer and inner moment degrees *i* and *j*; 0 where the method has none.
    k : int
        0 unweighted, 1 weighted, 2 both, 4 and 5 the two descriptors stacked over methods.
    """

    label: str
    outer: int
    inner: int
    k: int

    @property
    def method(self) -> Method:
        """Method of the paper's equation 1, or ``"full"`` for a stack over several methods."""
        if self.k >= 4:
            return "full"
        if self.outer == 0:
            return "ii"
        return "i" if self.inner == 0 else "iii"

    @property
    def same_kind_key(self) -> tuple[Method, int]:
        """Equal for two descriptors that differ in moment degrees only."""
        return self.method, self.k

    @property
    def order_key(self) -> tuple[int, str]:
        """Order in which the paper lists the two descriptors of a pair.

        Tables B.4 and B.5 put method iii before method i before method ii, and go by the label
        within a method. No legible row has a stack over several methods; these come last here.
        """
        return _METHOD_ORDER[self.method], self.label


def construction(label: str) -> Construction:
    """Take a label apart.

    Parameters
    ----------
    label : str
        Three digits, such as ``"050"``.

    Returns
    -------
    Construction
        Degrees, weighting and method.

    Raises
    ------
    ValueError
        For anything that is not a descriptor label.
    """
    found = _construction(label) if isinstance(label, str) else None
    if found is not None:
        return found
    raise ValueError(
        f"{label!r} is not a descriptor label; labels are strings of three digits such as '050', "
        "and numbers have lost their leading zeros (read CSV files with the label columns as str)"
    )


@lru_cache(maxsize=4096)
def _construction(label: str) -> Construction | None:
    if len(label) != 3 or not (label.isascii() and label.isdigit()):
        return None
    outer, inner, k = (int(digit) for digit in label)
    # the notation itself decides which digits go together
    known = Notation(max(outer, 1), max(inner, 1)).labels
    return Construction(label, outer, inner, k) if label in known else None


def full_label(labels: Iterable[str], k: Literal[4, 5] = 5) -> str | None:
    """Label of a descriptor stacked over methods, the paper's 555 or 554.

    Parameters
    ----------
    labels : iterable of str
        Labels of a descriptor space, or of a part of one.
    k : {5, 4}
        5 for everything there is, 4 for everything but method ii.

    Returns
    -------
    str or None
        The label, None if it is not among `labels`.

    Raises
    ------
    ValueError
        For labels of two different spaces.
    """
    found = sorted({label for label in labels if construction(label).k == k})
    if len(found) > 1:
        raise ValueError(
            f"{' and '.join(found)} belong to different descriptor spaces; give one run at a time"
        )
    return found[0] if found else None
