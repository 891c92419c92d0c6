r"""The compressions of the power spectrum as facts: names, formulas, lengths, what they keep.

Every member of the generalised kernel is a product of two channels, summed over m. A channel is the
density of every element or the total one, by radial function or summed over them; labels, formulas
and lengths of the ten members follow from that, and are not written down one by one.

References
----------
Darby, Kermode and Csányi 2021, sections II B to II D and table I.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from gmd.local.soap.members import member_of


class Side(NamedTuple):
    """One of the two channels of a member, which is one free vertex of its triangles.

    Attributes
    ----------
    sensitive : bool
        Whether every element has a channel of its own.
    projected : bool
        Whether radial functions are summed, which moves the vertex onto the unit sphere.
    """

    sensitive: bool
    projected: bool


SIDES: Mapping[str, Side] = MappingProxyType(
    {
        "nu": Side(sensitive=True, projected=False),
        "nu_hat": Side(sensitive=True, projected=True),
        "mu": Side(sensitive=False, projected=False),
        "mu_hat": Side(sensitive=False, projected=True),
    }
)
"""The four exponents of the generalised kernel (equation 8), in the order of its labels."""

_GREEK = {"nu": r"\nu", "nu_hat": r"\hat{\nu}", "mu": r"\mu", "mu_hat": r"\hat{\mu}"}

_ALWAYS, _IF_SPANNED, _NEARLY, _NEVER = "yes", "if spanned", "nearly", "no"


@dataclass(frozen=True, kw_only=True)
class Compression:
    """One way to store the power spectrum.

    Attributes
    ----------
    label, descriptor, length : str
        Name, components and number of components as formulas, in LaTeX that matplotlib reads too.
        `length` is in N, S, L, and in d and u where the member has them.
    settings : mapping
        What :class:`gmd.local.Soap` is to be given for it.
    sparse : bool
        Whether components of elements that a neighbourhood lacks are zero.
    lossless : str
        Whether the full power spectrum follows from it: "yes", "no", or "if spanned": where the
        channels of the right side span the coefficients of all channels, for every degree. With
        functions that are no combinations of the left side's, "nearly" is the most.
    """

    label: str
    descriptor: str
    length: str
    settings: Mapping[str, Any] = field(hash=False)
    sparse: bool
    lossless: str

    @property
    def name(self) -> str:
        """The settings as they are written in Python."""
        return ", ".join(
            f'{key}="{value}"' if isinstance(value, str) else f"{key}={value}"
            for key, value in self.settings.items()
        )


def side_names(compression: str) -> tuple[str, str]:
    """The two channels of a member of the generalised kernel, as keys of :data:`SIDES`.

    Parameters
    ----------
    compression : str
        As :class:`gmd.local.Soap` takes it, such as "nu=2" or "nu=1,mu_hat=1".

    Raises
    ------
    ValueError
        For what is no such member, but another compression or none at all.
    """
    member = member_of(compression)
    if member.left not in SIDES or member.right not in SIDES:
        raise ValueError(
            f"{compression!r} is no member of the generalised kernel: not both of its sides are "
            f"among {', '.join(SIDES)}"
        )
    return member.left, member.right


def _channel(side: Side, element: str, radial: str) -> str:
    """The coefficients of a channel: C of the total density, with a hat where projected."""
    letter = "c" if side.sensitive else "C"
    above = f"^{{{element}}}" if side.sensitive else ""
    if side.projected:
        return rf"\hat{{{letter}}}{above}_{{lm}}"
    return f"{letter}{above}_{{{radial}lm}}"


def _times(n: int, s: int) -> str:
    """A product of powers of N and S."""
    return "".join(
        letter if power == 1 else f"{letter}^{power}"
        for letter, power in (("N", n), ("S", s))
        if power
    )


def _length(left: Side, right: Side) -> str:
    n = [int(not side.projected) for side in (left, right)]
    s = [int(side.sensitive) for side in (left, right)]
    if left != right:
        return f"{_times(sum(n), sum(s))}(L+1)"
    channels = _times(n[0], s[0])
    return rf"\frac{{1}}{{2}}{channels}({channels}+1)(L+1)" if channels else "L+1"


def _of_kernel(compression: str, *, lossless: str = _NEVER) -> Compression:
    names = side_names(compression)
    left, right = (SIDES[name] for name in names)
    greek = list(dict.fromkeys(_GREEK[name] for name in names))
    above = "".join(
        index for side, index in ((left, r"\alpha"), (right, r"\beta")) if side.sensitive
    )
    below = "".join(index for side, index in ((left, "n"), (right, "n'")) if not side.projected)
    indices = f"^{{{above}}}_{{{below}l}}" if above else f"_{{{below}l}}"
    first, second = _channel(left, r"\alpha", "n"), _channel(right, r"\beta", "n'")
    return Compression(
        label=f"{', '.join(greek)} = {'1, 1' if len(greek) == 2 else '2'}",
        descriptor=rf"p{indices} = \sum_m {first} {second}",
        length=_length(left, right),
        settings=MappingProxyType({"compression": compression}),
        sparse=left.sensitive or right.sensitive,
        lossless=lossless,
    )


COMPRESSIONS: tuple[Compression, ...] = (
    _of_kernel("nu=2", lossless=_ALWAYS),
    _of_kernel("nu=1,mu=1", lossless=_IF_SPANNED),
    Compression(
        label=r"\nu, \mu^* = 1, 1",
        descriptor=r"p^{\alpha}_{nn'l} = \sum_m c^{\alpha}_{nlm} C^*_{n'lm}",
        length="NS(L+1)^2",
        settings=MappingProxyType({"compression": "nu=1,mu*=1"}),
        sparse=True,
        lossless=_NEARLY,
    ),
    _of_kernel("nu=1,nu_hat=1", lossless=_IF_SPANNED),
    _of_kernel("nu=1,mu_hat=1"),
    _of_kernel("nu_hat=2"),
    _of_kernel("mu=2"),
    _of_kernel("nu_hat=1,mu=1"),
    _of_kernel("nu_hat=1,mu_hat=1"),
    _of_kernel("mu=1,mu_hat=1"),
    _of_kernel("mu_hat=2"),
    Compression(
        label="\\nu = 2, d_J",
        descriptor=r"p^{JJ'}_{nn'l} = \sum_m c^{J}_{nlm} c^{J'}_{n'lm}",
        length=r"\frac{1}{2}Nd(Nd+1)(L+1)",
        settings=MappingProxyType({"compression": "nu=2", "embedding": "random", "n_channels": 2}),
        sparse=False,
        lossless=_NEVER,
    ),
    Compression(
        label=r"\mathrm{optimal}",
        descriptor=r"p_{uu'l} = \sum_m c_{ulm} c_{u'lm}",
        length=r"\frac{1}{2}u(u+1)(L+1)",
        settings=MappingProxyType({"compression": "optimal", "u_max": 12}),
        sparse=False,
        lossless=_NEVER,
    ),
    Compression(
        label="W^T P_l",
        descriptor="W_l^T P_l",
        length="NS(L+1)^2",
        settings=MappingProxyType({"compression": "WTP"}),
        sparse=True,
        lossless=_ALWAYS,
    ),
    Compression(
        label="Q^T P_l Q",
        descriptor="Q_l^T P_l Q_l",
        length=r"NS(L+1)^2-\frac{1}{6}L(L+1)(4L+5)",
        settings=MappingProxyType({"compression": "QTPQ"}),
        sparse=False,
        lossless=_ALWAYS,
    ),
)
"""Table I, and the members of figure 3 and section II B that it leaves out."""
