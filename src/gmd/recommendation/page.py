"""A recommendation in three sentences: what to use, what it loses, how certain that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gmd.recommendation.subsampling import FEWEST

MILLI = 1000.0
"""meV per eV."""

FIRM = 2 / 3
"""A choice is firm that is made in so large a part of resamples, and of random subsets."""

WEAK = 1 / 3
"""It is weak if it is made in less of either, and fair otherwise."""

_EXPLAINED = """\
Σ_ijk holds i moments over the elements of the j moments over each one's LAEDs (over all atoms for
j = 0), unweighted (k = 0), weighted by element (1) or both (2); Σ_0j0 keeps the elements apart. In
Python: `gmd.GlobalDescriptor("{sigma}")`.
"""


def sentences(document: Mapping[str, Any]) -> tuple[str, str, str]:
    """What a reader in a hurry should know.

    Parameters
    ----------
    document : mapping
        As ``recommendation.json`` holds it.

    Returns
    -------
    tuple of str
        Which descriptor; how complex it is and what it loses, with intervals; how certain the
        choice is.
    """
    n = document["n_structures"]
    data = f"{document['dataset']} (N = {n})"
    full, without = document["references"]
    chosen = document["recommended"]
    if chosen is None:
        n_distinct = document["n_distinct"]
        there = f"There are {n} structures"
        if n_distinct is not None:
            there = f"Of {n} structures {n_distinct} {'is' if n_distinct == 1 else 'are'} distinct"
        return (
            f"For {data} no descriptor can be recommended.",
            f"{there}, and at least {FEWEST} distinct ones are needed: mean ranks over fewer "
            f"hardly tell one descriptor from another.",
            f"Add structures, or take Σ_{full}, which leaves nothing out.",
        )
    widest = document["references"][full]["complexity"]
    sigma = f"Σ_{chosen['sigma']}"
    certain = _certainty(document, full)
    if not chosen["compressed"]:
        kept = f"keep {sigma} with its {widest} columns per LAED component"
        if chosen["sigma"] != full:
            kept = (
                f"keep everything, which is {sigma} with {_columns(chosen['complexity'])} per LAED "
                f"component: it gives the same distances as Σ_{full} with {widest}"
            )
        return (
            f"For {data} no compressed descriptor stands out against both Σ_{full} and "
            f"Σ_{without}: {kept}.",
            f"On the way to less complexity loss grows at least in proportion, both taken as "
            f"logarithms ({_knees(document)}).",
            certain,
        )
    losses = [f"{_loss(value)} to Σ_{label}" for label, value in chosen["losses"].items()]
    cost = (
        f"It has {_columns(chosen['complexity'])} per LAED component where Σ_{full} has {widest} "
        f"({_percent(chosen['complexity'] / widest)}), at a symmetric rank information imbalance "
        f"of {' and '.join(losses)}, where 1 is no loss and {n / 2:g} the loss of everything"
    )
    brackets = " (brackets hold 95 % intervals)" if document["resamples"] else ""
    error = _energy(chosen["energy"].get("lightgbm"), full, document["energy_dataset"])
    return (
        f"For {data} the compressed descriptor to use is {sigma}.",
        f"{cost}{error}{brackets}.",
        certain,
    )


def page(document: Mapping[str, Any]) -> str:
    """The sentences as a page in Markdown, remarks, how to read the name, and the columns."""
    chosen = document["recommended"]
    explained = "" if chosen is None else "\n" + _EXPLAINED.format(sigma=chosen["sigma"])
    remarks = "".join(f"\n{remark}\n" for remark in document.get("remarks", ()))
    text = f"# Which descriptor to use\n\n{' '.join(sentences(document))}\n{remarks}{explained}"
    told = columns_told(document)
    return f"{text}\n## What loses nothing\n\n{' '.join(told)}\n" if told else text


def columns_told(document: Mapping[str, Any]) -> list[str]:
    """Sentences about constant columns, identical descriptors and what loses nothing.

    Parameters
    ----------
    document : mapping
        As ``recommendation.json`` holds it.

    Returns
    -------
    list of str
        None where the columns were not examined.
    """
    columns, chosen = document["columns"], document["recommended"]
    if columns is None:
        return []
    full, block = next(iter(document["references"].items()))
    told = []
    if columns["n_constant"]:
        told.append(
            f"Of the {columns['n_columns']} columns of Σ_{full}, {columns['n_constant']} are "
            f"constant over these structures and carry no information: per LAED component "
            f"{columns['effective_complexity']:.3g} of {block['complexity']} columns vary."
        )
    others = [] if chosen is None else [s for s in chosen["identical"] if s != chosen["sigma"]]
    if others:
        told.append(
            f"Σ_{chosen['sigma']} is the smallest of {len(others) + 1} descriptors with the same "
            f"distances, by their columns and not only by their imbalances; the "
            f"{'other is' if len(others) == 1 else 'others are'} {_listed(others)}."
        )
    distances, neighbours = (columns["lossless"][k] for k in ("same_distances", "same_neighbours"))
    if distances["sigma"] == full:
        told.append(f"No smaller descriptor gives the same distances as Σ_{full}.")
    else:
        told.append(
            f"The smallest descriptor with the same distances as Σ_{full} is {_named(distances)}."
        )
    if neighbours is None:
        told.append("Which ones find the same neighbours was not examined: more than one counts.")
    elif neighbours["sigma"] == distances["sigma"]:
        told.append("No smaller one finds the same nearest neighbour of every structure.")
    else:
        told.append(
            f"The smallest one that finds the same nearest neighbour of every structure is "
            f"{_named(neighbours)}: its imbalances to and from Σ_{full} are exactly 1. That was "
            f"measured on these structures, and may not be true of others."
        )
    return told


def verdict(shares: Sequence[float]) -> str:
    """One word for how often the same choice is made, of each way of asking again."""
    if min(shares) >= FIRM:
        return "firm"
    return "weak" if min(shares) < WEAK else "fair"


def _certainty(document: Mapping[str, Any], full: str) -> str:
    chosen = document["recommended"]
    tests = []
    shares = []
    if chosen["frequency"] is not None:
        shares.append(chosen["frequency"])
        others = [
            f"Σ_{other['sigma']} in {_percent(other['frequency'])}"
            for other in chosen["others"][:2]
            if other["frequency"] >= 0.005  # what is not rounded to nothing
        ]
        rest = f" ({' and '.join(others)})" if others else ""
        tests.append(
            f"in {_percent(chosen['frequency'])} of {document['resamples']} bootstrap resamples"
            f"{rest}"
        )
    subsets = chosen["subsets"]
    if subsets:
        same, repeats = (sum(trial[key] for trial in subsets) for key in ("same", "repeats"))
        shares.append(same / repeats)
        sizes = sorted({trial["size"] for trial in subsets})
        between = f"{sizes[0]} to {sizes[-1]}" if len(sizes) > 1 else f"{sizes[0]}"
        spread = [trial["complexity"] for trial in subsets if trial["complexity"] is not None]
        found = ""
        if spread:
            least, largest = (
                min(one["least"] for one in spread),
                max(one["largest"] for one in spread),
            )
            found = f" (complexities {least} to {largest})" if least < largest else ""
        tests.append(f"in {same} of {repeats} random subsets of {between} structures{found}")
    if not tests:
        return "How certain that is was not examined."
    caveat = "structures that are alike make this look more certain than it is"
    n_distinct = document["n_distinct"]
    if n_distinct is not None and n_distinct < document["n_structures"]:
        caveat += f", and {document['n_structures'] - n_distinct} are exact duplicates of others"
    return f"The choice is {verdict(shares)}: the same is made {' and '.join(tests)}; {caveat}."


def _knees(document: Mapping[str, Any]) -> str:
    words = []
    for label, block in document["references"].items():
        knee = "no knee" if block["knee"] is None else f"the knee at Σ_{block['knee']}"
        words.append(f"{knee} towards Σ_{label}")
    return ", ".join(words)


def _named(descriptor: Mapping[str, Any]) -> str:
    return f"Σ_{descriptor['sigma']} ({_columns(descriptor['complexity'])} per LAED component)"


def _listed(labels: Sequence[str]) -> str:
    words = [f"Σ_{label}" for label in labels]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _columns(complexity: int) -> str:
    return f"{complexity} column" if complexity == 1 else f"{complexity} columns"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _loss(value: Mapping[str, Any], unit: str = "", scale: float = 1.0) -> str:
    words = f"{value['loss'] * scale:.3g}{unit}"
    if value["interval"] is None:
        return words
    low, high = value["interval"]
    return f"{words} ({low * scale:.3g} to {high * scale:.3g})"


def _energy(errors: Mapping[str, Any] | None, full: str, dataset: str | None) -> str:
    """How well energies are predicted, where that is known of the descriptor."""
    if errors is None or errors["recommended"] is None:
        return ""
    words = f", and its error of energies ({dataset}) is "
    words += _loss(errors["recommended"], " meV/atom", MILLI)
    if errors["full"] is not None:
        words += f", that of Σ_{full} {_loss(errors['full'], ' meV/atom', MILLI)}"
    return words
