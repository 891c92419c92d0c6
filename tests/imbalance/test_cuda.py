"""Imbalances on a GPU against those of the processor, in numba's simulator of a GPU.

The simulator runs every thread as a thread of Python, hence small cases cut into small tiles. It
has to be chosen before numba is imported: the cases run in one process beside this one.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest

from common import random_space
from gmd.descriptors import DescriptorSpace, normalized
from gmd.imbalance import cuda as on_gpu
from gmd.imbalance import mean_ranks
from gmd.imbalance._cuda_plan import Sizes, rows_at_once
from gmd.imbalance._schedule import schedule
from gmd.imbalance.program import DistanceProgram, nested_program, separate_program

SMALL = Sizes(
    threads=(2, 3), pairs=(2, 2), columns=2, wide=4, ties=2, distinct=9, rows=8, memory=2**20
)
PROGRAM = separate_program({"a": 3, "b": 1, "c": 2})


@pytest.fixture(scope="module")
def simulator() -> Iterator[ProcessPoolExecutor]:
    """A process in which numba simulates a GPU."""
    pytest.importorskip("numba.cuda", reason="this numba has no CUDA target, nor its simulator")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NUMBA_ENABLE_CUDASIM", "1")
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            # the environment is read when the process starts, which is now
            pool.submit(os.getpid).result()
            yield pool


def table_and_progress(
    features: np.ndarray, program: DistanceProgram, k: int, sizes: Sizes
) -> tuple[np.ndarray, list[int]]:
    """Imbalances, and how many structures were done at a time: batches, then the processor's."""
    steps: list[int] = []
    return on_gpu._mean_ranks(features, program, k, steps.append, sizes), steps


def check(
    simulator: ProcessPoolExecutor,
    features: np.ndarray,
    program: DistanceProgram = PROGRAM,
    k: int = 1,
    sizes: Sizes = SMALL,
) -> list[int]:
    """Compare with the processor; return how many structures were done at a time."""
    table, steps = simulator.submit(table_and_progress, features, program, k, sizes).result()
    assert np.array_equal(table, mean_ranks(features, program, n_neighbours=k))
    assert sum(steps) == len(features)
    return steps


def small_space(n: int, seed: int) -> DescriptorSpace:
    return random_space(n, seed, n_components=2, degrees=(2, 2))


@pytest.mark.parametrize(("n", "k"), [(2, 1), (6, 5), (7, 2), (13, 1)])
def test_equals_processor_around_tiles_and_batches(simulator, n, k) -> None:
    check(simulator, np.random.default_rng(n).normal(size=(n, 6)), k=k)


@pytest.mark.parametrize(("levels", "k"), [(2, 1), (3, 2), (5, 1), (9, 3)])
def test_equals_processor_with_ties_and_rows_without_room(simulator, levels, k) -> None:
    """On a grid distances are exact; few levels leave some rows, or all, to the processor."""
    features = np.random.default_rng(levels).integers(0, levels, size=(10, 6)).astype(float)
    steps = check(simulator, features, k=k)
    assert len(steps) > 2  # two batches, and what they left


def test_ties_share_places_without_the_processor(simulator) -> None:
    """There is room for all neighbours of all rows, so that no row is left."""
    features = np.random.default_rng(1).integers(0, 3, size=(9, 6)).astype(float)
    sizes = Sizes(threads=(2, 2), pairs=(1, 2), columns=3, wide=4, ties=8, distinct=9, rows=4)
    assert check(simulator, features, k=3, sizes=sizes) == [4, 4, 1]


def test_equals_processor_for_nested_descriptors(simulator) -> None:
    """Sums over planes that are used again, with duplicates among the structures."""
    space = small_space(7, 3)
    features = normalized(space.values, "zscore").copy()
    features[4] = features[6] = features[2]
    sizes = Sizes(threads=(2, 2), pairs=(2, 2), columns=4, wide=2, ties=3, distinct=20, rows=4)
    assert check(simulator, features, nested_program(space), sizes=sizes) == [4, 3]


def test_default_sizes(simulator) -> None:
    features = np.random.default_rng(0).normal(size=(2, 2))
    program = separate_program({"a": 1, "b": 1})
    future = simulator.submit(mean_ranks, features, program, device="cuda")
    assert np.array_equal(future.result(), mean_ranks(features, program))


@pytest.mark.parametrize("seed", range(20))
def test_schedule_adds_what_the_program_adds(seed) -> None:
    rng = np.random.default_rng(seed)
    n_blocks, n_additions = 6, 25
    additions = np.array([rng.integers(0, n_blocks + a, 2) for a in range(n_additions)])
    additions[5::3, 0] = n_blocks + np.arange(n_additions)[5::3] - 1
    outputs = rng.choice(n_blocks + n_additions, 9)
    check_schedule(
        DistanceProgram(
            tuple("abcdefghi"), np.arange(n_blocks), np.arange(n_blocks + 1), additions, outputs
        )
    )


def test_planes_of_nested_descriptors_are_used_again() -> None:
    program = nested_program(small_space(3, 0))
    check_schedule(program)
    assert schedule(program).n_planes < program.n_slots


def check_schedule(program: DistanceProgram) -> None:
    """Run a program as it is and by its schedule, on powers of three."""
    n_blocks = program.block_first.size - 1
    slots = [3**b for b in range(n_blocks)]
    for left, right in program.additions:
        slots.append(slots[left] + slots[right])
    plan = schedule(program)
    planes = [3**b for b in range(n_blocks)] + [0] * (plan.n_planes - n_blocks)
    total = 0
    for left, right, target in plan.steps:
        total = (planes[left] if left >= 0 else total) + planes[right]
        if target >= 0:
            planes[target] = total
    assert [planes[p] for p in plan.outputs] == [slots[s] for s in program.outputs]


def test_batches_fill_the_memory_evenly() -> None:
    sizes = Sizes()
    assert rows_at_once(6055, 6_000_000, 0, 1e11, sizes) == 512
    assert rows_at_once(1100, 1000, 0, 1e9, sizes) == 384  # three batches, not 512, 512 and 76
    assert rows_at_once(50_000, 50_000_000, 2**31, 1e11, sizes) == 64
    assert rows_at_once(50_000, 500_000_000, 2**31, 1e10, sizes) == 8
    assert rows_at_once(40, 1000, 0, float("inf"), sizes) == 40
    assert rows_at_once(10, 2 * sizes.memory, 0, 1e11, sizes) == 1


def test_too_little_memory_is_named() -> None:
    message = "50000 structures need at least 2.22 GiB of the GPU's memory, and 1 GiB are free"
    with pytest.raises(MemoryError, match=message):
        rows_at_once(50_000, 2**30, 2**30, 2**30, Sizes())


def test_missing_package_is_named(monkeypatch) -> None:
    monkeypatch.setattr(on_gpu.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(RuntimeError, match="needs the optional extra: pip install gmd\\[cuda\\]"):
        mean_ranks(np.eye(3), separate_program({"a": 1, "b": 2}), device="cuda")


def test_missing_gpu_is_named(monkeypatch) -> None:
    cuda = pytest.importorskip("numba.cuda")
    if cuda.is_available():
        pytest.skip("there is a GPU")
    monkeypatch.setattr(on_gpu.importlib.util, "find_spec", lambda name: object())
    with pytest.raises(RuntimeError, match="numba finds no GPU that it can use: "):
        mean_ranks(np.eye(3), separate_program({"a": 1, "b": 2}), device="cuda")


def test_only_a_gpu_needs_its_package() -> None:
    code = "import sys, gmd.imbalance.cuda; sys.exit('numba.cuda' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
