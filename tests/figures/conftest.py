import pytest

from tables.random_run import imbalance_frame, lightgbm_frame, linear_frame, ranking_frame


class Run:
    """Frames of one random run."""

    def __init__(self, max_outer, max_inner, seed=0):
        self.imbalance = imbalance_frame(max_outer, max_inner, seed)
        self.ranking = ranking_frame(self.imbalance, max_outer, max_inner)
        self.lightgbm = lightgbm_frame(self.ranking)
        self.linear = linear_frame(self.ranking)


@pytest.fixture(scope="session")
def run():
    return Run(5, 5)


@pytest.fixture(scope="session")
def small_run():
    return Run(2, 2)
