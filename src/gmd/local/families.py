"""The families by name, for settings that come from a file."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from gmd.local.chebyshev import Chebyshev
from gmd.local.family import LocalFamily
from gmd.local.soap import Soap
from gmd.local.symmetry_functions import SymmetryFunctions
from gmd.parameters import suggestion

FAMILIES: dict[str, Callable[..., LocalFamily]] = {
    "chebyshev": Chebyshev,
    "soap": Soap,
    "acsf": SymmetryFunctions,
}


def local_family(settings: Mapping[str, Any]) -> LocalFamily:
    """Make a descriptor from settings such as a study's configuration holds.

    Parameters
    ----------
    settings : mapping
        ``family`` and that family's own parameters.

    Returns
    -------
    LocalFamily

    Raises
    ------
    ValueError
        For an unknown family or parameter.
    """
    parameters = dict(settings)
    name = parameters.pop("family", None)
    if name not in FAMILIES:
        raise ValueError(
            f"LAED family {name!r} is unknown{suggestion(name, FAMILIES)}; choose one of "
            f"{', '.join(FAMILIES)}"
        )
    try:
        return FAMILIES[name](**parameters)
    except TypeError as error:
        raise ValueError(f"LAED family {name}: {error}") from None


def family_settings(laed: LocalFamily) -> dict[str, Any]:
    """The settings from which :func:`local_family` makes the same descriptor.

    Raises
    ------
    ValueError
        For a descriptor that is not of a family with a name.
    """
    found: Any = laed
    for name, family in FAMILIES.items():
        if type(found) is family:
            return {"family": name, **dataclasses.asdict(found)}
    raise ValueError(
        f"{type(laed).__name__} is no LAED family with a name; known are {', '.join(FAMILIES)}"
    )
