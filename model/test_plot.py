import json
from xml.etree import ElementTree

import pytest

from plot import curves, svg, ticks

LOG = "\n".join(
    json.dumps(row)
    for row in [
        {"step": 60, "tokens": 500_000, "train": 9.0, "valid": {"played": 8.5, "scores": 6.0}},
        {"step": 120, "tokens": 1_000_000, "train": 8.0, "valid": {"played": 7.5, "scores": 5.5}},
        {"step": 120, "parameters": 7, "valid": {"natsPerToken": 1}},
    ]
)


def test_curves_are_read_by_name_and_other_lines_passed_over():
    assert curves(LOG) == {
        "train": [(0.5, 9.0), (1.0, 8.0)],
        "valid played": [(0.5, 8.5), (1.0, 7.5)],
        "valid scores": [(0.5, 6.0), (1.0, 5.5)],
    }
    assert curves('{"tokens": 2000000, "train": 1, "valid": 0.5}') == {"train": [(2, 1)], "valid": [(2, 0.5)]}


def test_slots_are_curves_and_what_was_before_the_first_step_is_measured_alone():
    valid = {"all": 2.1, "slots": [0.1, 1.4, 0.6], "mutopia": 2.1}
    rows = [{"step": 0, "tokens": 16_000_000, "valid": valid}, {"step": 9, "tokens": 17_000_000, "train": 2.0, "valid": valid}]
    found = curves("\n".join(map(json.dumps, rows)))
    assert found["train"] == [(17, 2.0)]
    assert found["valid pitch"] == [(16, 1.4), (17, 1.4)]
    assert set(found) == {"train", *(f"valid {name}" for name in ("all", "mutopia", "place", "pitch", "length"))}


def test_a_training_that_goes_on_is_not_drawn_at_the_edge():
    drawn = svg({"valid": [(16.0, 2.1), (17.0, 2.0)]})
    left, right = (float(p.split(",")[0]) for p in ElementTree.fromstring(drawn).find("{*}polyline").attrib["points"].split())
    assert left < 100 and right - left > 500


def test_a_line_that_is_not_json_is_named():
    with pytest.raises(ValueError, match="line 4 is not JSON"):
        curves(LOG + "\nTraceback")


def test_nothing_to_draw_is_said():
    with pytest.raises(ValueError, match="nothing to draw"):
        svg(curves(""))


def test_ticks_are_round_and_enclose():
    assert ticks(0, 9.8) == [0, 2, 4, 6, 8, 10]
    assert ticks(7.21, 7.93) == [7.2, 7.4, 7.6, 7.8, 8.0]
    assert ticks(5, 5)[0] <= 5 <= ticks(5, 5)[-1]


def test_lower_loss_is_drawn_lower_and_the_last_figure_is_written():
    root = ElementTree.fromstring(svg(curves(LOG)))
    lines = root.findall("{*}polyline")
    assert len(lines) == 3
    for line in lines:
        (x1, y1), (x2, y2) = (map(float, p.split(",")) for p in line.attrib["points"].split())
        assert x2 > x1 and y2 > y1  # SVG counts downwards
    words = [t.text for t in root.findall("{*}text")]
    assert "valid played: 7.500" in words and "million tokens" in words
