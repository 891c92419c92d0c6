"""How distances of nested descriptors are put together from distances of their blocks.

After column-wise scaling, the squared distance between two structures in a descriptor is the sum
of the squared distances in its blocks of columns. Descriptors that nest share partial sums. A
:class:`DistanceProgram` lists which columns make which block, and the additions that lead from
blocks to descriptors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmd.descriptors import DescriptorSpace


@dataclass(frozen=True)
class DistanceProgram:
    """Blocks of columns and the additions that make descriptors of them.

    Attributes
    ----------
    labels : tuple of str
        The descriptors.
    columns : ndarray of shape (n_columns,), int
        Columns of the feature matrix, block after block.
    block_first : ndarray of shape (n_blocks + 1,), int
        Where each block begins in `columns`.
    additions : ndarray of shape (n_additions, 2), int
        Slot ``n_blocks + a`` is the sum of the two slots of row a; slots below are the blocks.
    outputs : ndarray of shape (n_labels,), int
        The slot of each descriptor.
    n_element_blocks : int
        Blocks behind those of `block_first`, one per moment order of method ii, whose columns are
        in :class:`gmd.descriptors.ElementRows` and not in the feature matrix.
    """

    labels: tuple[str, ...]
    columns: NDArray[np.int64]
    block_first: NDArray[np.int64]
    additions: NDArray[np.int64]
    outputs: NDArray[np.int64]
    n_element_blocks: int = 0

    @property
    def n_blocks(self) -> int:
        """Blocks of either kind."""
        return int(self.block_first.size - 1 + self.n_element_blocks)

    @property
    def n_slots(self) -> int:
        """Blocks and sums together."""
        return self.n_blocks + len(self.additions)


def nested_program(space: DescriptorSpace, *, by_element: bool = False) -> DistanceProgram:
    """Program for all descriptors of a space, with every partial sum made once.

    Parameters
    ----------
    space : DescriptorSpace
    by_element : bool
        Whether the columns of method ii are in rows of elements and not in the feature matrix.
    """
    notation, layout = space.notation, space.layout
    blocks = notation.basis  # method ii comes last
    columns = [
        layout.block_columns[block] for block in blocks if not (by_element and block.method == "ii")
    ]
    additions: list[tuple[int, int]] = []
    slots: dict[tuple[int, ...], int] = {}

    def slot_of(terms: tuple[int, ...]) -> int:
        """Slot that holds the sum of these slots; descriptors with a common beginning share it."""
        if len(terms) == 1:
            return terms[0]
        if terms not in slots:
            additions.append((slot_of(terms[:-1]), terms[-1]))
            slots[terms] = len(blocks) + len(additions) - 1
        return slots[terms]

    index = {block: b for b, block in enumerate(blocks)}
    outputs: dict[str, int] = {}
    for label in notation.labels:
        terms = tuple(outputs[part] for part in notation[label].parts) + tuple(
            index[block] for block in notation[label].own_blocks
        )
        outputs[label] = slot_of(terms)
    return DistanceProgram(
        notation.labels,
        np.concatenate(columns),
        np.cumsum([0] + [c.size for c in columns]),
        np.array(additions, dtype=np.int64).reshape(-1, 2),
        np.array([outputs[label] for label in notation.labels]),
        len(blocks) - len(columns),
    )


def separate_program(widths: Mapping[str, int]) -> DistanceProgram:
    """Program for unrelated feature matrices, given by name and number of columns."""
    first = np.cumsum([0, *widths.values()])
    return DistanceProgram(
        tuple(widths),
        np.arange(first[-1]),
        first,
        np.empty((0, 2), dtype=np.int64),
        np.arange(len(widths)),
    )
