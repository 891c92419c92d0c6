"""Training sets that aenet's ``trnset2ASCII.x`` wrote: structures with their LAEDs."""

from __future__ import annotations

import io
import math
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, NoReturn

import ase
import numpy as np
from ase.calculators.singlepoint import SinglePointCalculator
from ase.data import atomic_numbers
from numpy.typing import NDArray

from gmd.structures import StructureError
from gmd.structures.unpacking import opened_metered

LONGEST_LINE = 2**20
"""Characters; aenet writes at most 1000 numbers of 25."""

_TRUE = ("t", ".t.", "true", ".true.")
_FALSE = ("f", ".f.", "false", ".false.")
_MOST_TYPES = 118

# Fortran leaves out the letter before an exponent of three digits, or writes D
_EXPONENT = re.compile(r"([\d.])[dD]?([+-]\d{3})\Z|([\d.])[dDqQ]([+-]?\d+)\Z")


class TrainingStructure(NamedTuple):
    """One structure of a training set.

    Attributes
    ----------
    atoms : ase.Atoms
        Elements, positions in Å, total energy in eV and forces; the cell, which such a file does
        not tell, is NaN.
    values : ndarray of shape (n_atoms, d), float64
        The LAEDs.
    """

    atoms: ase.Atoms
    values: NDArray[np.float64]


