"""Checks of what a caller chooses, before any of it reaches compiled code."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from numbers import Integral, Real


def whole_number(
    name: str, value: object, *, at_least: int | None = 0, at_most: int | None = None
) -> int:
    """A parameter that counts something, as a plain int.

    Parameters
    ----------
    name : str
        Of the parameter, for the message.
    value : object
        What was given; NumPy's integers are welcome, but no bool, no float and no text.
    at_least, at_most : int or None
        The range.

    Raises
    ------
    ValueError
        For anything else.
    """
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise ValueError(f"{name}={value!r}: give a whole number{_range(at_least, at_most)}")
    if not _is_within(int(value), at_least, at_most):
        raise ValueError(f"{name}={value}: give a whole number{_range(at_least, at_most)}")
    return int(value)


def whole_numbers(name: str, values: Iterable[object], *, at_least: int) -> list[int]:
    """Several distinct whole numbers, at least one.

    Raises
    ------
    ValueError
        For none, for a number that is given twice, or for anything but whole numbers in range.
    """
    try:
        given = list(values)
    except TypeError:
        raise ValueError(f"{name}={values!r}: give a list of whole numbers") from None
    whole = [whole_number(name, value, at_least=at_least) for value in given]
    if not whole or len(set(whole)) < len(whole):
        raise ValueError(
            f"{name}={tuple(given)}: give distinct whole numbers, each at least {at_least}"
        )
    return whole


def finite_number(
    name: str,
    value: object,
    *,
    unit: str = "",
    above: float | None = None,
    at_least: float | None = None,
    below: float | None = None,
    at_most: float | None = None,
) -> float:
    """A parameter that measures something, as a plain float.

    Parameters
    ----------
    name : str
        Of the parameter, for the message.
    value : object
        What was given; whole numbers and NumPy's numbers are welcome, but no bool and no text.
    unit : str
        For the message, such as "Å".
    above, at_least, below, at_most : float or None
        The range, without or with its ends.

    Raises
    ------
    ValueError
        For anything else.
    """
    wanted = "".join(
        f", {words} {bound:g}"
        for words, bound in (
            ("above", above),
            ("at least", at_least),
            ("below", below),
            ("at most", at_most),
        )
        if bound is not None
    )
    if not isinstance(value, bool) and isinstance(value, Real):
        number = float(value)
        inside = (above is None or number > above) and (below is None or number < below)
        if math.isfinite(number) and inside and _is_within(number, at_least, at_most):
            return number
    what = f"a finite number in {unit}" if unit else "a finite number"
    raise ValueError(f"{name}={value!r}: give {what}{wanted}")


def length(name: str, value: object) -> float:
    """A positive length in Å, such as a cutoff."""
    return finite_number(name, value, unit="Å", above=0)


def share(name: str, value: object, *, whole: bool = False) -> float:
    """A part of something, above 0 and below 1; with `whole`, 1 is allowed too."""
    if whole:
        return finite_number(name, value, above=0, at_most=1)
    return finite_number(name, value, above=0, below=1)


def element_weights(weights: object) -> dict[str, float]:
    """A finite weight for every element, as plain floats.

    Raises
    ------
    ValueError
        For anything but a mapping, and naming the element whose weight is not a finite number.
    """
    if not isinstance(weights, Mapping):
        raise ValueError(f"weights={weights!r}: give a mapping of elements to finite numbers")
    return {
        str(element): finite_number(f"the weight of {element}", weight)
        for element, weight in weights.items()
    }


def suggestion(found: object, known: Iterable[str]) -> str:
    """What is meant by a name that nothing has, for the end of a message.

    Parameters
    ----------
    found : object
        What was given.
    known : iterable of str
        The names that there are.

    Returns
    -------
    str
        " (did you mean aenet?)", or nothing where no name is similar.
    """
    names = {name.lower(): name for name in known}
    near = difflib.get_close_matches(str(found).lower(), names, 1)
    return f" (did you mean {names[near[0]]}?)" if near else ""


def _is_within(value: float, at_least: float | None, at_most: float | None) -> bool:
    return (at_least is None or value >= at_least) and (at_most is None or value <= at_most)


def _range(at_least: int | None, at_most: int | None) -> str:
    if at_least is not None and at_most is not None:
        return f" from {at_least} to {at_most}"
    if at_least is not None:
        return f", at least {at_least}"
    return "" if at_most is None else f", at most {at_most}"
