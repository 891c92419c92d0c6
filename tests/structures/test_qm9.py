"""QM9 in its own variant of XYZ."""

from __future__ import annotations

import numpy as np
import pytest

from gmd.structures import StructureError, read_structures, total_energies
from gmd.structures.qm9 import PROPERTIES
from structures.fault_files import WATER
from structures.sample_files import tar

METHANE = (
    "5\ngdb 1\t157.7118\t157.70997\t157.70699\t0.\t13.21\t-0.3877\t0.1171\t0.5048\t35.3641\t"
    "0.044749\t-40.47893\t-40.476062\t-40.475117\t-40.498597\t6.469\t\n"
    "C\t-0.0126981359\t 1.0858041578\t 0.0080009958\t-0.535689\n"
    "H\t 0.002150416\t-0.0060313176\t 0.0019761204\t 0.133921\n"
    "H\t 1.0117308433\t 1.4637511618\t 0.0002765748\t 0.133922\n"
    "H\t-0.540815069\t 1.4475266138\t-0.8766437152\t 0.133923\n"
    "H\t-0.5238136345\t 1.4379326443\t 0.9063972942\t 0.133923\n"
    "1341.307\t1341.3284\t1341.365\nC\tC\t\nInChI=1S/CH4/h1H4\tInChI=1S/CH4/h1H4\n"
)


def test_a_molecule_with_all_that_is_said_of_it(tmp_path) -> None:
    (tmp_path / "dsgdb9nsd_000001.xyz").write_text(METHANE)
    (atoms,) = read_structures(tmp_path / "dsgdb9nsd_000001.xyz", energy_key="U0")
    assert atoms.get_chemical_formula() == "CH4"
    assert atoms.info["name"] == "dsgdb9nsd_000001"
    assert atoms.info["index"] == 1
    values = [157.7118, 157.70997, 157.70699, 0, 13.21, -0.3877, 0.1171, 0.5048, 35.3641]
    values += [0.044749, -40.47893, -40.476062, -40.475117, -40.498597, 6.469]
    assert [atoms.info[name] for name in PROPERTIES] == values
    assert " ".join(PROPERTIES) == "A B C mu alpha homo lumo gap r2 zpve U0 U H G Cv"
    assert atoms.get_charges()[0] == -0.535689
    assert atoms.positions[1].tolist() == [0.002150416, -0.0060313176, 0.0019761204]
    assert not atoms.pbc.any()
    energies = total_energies([atoms], "U0", "Hartree")
    np.testing.assert_allclose(energies, [-40.47893 * 27.211386], rtol=1e-7)


def test_exponents_and_trailing_lines(tmp_path) -> None:
    (tmp_path / "a.xyz").write_text(WATER + METHANE + "\n" + WATER)
    structures = read_structures(tmp_path / "a.xyz", energy_key="U0")
    assert [a.get_chemical_formula() for a in structures] == ["H2O", "CH4", "H2O"]
    assert structures[0].positions[2].tolist() == [0.8717903737, 1.3007924048, 6.931e-6]


def test_the_archive_is_read_in_place(tmp_path) -> None:
    names = [f"dsgdb9nsd_{k:06d}.xyz" for k in (2, 1)]
    contents = tar(dict(zip(names, (WATER.encode(), METHANE.encode()), strict=True)), "bz2")
    (tmp_path / "dsgdb9nsd.xyz.tar.bz2").write_bytes(contents)
    structures = read_structures(tmp_path / "dsgdb9nsd.xyz.tar.bz2", energy_key="U0")
    assert [a.info["U0"] for a in structures] == [-40.47893, -76.404702]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (METHANE.replace("-40.47893", "low"), "a.xyz, structure 0: U0 'low' is not a number; the"),
        (METHANE.replace("1.085804", "x"), "a.xyz, structure 0, atom 0: coordinate 'x1578' is not"),
        (METHANE.replace("\t 0.133922", ""), "a.xyz, structure 0, atom 2: 'H\\t 1.0117308433"),
        ("\n".join(METHANE.split("\n")[:5]), "a.xyz, structure 0: a molecule of QM9 has a line"),
        (METHANE + WATER.replace("\t6.002", ""), "a.xyz, structure 1: a molecule of QM9 has a"),
    ],
)
def test_damage_is_named(tmp_path, text, says) -> None:
    (tmp_path / "a.xyz").write_text(text)
    with pytest.raises(StructureError) as caught:
        read_structures(tmp_path / "a.xyz", energy_key="U0")
    assert str(caught.value).startswith(says)
    assert "; " in str(caught.value)


def test_other_comments_are_not_of_qm9(tmp_path) -> None:
    (tmp_path / "a.xyz").write_text("1\ngdb 1 2.0\nC 0 0 0\n")
    (atoms,) = read_structures(tmp_path / "a.xyz")
    assert "U0" not in atoms.info
