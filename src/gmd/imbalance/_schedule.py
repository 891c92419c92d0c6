"""Where the distances of a program are kept while they are needed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmd.imbalance.program import DistanceProgram


@dataclass(frozen=True)
class Schedule:
    """Additions of a program over planes of memory that are used again.

    A plane holds one distance of each of some pairs of structures. A sum that only the next
    addition reads stays in registers.

    Attributes
    ----------
    steps : ndarray of shape (n_additions, 3), int
        Planes of the left term, of the right term and of the sum. -1 is the sum of the step
        before on the left, and nowhere for the sum.
    outputs : ndarray of shape (n_labels,), int
        The plane of each descriptor after the last step.
    n_planes : int
        The first of them are the blocks, before the first step.
    """

    steps: NDArray[np.int64]
    outputs: NDArray[np.int64]
    n_planes: int


def schedule(program: DistanceProgram) -> Schedule:
    """Give every slot of a program a plane for as long as somebody will read it."""
    n_blocks = program.n_blocks
    additions = [(int(left), int(right)) for left, right in program.additions]
    kept = {int(slot) for slot in program.outputs}
    last_read: dict[int, int] = {}
    stored = set(kept)
    for a, (left, right) in enumerate(additions):
        if left != n_blocks + a - 1:
            stored.add(left)
        stored.add(right)
        last_read[left] = last_read[right] = a

    plane = {block: block for block in range(n_blocks)}
    n_planes = n_blocks
    free: list[int] = []
    steps = np.empty((len(additions), 3), dtype=np.int64)
    for a, (left, right) in enumerate(additions):
        running = a > 0 and left == n_blocks + a - 1
        steps[a, :2] = -1 if running else plane[left], plane[right]
        # every thread reads both terms before it writes their sum, hence into the same plane too
        for slot in {left, right} - kept:
            if last_read[slot] == a and slot in plane:
                free.append(plane.pop(slot))
        if n_blocks + a not in stored:
            steps[a, 2] = -1
            continue
        if not free:
            free.append(n_planes)
            n_planes += 1
        steps[a, 2] = plane[n_blocks + a] = free.pop()
    outputs = np.array([plane[int(slot)] for slot in program.outputs], dtype=np.int64)
    return Schedule(steps, outputs, n_planes)
