"""Element weights by rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ase.data import atomic_numbers

from gmd.parameters import suggestion
from gmd.structures.composition import similar_element

_NOBLE_GASES = (2, 10, 18, 36, 54, 86, 118)
_GROUPS = 18
_LANTHANUM, _LUTETIUM = 57, 71
_ACTINIUM, _LAWRENCIUM = 89, 103


def element_weights(elements: Sequence[str], rule: str) -> dict[str, float]:
    """Weights that tell elements apart in weighted descriptors.

    Parameters
    ----------
    elements : sequence of str
        Chemical symbols, in the order of the data set.
    rule : {"aenet", "atomic_number", "group", "period"}
        ``aenet``: whole numbers around zero in the order of the elements, from -n/2 to n/2 for an
        even number n of them, without zero, and from -(n - 1)/2 to (n - 1)/2 for an odd one
        (Artrith, Urban and Ceder 2017; the paper's -1, 0, 1 for Li, P, S). ``atomic_number``.
        ``group``: that of the periodic table from 1 to 18, with all lanthanides and actinides in
        group 3. ``period``: from 1 to 7.

    Returns
    -------
    dict of str to float

    Raises
    ------
    ValueError
        For an unknown rule, an unknown or repeated element, or a rule that gives several elements
        the same weight: weighted descriptors would take one for the other.
    """
    if rule not in WEIGHT_RULES:
        raise ValueError(
            f"there is no rule {rule!r}{suggestion(rule, WEIGHT_RULES)}; choose among "
            f"{', '.join(WEIGHT_RULES)}"
        )
    for place, element in enumerate(elements):
        if atomic_numbers.get(element, 0) < 1:
            raise ValueError(
                f"{element!r} is not an element{similar_element(element)}; give a chemical symbol"
            )
        if element in elements[:place]:
            raise ValueError(f"{element} is given twice")
    weights = dict(zip(elements, map(float, WEIGHT_RULES[rule](elements)), strict=True))
    same: dict[float, list[str]] = {}
    for element, weight in weights.items():
        same.setdefault(weight, []).append(element)
    for weight, alike in same.items():
        if len(alike) > 1:
            raise ValueError(
                f"the rule {rule!r} gives {' and '.join(alike)} the same weight, {weight:g}; "
                "choose another, or give the weights one by one"
            )
    return weights


def _centred(elements: Sequence[str]) -> list[int]:
    n = len(elements)
    if n == 1:  # with a weight of 0 nothing weighted would tell anything
        return [1]
    return [w for w in range(-(n // 2), n // 2 + 1) if w != 0 or n % 2 == 1]


def _period(number: int) -> int:
    return 1 + sum(number > noble for noble in _NOBLE_GASES)


def _group(number: int) -> int:
    if _LANTHANUM <= number <= _LUTETIUM or _ACTINIUM <= number <= _LAWRENCIUM:
        return 3
    before = max((noble for noble in _NOBLE_GASES if noble < number), default=0)
    last = next(noble for noble in _NOBLE_GASES if noble >= number)
    from_left = number - before
    # a period fills its two ends; only hydrogen and the metals of groups 1 and 2 are at the left
    return (
        from_left
        if from_left <= (1 if last == _NOBLE_GASES[0] else 2)
        else (_GROUPS - (last - number))
    )


WEIGHT_RULES: dict[str, Callable[[Sequence[str]], Sequence[int]]] = {
    "aenet": _centred,
    "atomic_number": lambda elements: [atomic_numbers[e] for e in elements],
    "group": lambda elements: [_group(atomic_numbers[e]) for e in elements],
    "period": lambda elements: [_period(atomic_numbers[e]) for e in elements],
}
"""From elements to weights, by the name of the rule."""
