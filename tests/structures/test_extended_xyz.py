"""Comment lines and frames of extended XYZ."""

from __future__ import annotations

import numpy as np
import pytest

from gmd.structures import StructureError, read_structures, total_energies
from gmd.structures.extended_xyz import read_comment

CELL = 'Lattice="4 0 0 0 4 0 0 0 4"'
COLUMNS = "Properties=species:S:1:pos:R:3"


def write(tmp_path, comment: str, row: str = "Ni 0 0 0", name: str = "a.extxyz"):
    path = tmp_path / name
    path.write_text(f"1\n{CELL} {COLUMNS}\nC 0 0 0\n1\n{comment}\n{row}\n")
    return path


@pytest.mark.parametrize(
    ("comment", "key", "right"),
    [
        (f'lattice="4 0 0 0 4 0 0 0 4" {COLUMNS}', "lattice", "Lattice"),
        (f'LATTICE = "4 0 0 0 4 0 0 0 4" {COLUMNS}', "LATTICE", "Lattice"),
        (f'{COLUMNS} Lat-tice="4 0 0 0 4 0 0 0 4"', "Lat-tice", "Lattice"),
        (f"{CELL} properties=species:S:1:pos:R:3:forces:R:3", "properties", "Properties"),
        (f"{CELL} PROPERTIES=species:S:1:pos:R:3", "PROPERTIES", "Properties"),
        (f'{CELL} {COLUMNS} PBC="T T F"', "PBC", "pbc"),
        (f'{CELL} {COLUMNS} Pbc="T T F" energy=-1', "Pbc", "pbc"),
    ],
)
def test_another_spelling_of_a_key_is_named(tmp_path, comment, key, right) -> None:
    path = write(tmp_path, comment, "Ni 0 0 0 1 2 3")
    message = f"^a.extxyz, structure 1: the comment line has the key '{key}', .* spells '{right}';"
    with pytest.raises(StructureError, match=message):
        read_structures(path)


@pytest.mark.parametrize(
    "comment",
    [
        f'{CELL} {COLUMNS} lattice=fcc PBC=some pbc="T T F"',  # the right ones are there
        f'{CELL} {COLUMNS} comment="a lattice=5 and PBC=no"',
        f"{CELL} {COLUMNS} lattice_constant=4 pbc_kind=3",
    ],
)
def test_keys_of_the_user_are_left_alone(tmp_path, comment) -> None:
    _, atoms = read_structures(write(tmp_path, comment))
    assert atoms.cell.lengths().tolist() == [4, 4, 4]


@pytest.mark.parametrize(
    ("columns", "what"),
    [("species:S:1:Pos:R:3", "positions"), ("Species:S:1:pos:R:3", "elements")],
)
def test_columns_that_are_missing_are_named(tmp_path, columns, what) -> None:
    path = write(tmp_path, f"{CELL} Properties={columns}")
    with pytest.raises(StructureError, match=f"^a.extxyz, structure 1: .* no column of {what}; "):
        read_structures(path)


@pytest.mark.parametrize("name", ["a.extxyz", "a.xyz"])
@pytest.mark.parametrize("gap", ["\n", "\n \n\t\n"])
def test_blank_lines_between_frames(tmp_path, name, gap) -> None:
    frame = "1\nenergy={}\nC {} 0 0\n"
    path = tmp_path / name
    path.write_text(gap + gap.join(frame.format(-k, k) for k in range(1, 4)) + gap)
    structures = read_structures(path)
    assert total_energies(structures).tolist() == [-1, -2, -3]
    assert [atoms.positions[0, 0] for atoms in structures] == [1, 2, 3]


def test_a_blank_comment_is_no_gap(tmp_path) -> None:
    (tmp_path / "a.xyz").write_text("1\n\nC 0 0 0\n\n1\n\nN 0 0 0\n1\nenergy=-1\nO 0 0 0\n")
    assert [str(a.symbols) for a in read_structures(tmp_path / "a.xyz")] == ["C", "N", "O"]


def test_cells_after_the_atoms_belong_to_their_frame(tmp_path) -> None:
    frame = "1\n{}\nC 0 0 0\nVEC1 4 0 0\nVEC2 0 4 0\nVEC3 0 0 4\n"
    (tmp_path / "a.xyz").write_text(frame.format("first") + "\n" + frame.format("second"))
    structures = read_structures(tmp_path / "a.xyz", energy_key=None)
    assert [a.cell.lengths().tolist() for a in structures] == [[4, 4, 4]] * 2


