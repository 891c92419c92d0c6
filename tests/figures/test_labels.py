import numpy as np
import pytest

from gmd.figures.labels import arrange

FRAME = np.array([0.0, 0.0, 300.0, 200.0])
SIZE = np.array([22.0, 9.0])


def boxes(centres):
    return np.hstack([centres - SIZE / 2, centres + SIZE / 2])


def overlapping(boxes):
    n = len(boxes)
    return [
        (i, j)
        for i in range(n)
        for j in range(i)
        if (boxes[i, :2] < boxes[j, 2:]).all() and (boxes[j, :2] < boxes[i, 2:]).all()
    ]


def test_lone_name_stays_beside_its_point():
    anchor = np.array([[150.0, 100.0]])
    centres, led = arrange(anchor, SIZE[None], anchor, FRAME)
    assert np.abs(centres - anchor).max() < 16
    assert not led.any()


@pytest.mark.parametrize("seed", range(5))
def test_names_of_a_crowd_do_not_overlap(seed):
    anchors = np.random.default_rng(seed).uniform([120, 80], [180, 120], (12, 2))
    centres, _ = arrange(anchors, np.tile(SIZE, (12, 1)), anchors, FRAME)
    assert overlapping(boxes(centres)) == []


def test_names_stay_inside_the_axes():
    corners = np.array([[2.0, 2.0], [298.0, 2.0], [2.0, 198.0], [298.0, 198.0]])
    centres, _ = arrange(corners, np.tile(SIZE, (4, 1)), corners, FRAME)
    found = boxes(centres)
    assert (found[:, :2] >= FRAME[:2]).all()
    assert (found[:, 2:] <= FRAME[2:]).all()


def test_equal_points_get_different_places():
    anchors = np.full((4, 2), 100.0)
    centres, _ = arrange(anchors, np.tile(SIZE, (4, 1)), anchors, FRAME)
    assert overlapping(boxes(centres)) == []
