"""What the figures on compressed power spectra show."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Circle, Polygon

from gmd.compression import SIDES
from gmd.figures import conditioning, slices, triangles
from gmd.figures.style import BLUE


def patches(ax, kind):
    return [one for one in ax.patches if isinstance(one, kind)]


def texts(ax):
    return [text.get_text() for text in ax.texts]


def colours(ax):
    """Of the two neighbours of each triangle, in the order in which they are drawn."""
    drawn = [to_hex(line.get_color()) for line in ax.lines]
    return [tuple(drawn[start + 1 : start + 3]) for start in range(0, len(drawn), 3)]


def test_ten_members_with_their_lengths() -> None:
    figure = triangles.draw(caption="all")
    members = triangles.kernel_members()
    assert len(members) == 10
    panels = {ax.get_title(): ax for ax in figure.axes if ax.get_title()}
    assert len(panels) == 10
    for (left, right), one in members.items():
        ax = panels[f"${one.label}$"]
        assert texts(ax) == [f"${one.length}$"]
        n_projected = SIDES[left].projected + SIDES[right].projected
        # either neighbour may be the one that is moved
        n_triangles = 2 if n_projected == 1 else 1
        assert len(patches(ax, Polygon)) == n_triangles
        assert len(patches(ax, Circle)) == (n_triangles if n_projected else 0)
    assert panels[r"$\nu, \hat{\nu} = 1, 1$"].texts[0].get_text() == "$NS^2(L+1)$"
    assert figure.get_suptitle() == "all"


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        (r"\nu = 2", [(BLUE, triangles.RED)]),
        (r"\nu, \mu = 1, 1", [(BLUE, triangles.AGNOSTIC)]),
        (r"\mu = 2", [(triangles.AGNOSTIC, triangles.AGNOSTIC)]),
        (r"\nu, \hat{\nu} = 1, 1", [(BLUE, triangles.RED)] * 2),
        (
            r"\nu, \hat{\mu} = 1, 1",
            [(BLUE, triangles.AGNOSTIC), (triangles.AGNOSTIC, triangles.RED)],
        ),
    ],
)
def test_colours_tell_which_vertices_know_their_element(label, expected) -> None:
    figure = triangles.draw()
    (ax,) = (ax for ax in figure.axes if ax.get_title() == f"${label}$")
    assert colours(ax) == [tuple(map(to_hex, pair)) for pair in expected]


def test_projected_vertices_lie_on_the_sphere() -> None:
    for triangle in triangles.triangles(SIDES["nu"], SIDES["mu_hat"]):
        assert sorted(vertex.projected for vertex in triangle) == [False, True]
        for number, vertex in enumerate(triangle):
            neighbour = triangles.NEIGHBOURS[number]
            length = np.linalg.norm(neighbour)
            expected = neighbour / length if vertex.projected else neighbour
            np.testing.assert_allclose(vertex.place, expected)
            assert abs(length - 1) > 0.3


def matrices(sizes):
    """Matrices of which so many entries are stored."""
    found = []
    for size in sizes:
        one = np.full(16, np.nan)
        one[:size] = np.linspace(-2, 1, size)
        found.append(one.reshape(4, 4))
    return found


def test_stored_entries_are_counted() -> None:
    figure = slices.draw(
        {"P_l": matrices([10, 10]), "W^T P_l": matrices([4, 12])}, caption="one atom"
    )
    assert [ax.get_xlabel() for ax in figure.axes] == ["10", "10", "4", "12"]
    assert [ax.get_title() for ax in figure.axes] == ["$l = 0$", "$l = 1$"] * 2
    written = [text for ax in figure.axes for text in texts(ax)]
    assert written == ["$P_l$", "length 20", "$W^T P_l$", "length 16"]
    (image,) = figure.axes[2].images
    shown = np.ma.filled(image.get_array(), np.nan)
    assert np.isfinite(shown).sum() == 4
    assert shown[0, 0] == -1
    assert shown[0, -1] == pytest.approx(0.5**0.5)
    assert figure.get_suptitle() == "one atom"


def test_compressions_need_the_same_degrees() -> None:
    with pytest.raises(ValueError, match=r"\[1, 2\] matrices"):
        slices.draw({"a": matrices([3, 3]), "b": matrices([3])}, caption="")


def made_errors(n=200):
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "compression": np.repeat(["WTP", "QTPQ"], n),
            "extra_columns": np.tile(np.repeat([0, 2], n // 2), 2),
            "seed": 0,
            "atom": np.tile(np.arange(n // 2), 4),
            "error": 10.0 ** rng.uniform(-15, -8, 2 * n),
        }
    )


def test_every_error_is_a_dot_and_bars_are_quantiles() -> None:
    errors = made_errors()
    errors.loc[0, "error"] = 0.0
    figure = conditioning.draw(errors, caption="16 atoms")
    assert len(figure.axes) == 2
    for ax, name in zip(figure.axes, ("WTP", "QTPQ"), strict=True):
        assert conditioning.TITLES[name] in ax.get_title(loc="left")
        assert ax.get_yscale() == "log"
        assert [tick.get_text() for tick in ax.get_xticklabels()] == ["0", "2"]
        dots = [line for line in ax.lines if line.get_linestyle() == "None"]
        bars = [line.get_ydata()[0] for line in ax.lines if len(line.get_ydata()) == 2]
        for place, number in enumerate((0, 2)):
            values = errors.loc[
                (errors["compression"] == name) & (errors["extra_columns"] == number), "error"
            ]
            drawn = dots[place].get_ydata()
            floor = conditioning.EPSILON / 100
            np.testing.assert_array_equal(drawn, np.maximum(values, floor))
            assert np.abs(dots[place].get_xdata() - place).max() < 0.5
            assert bars[2 * place : 2 * place + 2] == [
                pytest.approx(np.quantile(drawn, 0.5)),
                pytest.approx(np.quantile(drawn, 0.99)),
            ]
    assert "relative error" in figure.axes[0].get_ylabel()
    assert "2l + 1" in figure.axes[0].get_xlabel()


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (made_errors().drop(columns="seed"), "errors: no seed"),
        (made_errors().iloc[:0], "errors: no rows"),
    ],
)
def test_frames_that_lack_something_are_refused(frame, message) -> None:
    with pytest.raises(ValueError, match=message):
        conditioning.draw(frame, caption="")