def training_structures(path: str | os.PathLike[str]) -> Iterator[TrainingStructure]:
    """Read a training set of aenet in its ASCII form, one structure at a time.

    The file begins with its name, whether it is normalised, the scale and shift of the energies,
    the elements and their atomic energies, the numbers of atoms and structures, and three energies
    per atom (least, largest, mean). A structure is its file's name, its numbers of atoms and
    elements, and its energy without those of the free atoms, which are added here; an atom is its
    element's number, position, force, number of descriptor values, and these.

    Parameters
    ----------
    path : path-like
        The file; .xz, .gz and .bz2 are decompressed.

    Yields
    ------
    TrainingStructure
        ``info`` of the atoms has ``name`` (of the structure's file), ``source`` and
        ``cohesive_energy`` in eV.

    Raises
    ------
    FileNotFoundError
        Where there is no such file.
    StructureError
        For anything that is not as aenet writes it, naming file, line, structure and atom, and for
        a normalised set: its LAEDs are shifted and scaled by numbers that it does not hold.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"{path}: there is no such file; correct the path")
    with opened_metered(path) as stream:
        yield from _Reader(stream, path.name).structures()


class _Reader:
    """Items off the lines of a file, by the rules of Fortran's list-directed input."""

    def __init__(self, stream: io.BufferedIOBase, name: str) -> None:
        self._stream = stream
        self._name = name
        self._line = 0
        self._place = "header"

    def structures(self) -> Iterator[TrainingStructure]:
        elements, energies, n_atoms, n_structures = self._header()
        width: int | None = None
        n_read = 0
        for number in range(n_structures):
            self._place = f"structure {number}"
            found = self._structure(elements, energies, number, width)
            width = found.values.shape[1]
            n_read += len(found.atoms)
            yield found
        self._place = f"after structure {n_structures - 1}"
        rest = self._next_line()
        if rest is not None:
            self._fail(f"more than the {n_structures} structures of the header")
        if n_read != n_atoms:
            self._fail(f"the structures have {n_read} atoms, the header says {n_atoms}")

    def _header(self) -> tuple[list[str], list[float], int, int]:
        self._text("the name of the training set")
        flag = self._text("whether the set is normalised, T or F").lower()
        if flag not in _TRUE + _FALSE:
            self._fail(f"{flag[:20]!r} in place of T or F, whether the set is normalised")
        self._numbers(1, "the scale of energies")
        self._numbers(1, "the shift of energies")
        n_types = self._count("the number of elements", 1, _MOST_TYPES)
        elements = []
        for _ in range(n_types):
            symbol = self._text("an element")
            if atomic_numbers.get(symbol, 0) < 1 or symbol in elements:
                self._fail(f"{symbol[:20]!r} in place of another element")
            elements.append(symbol)
        energies = self._numbers(n_types, "the atomic energies")
        n_atoms = self._count("the number of atoms", 1)
        n_structures = self._count("the number of structures", 1)
        self._numbers(3, "the least, largest and mean energy")
        if flag in _TRUE:
            raise StructureError(
                f"{self._name}: the training set is normalised, its LAEDs are shifted and scaled "
                f"by numbers that it does not hold; convert the original one, not the one that "
                f"ends with .scaled"
            )
        return elements, energies, n_atoms, n_structures

    def _structure(
        self, elements: list[str], energies: list[float], number: int, width: int | None
    ) -> TrainingStructure:
        file = self._text("the name of a structure's file")
        counts = self._tokens(2, "the numbers of atoms and elements")
        n_atoms = self._whole(counts[0], "the number of atoms", 1)
        n_types = self._whole(counts[1], "the number of elements", 1, len(elements))
        (cohesive,) = self._numbers(1, "the energy")
        types: list[int] = []
        positions, forces, values = [], [], []
        for atom in range(n_atoms):
            self._place = f"structure {number}, atom {atom}"
            types.append(self._count("the number of the element", 1, len(elements)) - 1)
            positions.append(self._numbers(3, "the position"))
            forces.append(self._numbers(3, "the force"))
            count = self._count("the number of descriptor values", 1)
            if width is not None and count != width:
                self._fail(f"{count} descriptor values, {width} of the atoms before")
            width = count
            values.append(np.array(self._numbers(count, "the descriptor values")))
        self._place = f"structure {number}"
        if len(set(types)) != n_types:
            self._fail(f"the atoms are of {len(set(types))} elements, not the {n_types} announced")
        atoms = ase.Atoms(
            [elements[t] for t in types], positions, cell=np.full((3, 3), np.nan), pbc=False
        )
        atoms.info["name"] = Path(file).stem
        atoms.info["source"] = f"{self._name}, structure {number}"
        atoms.info["cohesive_energy"] = cohesive
        total = cohesive + math.fsum(energies[t] for t in types)
        atoms.calc = SinglePointCalculator(atoms, energy=total, forces=np.array(forces))
        return TrainingStructure(atoms, np.stack(values))

    def _next_line(self) -> str | None:
        """The next line that is not blank, None at the end."""
        while True:
            line = self._stream.readline(LONGEST_LINE)
            if not line:
                return None
            self._line += 1
            if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                self._fail(f"a line of more than {LONGEST_LINE} characters")
            if not line.isspace():
                try:
                    return line.decode().strip()
                except UnicodeDecodeError:
                    self._fail("not text in UTF-8")

    def _text(self, what: str) -> str:
        line = self._next_line()
        if line is None:
            self._fail(f"the file ends before {what}", "the file is cut off")
        return line

    def _tokens(self, n: int, what: str) -> list[str]:
        # lists may go on on the next line; what is behind them on the last would get lost
        tokens: list[str] = []
        while len(tokens) < n:
            tokens += self._text(what).replace(",", " ").split()
        if len(tokens) > n:
            self._fail(f"{len(tokens)} items in place of {n}, {what}")
        return tokens

    def _numbers(self, n: int, what: str) -> list[float]:
        tokens = self._tokens(n, what)
        try:
            numbers = list(map(float, tokens))
        except ValueError:
            numbers = [self._number(token, what) for token in tokens]
        if not all(map(math.isfinite, numbers)) or any("_" in token for token in tokens):
            bad = [t for t, x in zip(tokens, numbers, strict=True) if not math.isfinite(x)]
            shown = (bad or [t for t in tokens if "_" in t])[0][:30]
            self._fail(f"{shown!r} is not a finite number in {what}")
        return numbers

    def _number(self, token: str, what: str) -> float:
        try:
            return float(_EXPONENT.sub(r"\1\3e\2\4", token))
        except ValueError:
            self._fail(f"{token[:30]!r} is not a number in {what}")

    def _count(self, what: str, least: int, most: int | None = None) -> int:
        return self._whole(self._tokens(1, what)[0], what, least, most)

    def _whole(self, token: str, what: str, least: int, most: int | None = None) -> int:
        # eighteen digits are more than any file holds
        number = int(token) if token.isascii() and token.isdecimal() and len(token) < 19 else -1
        if number < least or (most is not None and number > most):
            limits = f"from {least}" + (f" to {most}" if most is not None else "")
            self._fail(f"{token[:30]!r} in place of {what}, {limits}")
        return number

    def _fail(self, what: str, advice: str = "write the file anew with trnset2ASCII.x") -> NoReturn:
        raise StructureError(f"{self._name}, {self._place}, line {self._line}: {what}; {advice}")
