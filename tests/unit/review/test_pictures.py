"""Frames, lines and labels of maps."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from startex.geography.geodesy import inverse
from startex.review.distances import Moves, moves
from startex.review.frames import Frame, _farthest_m, draw_lines, fit, nice
from startex.review.labels import Labels
from startex.review.record import Record
from startex.review.routes import lines_in, representatives
from startex.review.style import canvas, styled, to_svg
from startex.review.words import duration_text, listing, offset_text, span_text

WIDTH = 700.0


def framed(lat: list[float], lon: list[float]) -> Frame:
    return fit(np.array(lat), np.array(lon), width=WIDTH, margin=0.1, least_m=1_000.0)


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        ([40.0, 50.0], [130.0, 145.0]),
        ([50.0, 60.0], [170.0, 190.0]),  # over the date line
        ([52.0, 56.0], [178.0, -178.0]),
        ([-1.0, 1.0], [179.0, 181.0]),
        ([12.0, 65.0], [-86.0, 130.0]),  # half the Earth
    ],
)
def test_frame_shows_all_its_points(lat, lon):
    frame = framed(lat, lon)
    x, y = frame.xy(np.array(lat), np.array(lon))
    assert frame.inside(x, y).all()
    assert 0.3 * WIDTH < frame.height < 1.2 * WIDTH
    west, south, east, north = frame.box()
    assert west < east and south <= min(lat) and north >= max(lat)


def test_frame_over_the_date_line_is_narrow():
    frame = fit(
        np.array([52.0, 54.0]), np.array([179.0, -179.0]), width=WIDTH, margin=0.1, least_m=1.0
    )
    assert frame.x1 - frame.x0 < 400_000.0


@pytest.fixture(scope="module")
def run(small) -> tuple[Record, Moves]:
    record = Record(small.folder)
    return record, moves(record)


def test_one_platform_stands_for_its_unit_and_mode(run):
    record, moved = run
    legs = representatives(record, moved).leg
    units = record.unit[moved.entity[legs]]
    for mode in ("road", "sea", "air"):
        of_mode = (moved.mode == mode)[legs]
        for unit in np.unique(units[of_mode]):
            assert np.unique(moved.entity[legs][of_mode & (units == unit)]).size == 1
    # of the squadron it is the aircraft that flew farther, 3.2 degrees against 2
    air = legs[(moved.mode == "air")[legs]]
    assert moved.length_m[air].sum() == pytest.approx(3.2 * 111_319.490793, rel=1e-9)


def test_lines_over_the_date_line_are_one_piece(run):
    record, moved = run
    frame = fit(
        np.array([-0.5, 0.5]), np.array([179.0, 180.5]), width=WIDTH, margin=0.1, least_m=1.0
    )
    road = np.flatnonzero(moved.mode == "road")[:1]
    (line,) = lines_in(record, moved, road, frame)
    assert np.ptp(line[:, 0]) == pytest.approx(1.5 * 111_319.5, rel=0.01)


def test_same_way_is_drawn_once(run):
    record, moved = run
    frame = fit(
        np.array([-0.5, 0.5]), np.array([179.0, 180.5]), width=WIDTH, margin=0.1, least_m=1.0
    )
    road = np.flatnonzero(moved.mode == "road")
    assert road.size == 3
    assert len(lines_in(record, moved, road, frame)) == 1


def test_names_do_not_overlap_and_stay_inside():
    labels = Labels(200.0, 100.0)
    spots = [labels.place("A name", 100.0, 50.0, 8.0, 5.0) for _ in range(30)]
    assert spots[0] is not None and None in spots
    boxes = labels.taken
    for i, (a, b, c, d) in enumerate(boxes):
        assert a >= 0 and b >= 0 and c <= 200 and d <= 100
        assert all(c <= e or a >= g or d <= f or b >= h for e, f, g, h in boxes[i + 1 :])


def test_svg_has_own_ids_and_no_dates():
    def draw(name: str) -> str:
        with styled():
            axes = canvas(100, 50, (5, 5, 5, 5))
            axes.scatter([1, 2], [1, 2])
            axes.plot([0, 1], [0, 1], clip_on=True)
            return to_svg(axes, name, "A <title>", "text & more")

    one, two = draw("one"), draw("two")
    assert one.replace("one-", "two-") == two
    assert "A &lt;title&gt;" in one and "text &amp; more" in one
    assert "http" not in one and "<style" not in one and "metadata" not in one


def test_lines_of_one_style_are_one_path_and_all_of_them():
    lines = [np.array([[10.0 * i, 5.0], [10.0 * i + 4.0, 9.0], [10.0 * i, 40.0]]) for i in range(9)]
    with styled():
        axes = canvas(100, 50, (0, 0, 0, 0))
        axes.set_xlim(0, 100)
        axes.set_ylim(0, 50)
        draw_lines(axes, lines, color="#ff0000", linewidth=0.5)
        draw_lines(axes, [], color="#00ff00")
        svg = to_svg(axes, "one", "Lines", "Nine lines.")
    assert "#00ff00" not in svg
    (path,) = [found for found in re.findall("<path[^>]*>", svg) if "#ff0000" in found]
    pieces = re.search(' d="([^"]*)"', path)[1].split("M")[1:]
    drawn = [[float(x) for x in re.findall(r"[\d.]+", piece)] for piece in pieces]
    for line, points in zip(lines, drawn, strict=True):
        assert points == pytest.approx(np.column_stack([line[:, 0], 50 - line[:, 1]]).ravel())


@given(
    st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), min_size=1, max_size=20),
    st.tuples(st.floats(-90, 90), st.floats(-180, 180)),
)
@example([(0.0, 179.5), (0.5, 179.7), (-0.4, 179.9)], (0.0, 0.0))  # all but antipodes
@example([(10.0, 20.0)] * 3, (10.0, 20.0))
def test_the_farthest_point_is_the_farthest_of_all_measured(points, middle):
    lat, lon = np.array(points).T
    _, away = inverse(*middle, lat, lon)
    assert _farthest_m(*middle, lat, lon) == away.max()


@pytest.mark.parametrize(
    ("value", "expected"), [(7.0, 5.0), (1.0, 1.0), (0.03, 0.02), (999.0, 500.0)]
)
def test_nice(value, expected):
    assert nice(value) == pytest.approx(expected)


def test_words():
    assert duration_text(40) == "40 min"
    assert duration_text(130) == "2 h 10 min"
    assert duration_text(-60) == "−1 h"
    assert duration_text(4320) == "3.0 days"
    assert listing(["a", "b", "c"]) == "a, b and c"
    assert offset_text(10.0) == "UTC+10"
    assert offset_text(-3.5) == "UTC−3:30"
    assert span_text(0, 86_400_000, 0.0) == "1 January to 2 January 1970"


def test_words_in_a_picture_keep_their_digits():
    with styled():
        axes = canvas(100.0, 50.0, (10, 5, 5, 5))
        axes.plot((0.0, 1.0), (0.123456, 0.654321))
        axes.annotate("0.125 of 3.375", (0.5, 0.5))
        svg = to_svg(axes, "digits", "Digits", "From 0.125")
    assert "0.125 of 3.375" in svg
    assert "From 0.125" in svg
    drawn = "".join(re.findall(r' d="([^"]*)"', svg))
    assert drawn and not re.search(r"\.\d\d", drawn)
