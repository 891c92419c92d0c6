r"""Formation energies per atom from total energies and compositions.

The target of the paper's energy fits (Gharakhanyan et al. 2023, section 3.3). For a structure with
:math:`n_A` atoms of element A and the total energy :math:`E`,

.. math:: e = \Bigl(E - \sum_k x_k E_k\Bigr) \Big/ \sum_A n_A,

where the references :math:`E_k` are one of

- ``fitted``: chemical potentials :math:`\mu_A` per element, by least squares over the data set.
  They take out all of the energy that is linear in the composition, in whichever zero the total
  energies are given, and need no end member among the structures;
- ``named``: end members such as Li2S and P2S5, taken from the data set, so that the end members
  have formation energy zero;
- ``elements``: given chemical potentials, for instance of the elements' crystals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from gmd.parameters import suggestion

ReferenceMode = Literal["fitted", "named", "elements"]
REFERENCE_MODES: tuple[ReferenceMode, ...] = ("fitted", "named", "elements")

# Compositions are ratios of atom counts: what is not exactly degenerate is so by more than this.
_EXACT = 1e-10
_NAMES_SHOWN = 5


def formation_energies(
    compositions: NDArray[Any],
    energies: NDArray[np.float64],
    *,
    elements: Sequence[str],
    mode: ReferenceMode = "fitted",
    end_members: Mapping[str, str | None] | Sequence[str] | None = None,
    potentials: Mapping[str, float] | None = None,
    names: Sequence[str] | None = None,
) -> NDArray[np.float64]:
    """Formation energy per atom of every structure.

    Parameters
    ----------
    compositions : ndarray of shape (n_structures, n_elements)
        Atoms of every element, whole numbers.
    energies : ndarray of shape (n_structures,)
        Total energies in eV per structure.
    elements : sequence of str
        Chemical symbols, in the order of the columns of `compositions`.
    mode : {"fitted", "named", "elements"}
        Where the references come from.
    end_members : mapping of str to str or None, or sequence of str
        For ``named``: formula to the name of the structure that is the reference; None, or a mere
        sequence of formulas, takes the structure of that formula with the lowest energy per atom.
        Structures beyond an end member count as mixtures with a negative amount of the other.
    potentials : mapping of str to float
        For ``elements``: chemical potential of every element in eV/atom.
    names : sequence of str, optional
        Names of the structures, for ``named`` and for messages; "structure 0", ... by default.

    Returns
    -------
    ndarray of shape (n_structures,), float64
        Formation energies in eV/atom.

    Raises
    ------
    ValueError
        For shapes that disagree, compositions that are not counts of atoms, structures without a
        finite energy, references that do not fit the mode, an end member that is missing, and
        structures that are no mixture of the end members.
    """
    counts, energies, labels = _checked(compositions, energies, names)
    if counts.shape[1] != len(elements):
        raise ValueError(
            f"compositions have {counts.shape[1]} columns for the {len(elements)} elements "
            f"{', '.join(elements)}; give one column per element"
        )
    if mode not in REFERENCE_MODES:
        raise ValueError(
            f"mode={mode!r} is unknown{suggestion(mode, REFERENCE_MODES)}; choose one of "
            f"{', '.join(REFERENCE_MODES)}"
        )
    for given, argument, owner in (
        (end_members, "end_members", "named"),
        (potentials, "potentials", "elements"),
    ):
        if (given is not None) != (mode == owner):
            problem = "needs" if mode == owner else "takes no"
            raise ValueError(f"mode={mode!r} {problem} {argument}; they belong to mode={owner!r}")
    if end_members is not None:
        reference = _mixture_energies(counts, energies, elements, end_members, labels)
    elif potentials is not None:
        reference = counts @ _given_potentials(elements, potentials)
    else:
        reference = counts @ fitted_potentials(counts, energies, names=names)
    return np.asarray((energies - reference) / counts.sum(axis=1), dtype=np.float64)


def fitted_potentials(
    compositions: NDArray[Any],
    energies: NDArray[np.float64],
    *,
    names: Sequence[str] | None = None,
) -> NDArray[np.float64]:
    """Chemical potentials that fit the energies linearly in the composition.

    Least squares of the energy *per atom* on the atomic fractions, so that every structure counts
    the same, whatever its size, and a supercell counts as its cell does: it is the spread of the
    formation energy per atom, the target itself, that becomes smallest.

    Compositions that lie on a line or plane, such as (Li2S)x(P2S5)1-x, leave the potentials of the
    elements open along some direction. The solution of smallest norm is taken; which one it is
    makes no difference to structures of those compositions, only to others.

    Parameters
    ----------
    compositions : ndarray of shape (n_structures, n_elements)
        Atoms of every element, whole numbers.
    energies : ndarray of shape (n_structures,)
        Total energies in eV per structure.
    names : sequence of str, optional
        Names of the structures, for messages.

    Returns
    -------
    ndarray of shape (n_elements,), float64
        Chemical potentials in eV/atom; 0 for an element that no structure holds.

    Raises
    ------
    ValueError
        For input as :func:`formation_energies` refuses it, and for no more structures than
        independent compositions, where every formation energy would be zero.
    """
    counts, energies, _ = _checked(compositions, energies, names)
    n_atoms = counts.sum(axis=1)
    solution, _, rank, _ = np.linalg.lstsq(
        counts / n_atoms[:, None], energies / n_atoms, rcond=_EXACT
    )
    if counts.shape[0] <= rank:
        raise ValueError(
            f"{counts.shape[0]} structures of {rank} independent compositions: the fitted chemical "
            f"potentials would make every formation energy zero; use named references, or more "
            f"structures"
        )
    return np.where(counts.any(axis=0), solution, 0.0)


def end_member_energies(
    compositions: NDArray[Any],
    energies: NDArray[np.float64],
    *,
    elements: Sequence[str],
    end_members: Mapping[str, str | None] | Sequence[str],
    names: Sequence[str] | None = None,
) -> dict[str, float]:
    """Energy per formula unit of every end member.

    Parameters
    ----------
    compositions, energies, elements, end_members, names
        As for :func:`formation_energies`.

    Returns
    -------
    dict of str to float
        Formula to energy in eV per formula unit.

    Raises
    ------
    ValueError
        If no structure has the formula, or the named structure is missing, not the only one of its
        name, or of another formula.
    """
    counts, energies, labels = _checked(compositions, energies, names)
    if not isinstance(end_members, Mapping):
        end_members = dict.fromkeys(end_members)
    if not end_members:
        raise ValueError("named references need at least one end member, such as Li2S")
    result = {}
    for formula, unit in zip(end_members, _formula_units(end_members, elements), strict=True):
        units = counts.sum(axis=1) / unit.sum()
        matches = np.abs(counts - units[:, None] * unit).max(axis=1) < _EXACT * counts.sum(axis=1)
        name = end_members[formula]
        if name is None:
            if not matches.any():
                raise ValueError(
                    f"no structure has the formula of the end member {formula}; add one, or use "
                    f"fitted references"
                )
            result[formula] = float((energies[matches] / units[matches]).min())
            continue
        rows = [row for row, label in enumerate(labels) if label == name]
        if len(rows) != 1:
            problem = "no structure is" if not rows else f"{len(rows)} structures are"
            raise ValueError(
                f"end member {formula}: {problem} named {name!r}; name one structure, or none to "
                f"take that of lowest energy"
            )
        if not matches[rows[0]]:
            raise ValueError(f"end member {formula}: the structure {name!r} has another formula")
        result[formula] = float(energies[rows[0]] / units[rows[0]])
    return result


def _mixture_energies(
    counts: NDArray[np.float64],
    energies: NDArray[np.float64],
    elements: Sequence[str],
    end_members: Mapping[str, str | None] | Sequence[str],
    names: Sequence[str],
) -> NDArray[np.float64]:
    """Energy of each structure's amounts of the end members, in eV per structure."""
    per_unit = end_member_energies(
        counts, energies, elements=elements, end_members=end_members, names=names
    )
    corners = np.stack(_formula_units(per_unit, elements), axis=1)
    amounts, _, rank, _ = np.linalg.lstsq(corners, counts.T, rcond=_EXACT)
    if rank < corners.shape[1]:
        raise ValueError(
            f"the end members {', '.join(per_unit)} are mixtures of one another; leave one out"
        )
    misfit = np.abs(corners @ amounts - counts.T).max(axis=0)
    outside = np.flatnonzero(misfit > _EXACT * counts.sum(axis=1))
    if outside.size:
        raise ValueError(
            f"{listed(outside, names)}: not a mixture of the end members {', '.join(per_unit)}; "
            f"add an end member, use fitted references, or keep to the structures on the line"
        )
    return np.asarray(np.array(list(per_unit.values())) @ amounts, dtype=np.float64)


