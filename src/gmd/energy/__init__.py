"""Formation energies, and how well a descriptor predicts them."""

from gmd.energy.boosted_trees import fit_boosted_trees
from gmd.energy.formation import end_member_energies, fitted_potentials, formation_energies
from gmd.energy.linear import LinearFit, fit_linear
from gmd.energy.splits import split_train_test
from gmd.energy.warnings import formation_warnings, isolated_atoms

__all__ = [
    "LinearFit",
    "end_member_energies",
    "fit_boosted_trees",
    "fit_linear",
    "fitted_potentials",
    "formation_energies",
    "formation_warnings",
    "isolated_atoms",
    "split_train_test",
]
