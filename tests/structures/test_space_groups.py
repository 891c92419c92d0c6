"""Symmetry of CIF files: listed operations, standard settings, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from gmd.structures import StructureError, read_structures
from structures.messages import check_message

CUBE = (5.43, 5.43, 5.43, 90, 90, 90)
HEXAGONAL = (4.5, 4.5, 11.9, 90, 90, 120)
RHOMBOHEDRAL = (5, 5, 5, 60, 60, 60)
ORTHORHOMBIC = (5.4, 7.6, 5.5, 90, 90, 90)
MONOCLINIC = (5, 6, 7, 90, 101, 90)
TETRAGONAL = (3.785, 3.785, 9.514, 90, 90, 90)

SI = ("Si1 Si 0.125 0.125 0.125",)
ORIGIN = ("Si1 Si 0 0 0",)
BI = ("Bi1 Bi 0.23 0.23 0.23",)
BI_HEXAGONAL = ("Bi1 Bi 0 0 0.23",)
GENERAL = ("C1 C 0.11 0.23 0.32",)
SALT = ("Na1 Na 0.1 0 0", "Cl1 Cl 0.5 0.5 0.5")

SYMBOL = "_symmetry_space_group_name_H-M"
NUMBER = "_symmetry_Int_Tables_number"
CODE = "_space_group_IT_coordinate_system_code"
LIST = "list the symmetry operations"
INVERSION = ("x,y,z", "-x,-y,-z")


def cif(
    rows: tuple[str, ...],
    cell: tuple[float, ...] = CUBE,
    *,
    tags: tuple[str, ...] = (),
    operations: tuple[str, ...] = (),
    columns: tuple[str, ...] = (),
) -> str:
    """One block with a label, a symbol and fractional coordinates in each row."""
    names = ("length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma")
    lines = ["data_x", *(f"_cell_{n} {x}" for n, x in zip(names, cell, strict=True)), *tags]
    if operations:
        lines += ["loop_", "_symmetry_equiv_pos_as_xyz", *(f"'{o}'" for o in operations)]
    sites = ("label", "type_symbol", "fract_x", "fract_y", "fract_z", *columns)
    return "\n".join([*lines, "loop_", *(f"_atom_site_{s}" for s in sites), *rows, ""])


def group(symbol: str = "", number: int | str = "", *more: str) -> tuple[str, ...]:
    tags = [f"{SYMBOL} '{symbol}'"] * bool(symbol) + [f"{NUMBER} {number}"] * bool(number)
    return (*tags, *more)


def formula(folder: Path, text: str) -> str:
    (folder / "a.cif").write_text(text)
    (atoms,) = read_structures(folder / "a.cif")
    return str(atoms.symbols.get_chemical_formula())


def message(folder: Path, text: str) -> str:
    (folder / "a.cif").write_text(text)
    with pytest.raises(StructureError) as caught:
        read_structures(folder / "a.cif")
    check_message(str(caught.value), "a.cif")
    return str(caught.value)


@pytest.mark.parametrize(
    ("tags", "cell", "rows", "right"),
    [
        (group("F m -3 m", 225), CUBE, ORIGIN, "Si4"),
        (group("Fm-3m"), CUBE, ORIGIN, "Si4"),
        (group("F m 3 m", 225), CUBE, ORIGIN, "Si4"),
        (group("P n m a", 62), ORTHORHOMBIC, GENERAL, "C8"),
        (group("P n m a :abc"), ORTHORHOMBIC, GENERAL, "C8"),
        (group("C m c a", 64), ORTHORHOMBIC, GENERAL, "C16"),
        (group("P 63/m m c", 194), HEXAGONAL, ("C1 C 0.333333 0.666667 0.25",), "C2"),
        (group("P6_3/mmc"), HEXAGONAL, ("C1 C 0.333333 0.666667 0.25",), "C2"),
        (group("P 1 21/c 1", 14), MONOCLINIC, GENERAL, "C4"),
        (group("P 21/c"), MONOCLINIC, GENERAL, "C4"),
        (group("P 2(1)/c", 14), MONOCLINIC, GENERAL, "C4"),
        (group("C 1 2/c 1 :b1", 15), MONOCLINIC, GENERAL, "C8"),
        (group("R -3 m", 166), HEXAGONAL, BI_HEXAGONAL, "Bi6"),
        (group("R -3 m H", 166), HEXAGONAL, BI_HEXAGONAL, "Bi6"),
        (group("R -3 m :H"), HEXAGONAL, BI_HEXAGONAL, "Bi6"),
        (group("F d -3 m :1", 227), CUBE, ORIGIN, "Si8"),
        (group("F d -3 m S", 227), CUBE, ORIGIN, "Si8"),
        (group("F d -3 m", 227, f"{CODE} 1"), CUBE, ORIGIN, "Si8"),
        (group("", 2), CUBE, GENERAL, "C2"),
        (group("", "'2'"), CUBE, GENERAL, "C2"),
        (group("P -1", "?"), CUBE, GENERAL, "C2"),
        (group("?", 2), CUBE, GENERAL, "C2"),
        (group("P 1", 1), CUBE, GENERAL, "C"),
        ((), CUBE, GENERAL, "C"),
    ],
)
def test_standard_settings_need_no_operations(tmp_path, tags, cell, rows, right) -> None:
    assert formula(tmp_path, cif(rows, cell, tags=tags)) == right


def test_trigonal_crystal_with_hexagonal_axes(tmp_path) -> None:
    tags = group("R -3 m", 166, "_space_group_crystal_system trigonal")
    assert formula(tmp_path, cif(BI_HEXAGONAL, HEXAGONAL, tags=tags)) == "Bi6"


@pytest.mark.parametrize(
    ("tags", "cell", "rows", "says"),
    [
        (group("F d -3 m Z", 227), CUBE, SI, ("F d -3 m Z, number 227", "setting 'z'")),
        (group("F d -3 m :2", 227), CUBE, SI, ("F d -3 m :2", "setting '2'")),
        (group("F d -3 m", 227, f"{CODE} 2"), CUBE, SI, ("number 227", "setting '2'")),
        (group("I 41/a m d Z", 141), TETRAGONAL, SI, ("I 41/a m d Z", "origin choice 1")),
        (group("F d -3 m", 227), CUBE, SI, ("two origin choices", f"{CODE} 1")),
        (group("", 227), CUBE, SI, ("two origin choices",)),
        (group("P n n n"), ORTHORHOMBIC, GENERAL, ("two origin choices",)),
        (group("R -3 m :R", 166), RHOMBOHEDRAL, BI, ("R -3 m :R", "setting 'r'")),
        (group("R -3 m", 166), RHOMBOHEDRAL, BI, ("cell lengths and angles do not fit",)),
        (group("", 166), RHOMBOHEDRAL, BI, ("cell lengths and angles do not fit",)),
        (group("P b n m", 62), ORTHORHOMBIC, GENERAL, ("P b n m, number 62", "'P n m a'")),
        (group("P b n m"), ORTHORHOMBIC, GENERAL, ("P b n m", "not the standard symbol")),
        (group("P 1 21/n 1", 14), MONOCLINIC, GENERAL, ("number 14", "'P 21/c'")),
        (group("P 1 1 21/b", 14), MONOCLINIC, GENERAL, ("number 14", "'P 21/c'")),
        (group("I 1 2/a 1", 15), MONOCLINIC, GENERAL, ("number 15", "'C 2/c'")),
        (group("P 21/c :c1", 14), MONOCLINIC, GENERAL, ("setting 'c1'",)),
        (group("P 21/c", 14), (5, 6, 7, 90, 90, 101), GENERAL, ("cell lengths and angles",)),
        (group("F m -3 m", 225), ORTHORHOMBIC, ORIGIN, ("cell lengths and angles",)),
        (group("P 1", 225), CUBE, ORIGIN, ("P 1, number 225", "'F m -3 m'")),
        (group("P 1", 300), CUBE, ORIGIN, ("not the standard symbol or number",)),
        (group("P 1", "many"), CUBE, ORIGIN, ("not an integer",)),
        (group("?", "."), CUBE, ORIGIN, ("it is not known",)),
        (("_space_group_name_Hall '-P 1'",), CUBE, ORIGIN, ("it is not known",)),
    ],
)
def test_settings_that_are_not_certain_need_operations(tmp_path, tags, cell, rows, says) -> None:
    found = message(tmp_path, cif(rows, cell, tags=tags))
    for text in ("structure 0: data block 'x'", *says, LIST):
        assert text in found


@pytest.mark.parametrize(
    "tags",
    [
        (),
        group("P 1"),
        group("P -1", "?"),
        group("?", "."),
        group("P b n m", 62),
        group("my own", "'2'", "_space_group_crystal_system cubic"),
    ],
)
def test_listed_operations_count_under_any_name(tmp_path, tags) -> None:
    assert formula(tmp_path, cif(SALT, tags=tags, operations=INVERSION)) == "ClNa2"


def test_no_operation_is_added_to_those_listed(tmp_path) -> None:
    tags = group("P -1", 2)
    assert formula(tmp_path, cif(SALT, tags=tags, operations=("x,y,z",))) == "ClNa"


@pytest.mark.parametrize(
    "tag", ["_space_group_magn.number_BNS 2.7", "_space_group_symop_magn_operation.xyz x,y,z,+1"]
)
def test_magnetic_symmetry_is_refused(tmp_path, tag) -> None:
    found = message(tmp_path, cif(SALT, tags=(tag,)))
    assert "data block 'x' has a magnetic space group" in found
    assert "convert the file to an ordinary CIF" in found


def test_alternatives_of_disorder_are_refused(tmp_path) -> None:
    columns = ("disorder_assembly", "disorder_group")
    rows = ("Li1 Li 0 0 0 . .", "Cl1 Cl 0.5 0.5 0.5 A 1", "Cl2 Cl 0.5 0.5 0.6 A 2")
    found = message(tmp_path, cif(rows, columns=columns))
    assert "either Cl1 (row 1) or Cl2 (row 2) are present" in found
    rows = ("Li1 Li 0 0 0 .", "Cl1 Cl 0.5 0.5 0.5 1", "Cl2 Cl 0.5 0.5 0.6 2")
    found = message(tmp_path, cif(rows, columns=columns[1:]))
    assert "either Cl1 (row 1) or Cl2 (row 2) are present" in found
    apart = ("Li1 Li 0 0 0 . .", "Cl1 Cl 0.5 0.5 0.5 A 1", "Cl2 Cl 0.5 0.5 0 B 2")
    assert formula(tmp_path, cif(apart, columns=columns)) == "Cl2Li"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("H1 H ? ? ?", "structure 0, site H1 (row 2) has no coordinates; write them"),
        ("H1 H 0.1 . 0.1", "structure 0, site H1 (row 2) has no coordinates; write them"),
        ("H1 H 0.1 0,2 0.1", "structure 0, site H1 (row 2): y '0,2' is not a number; correct the"),
    ],
)
def test_sites_without_coordinates_are_named(tmp_path, row, says) -> None:
    assert says in message(tmp_path, cif((*SALT, row), tags=group("P 1")))


def test_mmcif_is_named(tmp_path) -> None:
    loop = [f"_atom_site.{n}" for n in ("id", "type_symbol", "Cartn_x", "Cartn_y", "Cartn_z")]
    text = "\n".join(["data_x", "_cell.length_a 4", "loop_", *loop, "1 O 0 0 0", ""])
    assert "data block 'x' is mmCIF, which is not read; convert" in message(tmp_path, text)


@pytest.mark.parametrize(("x", "y"), [("0.33", "0.67"), ("0.332", "0.668")])
def test_rounded_coordinates_are_named(tmp_path, x, y) -> None:
    rows = ("Mo1 Mo 0.333333 0.666667 0.25", f"S1 S {x} {y} 0.1")
    found = message(tmp_path, cif(rows, HEXAGONAL, tags=group("P 63/m m c", 194)))
    assert "structure 0: S1 (row 1) is only 0.0" in found
    assert "write more digits (1/3 as 0.33333)" in found


@pytest.mark.parametrize(
    ("row", "operation"), [("Cl2 Cl 0 0 0.5 1", "x,y,z"), ("Cl2 Cl 0 0 0.5", "x, y, z")]
)
def test_rows_with_too_many_values_are_refused(tmp_path, row, operation) -> None:
    text = cif((*SALT, row), operations=("x,y,z",))
    loop = "_symmetry_equiv_pos_site_id\n_symmetry_equiv_pos_as_xyz\n1 "
    text = text.replace("_symmetry_equiv_pos_as_xyz\n'x,y,z'", loop + operation)
    assert "values for" in message(tmp_path, text)
    assert formula(tmp_path, text.replace("0.5 1", "0.5").replace("x, y, z", "x,y,z")) == "Cl2Na"
    other = "loop_\n_journal_issue\n_journal_year\n1 2 3\n"
    assert formula(tmp_path, cif(SALT, operations=("x,y,z",)) + other) == "ClNa"