@pytest.mark.parametrize(
    "stress",
    [
        '"0.1 0.2 0.3 0.4 0.5 0.6"',
        "'0.1 0.2 0.3 0.4 0.5 0.6'",
        '"0.1, 0.2, 0.3, 0.4, 0.5, 0.6"',
        "[0.1 0.2 0.3 0.4 0.5 0.6]",
        '"0.1 0.6 0.5 0.6 0.2 0.4 0.5 0.4 0.3"',
    ],
)
def test_stress_of_six_numbers_is_voigt(tmp_path, stress) -> None:
    _, atoms = read_structures(write(tmp_path, f"{CELL} {COLUMNS} stress={stress} energy=-1.5"))
    assert atoms.get_stress().tolist() == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    assert atoms.get_potential_energy() == -1.5


@pytest.mark.parametrize("stress", ['"1 2 3 4 5"', "unknown", '"a b c d e f"', '""'])
def test_no_file_is_refused_for_its_stress(tmp_path, stress) -> None:
    _, atoms = read_structures(write(tmp_path, f"stress={stress} {CELL} {COLUMNS} energy=-1.5"))
    assert atoms.get_potential_energy() == -1.5
    assert atoms.info["stress_text"] == stress.strip('"')


def test_virials_are_read_likewise() -> None:
    assert read_comment('virial="1 2 3 4 5 6" a=2') == {
        "a": 2,
        "virial": pytest.approx(np.arange(1.0, 7.0)),
    }
    nine = read_comment('virial="1 2 3 4 5 6 7 8 9"')["virial"]
    assert nine.tolist() == [[1, 4, 7], [2, 5, 8], [3, 6, 9]]
    assert read_comment("virial=1") == {"virial_text": "1"}


@pytest.mark.parametrize(
    "name",
    ["CA", "CO", "CD", "CE", "HE", "HG", "HO", "NA", "NB", "ND", "NE", "OS", "PB", "SC", "SE"],
)
def test_two_capitals_may_be_an_element_with_a_label(tmp_path, name) -> None:
    first = "1\n\nO 0 0 0\n"
    (tmp_path / "a.xyz").write_text(f"{first}2\n written by VMD\n  N 0 0 0\n  {name} 1.5 0 0\n")
    with pytest.raises(StructureError) as caught:
        read_structures(tmp_path / "a.xyz")
    assert str(caught.value) == (
        f"a.xyz, line 7: the name {name!r} may be {name.capitalize()} or an atom of {name[0]} with "
        f"a label, as in PDB; write {name.capitalize()} or {name[0]}"
    )
    (tmp_path / "a.xyz").write_text(f"{first}1\n\n{name.capitalize()} 0 0 0\n")
    assert str(read_structures(tmp_path / "a.xyz")[1].symbols) == name.capitalize()
    # a column that is said to have elements has them
    (tmp_path / "a.xyz").write_text(f"1\n{COLUMNS}\n{name.capitalize()} 0 0 0\n")
    assert str(read_structures(tmp_path / "a.xyz")[0].symbols) == name.capitalize()


@pytest.mark.parametrize("name", ["AL", "CL", "CU", "FE", "LI", "NI", "SI", "TI", "ZN"])
def test_other_capitals_are_clear(tmp_path, name) -> None:
    (tmp_path / "a.xyz").write_text(f"2\nCA and CO\n{name} 0 0 0\nO 2 0 0\n")
    (atoms,) = read_structures(tmp_path / "a.xyz")
    assert atoms.get_chemical_symbols() == [name.capitalize(), "O"]


@pytest.mark.parametrize(("number", "says"), [("8", ", such as O for 8"), ("0", ""), ("999", "")])
def test_numbers_are_no_elements(tmp_path, number, says) -> None:
    """They may be types of LAMMPS, whose dumps in XYZ have them."""
    (tmp_path / "a.xyz").write_text(f"2\nwater\nH 0 0 0\n{number} 0.96 0 0\n")
    with pytest.raises(StructureError) as caught:
        read_structures(tmp_path / "a.xyz")
    assert str(caught.value) == (
        f"a.xyz, line 4: {number} may be an atomic number or the number of a type, as in LAMMPS; "
        f"write chemical symbols{says}"
    )


@pytest.mark.parametrize("comment", ["two", f"{CELL} {COLUMNS}"])
def test_rows_in_excess_are_named(tmp_path, comment) -> None:
    frame = f"2\n{comment}\nNa 0 0 0\nCl 2 2 2\n"
    (tmp_path / "a.xyz").write_text(f"{frame}\n{frame}Na 0 0.5 0\n")
    with pytest.raises(StructureError) as caught:
        read_structures(tmp_path / "a.xyz")
    assert str(caught.value) == (
        "a.xyz, line 10: the number of atoms in line 6 is 2, but another row follows; correct the "
        "number, or remove the row"
    )