def _formula_units(
    formulas: Mapping[str, Any] | Sequence[str], elements: Sequence[str]
) -> list[NDArray[np.float64]]:
    """Atoms of every element in each formula; an array of shape (n_elements,) each."""
    # here, since it brings ase with it, which the other modes can do without
    from gmd.structures.composition import formula_counts

    return [formula_counts(formula, elements) for formula in formulas]


def _given_potentials(
    elements: Sequence[str], potentials: Mapping[str, float]
) -> NDArray[np.float64]:
    missing = [element for element in elements if element not in potentials]
    if missing:
        raise ValueError(
            f"no chemical potential is given for {', '.join(missing)}; add it, in eV/atom"
        )
    values = np.array([potentials[element] for element in elements], dtype=np.float64)
    for element, value in zip(elements, values, strict=True):
        if not np.isfinite(value):
            raise ValueError(f"the chemical potential of {element} is {value}; give it in eV/atom")
    return values


def _checked(
    compositions: NDArray[Any], energies: NDArray[np.float64], names: Sequence[str] | None
) -> tuple[NDArray[np.float64], NDArray[np.float64], list[str]]:
    counts = np.asarray(compositions, dtype=np.float64)
    energies = np.asarray(energies, dtype=np.float64)
    if counts.ndim != 2 or counts.shape[0] == 0:
        raise ValueError(
            f"compositions have shape {counts.shape}; expected (n_structures, n_elements) with at "
            f"least one structure"
        )
    n = counts.shape[0]
    if energies.shape != (n,):
        raise ValueError(f"energies have shape {energies.shape} for {n} structures")
    labels = [f"structure {row}" for row in range(n)] if names is None else list(names)
    if len(labels) != n:
        raise ValueError(f"{len(labels)} names are given for {n} structures")
    whole = np.isfinite(counts).all(axis=1) & (counts >= 0).all(axis=1)
    whole &= (counts == np.floor(counts)).all(axis=1) & (counts.sum(axis=1) > 0)
    if not whole.all():
        bad = np.flatnonzero(~whole)
        raise ValueError(f"{listed(bad, labels)}: the composition is not a count of atoms")
    missing = np.flatnonzero(~np.isfinite(energies))
    if missing.size:
        raise ValueError(
            f"{listed(missing, labels)}: no finite energy; give it in eV, or leave out what has "
            f"none"
        )
    return counts, energies, labels


def listed(rows: NDArray[np.int64], names: Sequence[str]) -> str:
    shown = ", ".join(str(names[row]) for row in rows[:_NAMES_SHOWN])
    return shown if rows.size <= _NAMES_SHOWN else f"{shown} and {rows.size - _NAMES_SHOWN} more"
