"""The customary parameters of symmetry functions."""

from __future__ import annotations

from gmd.parameters import length

_CUTOFF = 6.5  # Å
_BOHR = 0.52917721067  # Å, as the source has it
# eta in 1e-4 bohr^-2
_RADIAL = (9, 100, 200, 350, 600, 1000, 2000, 4000)
_ANGULAR = {
    1: (1, 2),
    30: (1, 2),
    80: (1, 2),
    150: (1, 2, 4, 16),
    250: (1, 2, 4, 16),
    450: (1, 2, 4, 16),
    800: (1, 2, 4, 16),
}  # zeta for every eta, each with lambda = -1 and 1
_LEFT_OUT = (800, 16, -1)

G2 = tuple[tuple[float, float], ...]
G4 = tuple[tuple[float, float, float], ...]


def traditional_parameters(cutoff: float) -> tuple[G2, G4]:
    r"""Eight G2 and 43 G4 functions, of which every :math:`\eta` goes with 1 / R^2.

    These are the 51 functions of ``set_Behler2011`` in the published code of Onat, Ortner and
    Kermode, J. Chem. Phys. 153, 144106 (2020), github.com/DescriptorZoo/ACSF.jl, which ascribes
    them to Behler, J. Chem. Phys. 134, 074106 (2011): R = 6.5 Å, G2 with :math:`R_s = 0` and
    :math:`\eta` = 0.003214 to 1.428426 Å^-2, G4 with :math:`\eta` = 0.000357 to 0.285685 Å^-2,
    :math:`\zeta` = 1, 2, 4, 16 and :math:`\lambda = \pm 1`. Darby, Kermode and Csányi, npj Comput.
    Mater. 8, 166 (2022) cite these two for their "traditional parameters", and find the full
    descriptor of eleven elements "more than 5 times as long" as G4 summed to elements: 5.2 times
    with these. The G2 are also those of Artrith and Urban, Comput. Mater. Sci. 114, 135 (2016),
    whose 18 G4 would make it 4.5 times.

    Parameters
    ----------
    cutoff : float
        R in Å.

    Returns
    -------
    g2 : tuple of (eta, r_s)
        In Å^-2 and Å.
    g4 : tuple of (eta, zeta, lambda)
        In the order of the source: by eta, then zeta, then lambda.
    """
    cutoff = length("cutoff", cutoff)
    unit = 1e-4 / _BOHR**2 * (_CUTOFF / cutoff) ** 2
    g2 = tuple((eta * unit, 0.0) for eta in _RADIAL)
    g4 = tuple(
        (eta * unit, float(zeta), float(sign))
        for eta, zetas in _ANGULAR.items()
        for zeta in zetas
        for sign in (-1, 1)
        if (eta, zeta, sign) != _LEFT_OUT
    )
    return g2, g4
