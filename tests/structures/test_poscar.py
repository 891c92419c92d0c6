"""POSCAR files: one structure with all of its positions."""

from __future__ import annotations

import numpy as np
import pytest

from gmd.structures import StructureError, read_structures

HEAD = "comment\n1.0\n4 0 0\n0 4 0\n0 0 4\nNa Cl\n1 1\n"
ONE = HEAD + "Direct\n0 0 0\n.5 .5 .5\n"
SELECTIVE = HEAD + "Selective dynamics\nDirect\n0 0 0 T T T\n.5 .5 .5 T T F\n"
VASP4 = ONE.replace("comment", "Na Cl").replace("Na Cl\n1 1", "1 1")
VELOCITIES = " 0 0 0\n 0 0 0\n"
LATTICE = "Lattice velocities and vectors\n 1\n" + 3 * " 0 0 0\n" + " 4 0 0\n 0 4 0\n 0 0 4\n"
PREDICTOR = "\n 1\n 0.1E+01\n 0.0 0.0 0.0\n" + 3 * VELOCITIES
DENSITY = "\n 2 2 2\n 1 2 3 4 5\n 6 7 8\n"


@pytest.mark.parametrize("first", [ONE, SELECTIVE, VASP4])
@pytest.mark.parametrize("between", ["", "\n", "\n\n", VELOCITIES, "\n" + VELOCITIES + PREDICTOR])
@pytest.mark.parametrize(
    "second",
    [
        ONE,
        SELECTIVE,
        VASP4,
        ONE.replace("Direct", "Cartesian"),
        ONE.replace("1.0", "1 1 1 ! scales"),
    ],
)
def test_two_structures_are_refused(tmp_path, first, between, second) -> None:
    for end in ("\n", "\r\n"):
        (tmp_path / "POSCAR").write_text(first + between + second, newline=end)
        with pytest.raises(StructureError, match=r"^POSCAR: contains more than one structure, .*s"):
            read_structures(tmp_path / "POSCAR")


@pytest.mark.parametrize("first", [ONE, SELECTIVE, VASP4])
@pytest.mark.parametrize(
    "after",
    [
        "",
        "\n" + VELOCITIES,
        "Cartesian\n" + VELOCITIES,
        "\n" + VELOCITIES + PREDICTOR,
        LATTICE,
        LATTICE + "Direct\n" + VELOCITIES,
        LATTICE + "\n" + VELOCITIES + PREDICTOR,
        "\nwritten by hand\n",
        DENSITY,
    ],
)
def test_what_follows_the_positions_changes_nothing(tmp_path, first, after) -> None:
    (tmp_path / "POSCAR").write_text(first + after)
    (atoms,) = read_structures(tmp_path / "POSCAR")
    assert atoms.get_chemical_symbols() == ["Na", "Cl"]
    np.testing.assert_allclose(atoms.positions, [[0, 0, 0], [2, 2, 2]])
    assert not atoms.has("momenta")


@pytest.mark.parametrize("after", ["", "\n", "\n" + VELOCITIES, LATTICE])
def test_missing_positions_are_counted(tmp_path, after) -> None:
    (tmp_path / "POSCAR").write_text(ONE.replace("1 1\n", "1 2\n") + after)
    with pytest.raises(StructureError, match=r"^POSCAR, structure 0: 3 atoms promised, 2 there; "):
        read_structures(tmp_path / "POSCAR")
