import matplotlib as mpl
import pytest

from gmd.figures import fig_b2, save


@pytest.fixture
def figure(small_run):
    return fig_b2.draw(small_run.ranking, caption="random")


def test_same_figure_same_bytes_and_no_date(small_run, figure, tmp_path):
    again = fig_b2.draw(small_run.ranking, caption="random")
    first = save(figure, tmp_path / "one" / "fig_b2")
    second = save(again, tmp_path / "two" / "fig_b2")
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()
    assert b"dc:date" not in first[0].read_bytes()


def test_two_files_and_nothing_else(figure, tmp_path):
    svg, png = save(figure, tmp_path / "a.b" / "fig_b2")
    assert sorted(p.name for p in (tmp_path / "a.b").iterdir()) == ["fig_b2.png", "fig_b2.svg"]
    assert png.read_bytes().startswith(b"\x89PNG")
    assert svg.read_text().rstrip().endswith("</svg>")


def test_failure_leaves_no_file(figure, tmp_path, monkeypatch):
    def broken(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(figure, "savefig", broken)
    with pytest.raises(OSError, match="disk full"):
        save(figure, tmp_path / "fig_b2")
    assert list(tmp_path.iterdir()) == []


def test_readers_settings_neither_matter_nor_change(small_run, figure, tmp_path):
    expected = save(figure, tmp_path / "one")[1].read_bytes()
    with mpl.rc_context({"font.size": 20, "axes.facecolor": "black"}):
        before = dict(mpl.rcParams)
        found = fig_b2.draw(small_run.ranking, caption="random")
        assert save(found, tmp_path / "two")[1].read_bytes() == expected
        assert dict(mpl.rcParams) == before
