"""Small files that are easily misread, each with what must come of it."""

from __future__ import annotations

from typing import NamedTuple


class Right(NamedTuple):
    """What a file must be read as.

    Attributes
    ----------
    formulas : tuple of str
        Of its structures, in Hill's order; empty if the file must be refused.
    energies : tuple of float or None
        In eV, None for a structure without.
    says : tuple of str
        Parts of the message if the file must be refused.
    key, unit : str
        Name and unit of the energy.
    """

    formulas: tuple[str, ...] = ()
    energies: tuple[float | None, ...] = ()
    says: tuple[str, ...] = ()
    key: str = "energy"
    unit: str = "eV"


PARTIAL = "provide ordered structures"
HARTREE = 27.211386024367243  # eV

RIGHT = {
    "blank_line_between_frames.extxyz": Right(("C", "C"), (-1.0, -2.0)),
    "two_steps_without_animsteps.xsf": Right(("ClLi", "ClLi"), (None, None)),
    "two_steps_two_energies.xsf": Right(("ClLi", "ClLi"), (-10.25, -10.75)),
    "two_steps_one_energy.xsf": Right(
        says=("1 line(s) '# total energy' for 2 structure(s)", "null")
    ),
    "mixed_site.cif": Right(says=("structure 0: partial", "M1", "Ni 0.4", "M2", "Cu 0.6", PARTIAL)),
    "vacancies.cif": Right(says=("structure 0: partial occupancy", "Li1", "Li 0.3", PARTIAL)),
    "split_site.cif": Right(says=("structure 0: partial", "Li1", "Li2", "Li 0.5", PARTIAL)),
    "full_occupancies.cif": Right(("LiO",), (None,)),
    "energy_without_value.xyz": Right(
        says=("structure 0: the energy is missing or a boolean", "energy_key")
    ),
    "energy_not_a_number.extxyz": Right(says=("structure 0: energy = nan is not a finite number",)),
    "energy_line_without_unit.xsf": Right(says=("has no unit", "'# total energy = -1.0 eV'")),
    "voigt_stress.extxyz": Right(("Ni",), (-1.0,)),
    "gdb_000000.xyz": Right(("H2O",), (-76.404702 * HARTREE,), key="U0", unit="Hartree"),
}
"""By the file's name."""


def cif(*rows: str, group: str = "P 1", columns: tuple[str, ...] = ("label", "type_symbol")) -> str:
    """One block in a cube of 6 Å; the columns of labels, coordinates and occupancies."""
    cell = "".join(f"_cell_length_{x} 6.0\n" for x in "abc")
    cell += "".join(f"_cell_angle_{x} 90\n" for x in ("alpha", "beta", "gamma"))
    names = [*columns, "fract_x", "fract_y", "fract_z", "occupancy"]
    loop = "".join(f"_atom_site_{name}\n" for name in names)
    sites = "".join(f"{row}\n" for row in rows)
    return f"data_x\n{cell}_symmetry_space_group_name_H-M '{group}'\nloop_\n{loop}{sites}"


def xsf_step(z: float, step: int | str = "", energy: str = "") -> str:
    """Coordinates of one structure, with or without a cell."""
    head = f"# total energy = {energy}\n" if energy else ""
    cell = f"PRIMVEC {step}\n5 0 0\n0 5 0\n0 0 {5 + z}\n"
    return f"{head}{cell}PRIMCOORD {step}\n2 1\nLi 0 0 0\nCl 2.5 2.5 {2.5 + z}\n"


WATER = (
    "3\ngdb 0\t800.1\t437.9\t282.9\t1.85\t6.31\t-0.2928\t0.0687\t0.3615\t19.00\t0.02138\t"
    "-76.404702\t-76.401867\t-76.400922\t-76.422349\t6.002\t\n"
    "O\t-0.0343604951\t 0.9775395708\t 0.0076015923\t-0.589706\t\n"
    "H\t 0.0647664923\t 0.0205721989\t 0.0015346341\t 0.294853\t\n"
    "H\t 0.8717903737\t 1.3007924048\t 6.931*^-6\t 0.294853\t\n"
    "1671.4\t3803.6\t3907.7\nO\tO\nInChI=1S/H2O/h1H2\tInChI=1S/H2O/h1H2\n"
)

PLAIN = "1\nProperties=species:S:1:pos:R:3 energy={}\nC 0 0 0\n"

FILES = {
    "blank_line_between_frames.extxyz": PLAIN.format(-1.0) + "\n" + PLAIN.format(-2.0),
    "two_steps_without_animsteps.xsf": "CRYSTAL\n" + xsf_step(0) + xsf_step(0.1, 2),
    "two_steps_two_energies.xsf": (
        "ANIMSTEPS 2\n# total energy = -10.25 eV\nCRYSTAL\n"
        + xsf_step(0, 1)
        + xsf_step(0.1, 2, "-10.75 eV")
    ),
    "two_steps_one_energy.xsf": (
        "# total energy = -10.25 eV\nANIMSTEPS 2\nCRYSTAL\n" + xsf_step(0, 1) + xsf_step(0.1, 2)
    ),
    "mixed_site.cif": cif("M1 Ni 0 0 0 0.4", "M2 Cu 0 0 0 0.6", "O1 O 0.5 0.5 0.5 1"),
    "vacancies.cif": cif("Li1 Li 0 0 0 0.3", "O1 O 0.5 0.5 0.5 1"),
    "split_site.cif": cif("Li1 Li 0.25 0.25 0.75 0.5", "Li2 Li 0.33 0.25 0.75 0.5", "O1 O 0 0 0 1"),
    "full_occupancies.cif": cif("Li1 Li 0 0 0 1.0", "O1 O 0.5 0.5 0.5 1.0"),
    "energy_without_value.xyz": "1\nenergy -76.4\nO 0 0 0\n",
    "energy_not_a_number.extxyz": PLAIN.format("nan"),
    "energy_line_without_unit.xsf": "# total energy = -10.25\nCRYSTAL\n" + xsf_step(0, 1),
    "voigt_stress.extxyz": (
        '1\nLattice="4 0 0 0 4 0 0 0 4" Properties=species:S:1:pos:R:3 energy=-1.0 '
        'stress="0.1 0.2 0.3 0.4 0.5 0.6"\nNi 0 0 0\n'
    ),
    "gdb_000000.xyz": WATER,
}
"""Contents by the same names."""
