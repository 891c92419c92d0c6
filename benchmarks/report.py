"""What a benchmark found: rows, targets and checks, as JSON and as Markdown."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from benchmarks.measuring import Measurement

Kind = Literal["gmd", "peer", "floor"]


@dataclass(frozen=True)
class Row:
    """One part at one size.

    Attributes
    ----------
    group : str
        The size; ratios are taken within it.
    part : str
        What was run.
    kind : {"gmd", "peer", "floor"}
        This library, another one, or the limit that the machine sets.
    seconds : float
        Least time of the repeats, or an estimate.
    rates : dict of str to float
        The time in other units, by their names.
    warm_s, peak_mib : float or None
        Warm-up and peak memory; None where the time is an estimate.
    all_seconds : list of float
        Every repeat.
    estimated : bool
        Whether the time was scaled from smaller sizes.
    """

    group: str
    part: str
    kind: Kind
    seconds: float
    rates: dict[str, float] = field(default_factory=dict)
    warm_s: float | None = None
    peak_mib: float | None = None
    all_seconds: list[float] = field(default_factory=list)
    estimated: bool = False


def measured_row(
    group: str, part: str, kind: Kind, measured: Measurement, scales: Mapping[str, float]
) -> Row:
    """Row of a measurement; `scales` are factors from seconds to each rate."""
    return Row(
        group,
        part,
        kind,
        measured.seconds,
        {unit: scale * measured.seconds for unit, scale in scales.items()},
        measured.warm_s,
        measured.peak_mib,
        measured.all_seconds,
    )


def estimated_row(
    group: str, part: str, kind: Kind, seconds: float, scales: Mapping[str, float]
) -> Row:
    """Row of a time that was scaled from smaller sizes."""
    rates = {unit: scale * seconds for unit, scale in scales.items()}
    return Row(group, part, kind, seconds, rates, estimated=True)


@dataclass(frozen=True)
class Target:
    """A value that should be reached."""

    what: str
    value: float
    bound: float
    sense: Literal["<=", ">="]
    unit: str = ""

    @property
    def met(self) -> bool:
        """Whether it is."""
        return self.value <= self.bound if self.sense == "<=" else self.value >= self.bound


@dataclass(frozen=True)
class Check:
    """A number that two implementations must agree on."""

    what: str
    difference: float
    tolerance: float

    @property
    def passed(self) -> bool:
        """Whether they do; not a number is no agreement."""
        return self.difference <= self.tolerance


@dataclass
class Report:
    """All that one benchmark found.

    Attributes
    ----------
    title, data : str
        What was measured, and on what.
    notes : list of str
        How to read the rows.
    rows, targets, checks : list
        What was found.
    raw : dict
        Other numbers behind it.
    """

    title: str
    data: str
    notes: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    raw: dict[str, Any] = field(default_factory=dict)

    def row(self, group: str, part: str) -> Row:
        """The row of a part at a size."""
        return next(row for row in self.rows if (row.group, row.part) == (group, part))

    def as_json(self) -> dict[str, Any]:
        """Everything, with the verdicts."""
        found = asdict(self)
        for target, entry in zip(self.targets, found["targets"], strict=True):
            entry["met"] = target.met
        for check, entry in zip(self.checks, found["checks"], strict=True):
            entry["passed"] = check.passed
        return found


def from_json(entry: Mapping[str, Any]) -> Report:
    """The report that :meth:`Report.as_json` wrote."""

    def without(items: Iterable[Mapping[str, Any]], verdict: str) -> list[dict[str, Any]]:
        return [{k: v for k, v in item.items() if k != verdict} for item in items]

    return Report(
        entry["title"],
        entry["data"],
        list(entry["notes"]),
        [Row(**row) for row in entry["rows"]],
        [Target(**target) for target in without(entry["targets"], "met")],
        [Check(**check) for check in without(entry["checks"], "passed")],
        dict(entry["raw"]),
    )


def power_law(sizes: Sequence[float], times: Sequence[float]) -> tuple[float, float]:
    """Factor a and exponent b of the least-squares line through log times, time = a size^b."""
    xs, ys = [math.log(s) for s in sizes], [math.log(t) for t in times]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    slope /= sum((x - mean_x) ** 2 for x in xs)
    return math.exp(mean_y - slope * mean_x), slope


def short(value: float) -> str:
    """Three significant digits without an exponent where it can be."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    if abs(value) >= 99.95:
        return f"{value:,.0f}".replace(",", " ")
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:.{digits}f}" if digits <= 6 else f"{value:.2e}"


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table, its first column to the left and the others to the right."""
    lines = [list(header), ["---"] + ["---:"] * (len(header) - 1), *map(list, rows)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def rows_table(rows: Sequence[Row]) -> str:
    """All rows, with the ratios to this library and to the floor of the same size."""
    units = list(dict.fromkeys(unit for row in rows for unit in row.rates))
    ours: dict[str, float] = {}
    floors: dict[str, float] = {}
    for row in rows:
        first = {"gmd": ours, "floor": floors}.get(row.kind)
        if first is not None:
            first.setdefault(row.group, row.seconds)
    with_floor = bool(floors)
    header = ["size", "part", "time, s", *units, "× gmd"]
    header += ["× floor"] if with_floor else []
    header += ["peak memory, MiB", "warm-up, s"]
    lines = []
    group = None
    for row in rows:
        cells = [row.group if row.group != group else "", row.part]
        cells.append(short(row.seconds) + (" (estimate)" if row.estimated else ""))
        cells += [short(row.rates[unit]) if unit in row.rates else "–" for unit in units]
        cells.append(_ratio(row, ours))
        cells += [_ratio(row, floors)] if with_floor else []
        cells.append("–" if row.peak_mib is None else f"{row.peak_mib:.0f}")
        cells.append("–" if row.warm_s is None else short(row.warm_s))
        lines.append(cells)
        group = row.group
    return markdown_table(header, lines)


def _ratio(row: Row, reference: Mapping[str, float]) -> str:
    return short(row.seconds / reference[row.group]) if row.group in reference else "–"


_SIGNS = {"<=": "≤", ">=": "≥"}


def targets_table(targets: Sequence[Target]) -> str:
    """What should be reached and what was."""
    return markdown_table(["target", "limit", "measured", "met"], map(_cells, targets))


def summary_table(reports: Mapping[str, Report]) -> str:
    """The targets of all benchmarks."""
    return markdown_table(
        ["benchmark", "target", "limit", "measured", "met"],
        [
            [f"`{name}`", *_cells(target)]
            for name, report in reports.items()
            for target in report.targets
        ],
    )


def _cells(target: Target) -> list[str]:
    return [
        target.what,
        f"{_SIGNS[target.sense]} {short(target.bound)} {target.unit}".strip(),
        f"{short(target.value)} {target.unit}".strip(),
        "yes" if target.met else "no",
    ]


def checks_table(checks: Sequence[Check]) -> str:
    """Agreements that were checked in the same run."""
    return markdown_table(
        ["checked in the same run", "largest difference", "allowed"],
        [[check.what, f"{check.difference:.1e}", f"{check.tolerance:.0e}"] for check in checks],
    )


def markdown(report: Report, *, level: int = 2) -> str:
    """One benchmark's section."""
    parts = [f"{'#' * level} {report.title}", f"Data: {report.data}."]
    if report.notes:
        parts.append("\n".join(f"- {note}" for note in report.notes))
    parts.append(rows_table(report.rows).rstrip("\n"))
    if report.targets:
        parts.append(targets_table(report.targets).rstrip("\n"))
    if report.checks:
        parts.append(checks_table(report.checks).rstrip("\n"))
    return "\n\n".join(parts) + "\n"


def machine_text(machine: Mapping[str, Any]) -> str:
    """The machine in a few sentences."""
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    dadapy = ", ".join(f"{name} {version}" for name, version in machine["dadapy"].items())
    text = (
        f"Machine: {machine['processor']}, {machine['cores']} of "
        f"{machine['cores_of_the_machine']} cores, {machine['memory_GiB']:g} GiB of memory, "
        f"{machine['system']}. Every library had {machine['cores']} threads or processes. "
        f"Python {machine['python']}, {packages}; BLAS: {', '.join(machine['blas'])}."
    )
    return text + (f" DADApy's own environment: {dadapy}." if dadapy else "")
