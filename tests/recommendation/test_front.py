"""Fronts and knees against their definitions, by hand, and under changes of unit."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gmd.recommendation import chord_distances, compromise, knee, pareto_front


def front_naive(complexity: list[float], loss: list[float]) -> list[int]:
    """Points that no other dominates, of equal ones the first, by complexity."""
    n = len(complexity)

    def dominated(i: int) -> bool:
        for j in range(n):
            if complexity[j] <= complexity[i] and loss[j] <= loss[i]:
                better = complexity[j] < complexity[i] or loss[j] < loss[i]
                if better or j < i:
                    return True
        return False

    return sorted((i for i in range(n) if not dominated(i)), key=lambda i: complexity[i])


def knee_naive(complexity: list[float], loss: list[float]) -> int | None:
    """The formula, point after point."""
    front = front_naive(complexity, loss)
    if len(front) == 1:
        return front[0]
    first, last = front[0], front[-1]
    best, furthest = None, 0.0
    for i in front[1:-1]:
        x = math.log(complexity[i] / complexity[first]) / math.log(
            complexity[last] / complexity[first]
        )
        y = math.log(loss[i] / loss[last]) / math.log(loss[first] / loss[last])
        if 1 - x - y > furthest + 1e-6:
            best, furthest = i, 1 - x - y
    return best


points = st.lists(
    st.tuples(
        st.sampled_from([1, 2, 3, 5, 8, 40, 75]), st.sampled_from([1.0, 1.3, 2.0, 7.0, 50.0])
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=300, deadline=None)
@given(points)
def test_front_and_knee_equal_their_definitions(some) -> None:
    complexity, loss = map(list, zip(*some, strict=True))
    assert pareto_front(complexity, loss).tolist() == front_naive(complexity, loss)
    assert knee(complexity, loss) == knee_naive(complexity, loss)


@settings(max_examples=100, deadline=None)
@given(points, st.floats(0.1, 10), st.floats(0.3, 3))
def test_neither_units_nor_powers_matter(some, unit, power) -> None:
    complexity, loss = (np.array(values) for values in zip(*some, strict=True))
    expected = chord_distances(complexity, loss)
    np.testing.assert_allclose(chord_distances(complexity, unit * loss**power), expected, atol=1e-7)
    np.testing.assert_allclose(chord_distances(unit * complexity**power, loss), expected, atol=1e-7)


def test_knee_by_hand() -> None:
    """Losses 64, 8, 4, 1 at 1, 4, 8, 16: x = 0, 1/2, 3/4, 1 and y = 1, 1/2, 1/3, 0."""
    complexity, loss = [1, 4, 8, 16], [64.0, 8.0, 4.0, 1.0]
    np.testing.assert_allclose(chord_distances(complexity, loss), [0, 0, -1 / 12, 0], atol=1e-9)
    assert knee(complexity, loss) is None
    loss[1] = 4.0  # y = 1/3 now; the third point leaves the front
    np.testing.assert_allclose(chord_distances(complexity, loss)[:2], [0, 1 / 6], atol=1e-9)
    assert knee(complexity, loss) == 1


def test_a_power_law_has_no_knee() -> None:
    complexity = np.array([1, 2, 3, 7, 12, 40, 75])
    assert knee(complexity, 30 / complexity**0.8) is None


def test_rounding_does_not_choose_among_equal_distances() -> None:
    """Two points at the same distance, in both orders: the one of less complexity is taken."""
    complexity, loss = np.array([1.0, 4, 16, 64]), np.array([8.0, 2.0, 2 ** (-1 / 3), 0.5])
    distances = chord_distances(complexity, loss)
    assert distances[1] == distances[2] > 0
    assert knee(complexity, loss) == 1
    assert knee(complexity[::-1], loss[::-1]) == 2


def test_short_fronts() -> None:
    assert knee([3], [5.0]) == 0
    assert knee([1, 2, 75], [1.0, 1.0, 1.0]) == 0  # costs least and loses least
    assert chord_distances([1, 2, 1], [1.0, 1.0, 1.0]).tolist() == [1.0, -np.inf, 1.0]
    assert knee([1, 75], [9.0, 1.0]) is None


def test_an_error_of_nothing_is_a_limit() -> None:
    assert chord_distances([1, 2, 4], [3.0, 2.0, 0.0]).tolist() == [0.0, -0.5, 0.0]
    assert knee([1, 2, 4], [3.0, 2.0, 0.0]) is None


def test_compromise_is_the_common_knee_or_between_two() -> None:
    complexity = [1, 2, 4, 8, 16]
    one = [256.0, 8.0, 6.0, 4.0, 1.0]
    other = [256.0, 128.0, 8.0, 4.0, 1.0]
    assert knee(complexity, one) == 1
    assert knee(complexity, other) == 2
    assert compromise(complexity, [one, one]) == 1
    # at 2 the second chord is missed: its distances there are 1/8 less than 0
    assert chord_distances(complexity, other)[1] == pytest.approx(-0.125)
    assert compromise(complexity, [one, other]) == 2
    straight = [256.0, 64.0, 16.0, 4.0, 1.0]
    assert compromise(complexity, [one, straight]) is None


@pytest.mark.parametrize(
    ("complexity", "loss", "message"),
    [
        ([], [], "no points"),
        ([1, 2], [1.0], r"complexities have shape \(2,\), losses \(1,\)"),
        ([1, 0], [1.0, 1.0], "point 1: complexity 0 must be positive"),
        ([1, 2], [1.0, -1.0], "point 1: complexity 2 must be positive and loss -1 not negative"),
        ([1, 2], [np.nan, 1.0], "point 0: complexity 1 must be positive and loss nan"),
    ],
)
def test_contradictions_are_named(complexity, loss, message) -> None:
    with pytest.raises(ValueError, match=message):
        knee(complexity, loss)
