import json
import math

import numpy as np
import pytest

from references import MORE_STEPS, compare, main, transpositions
from test_model import NOTES, folder  # noqa: F401 (a fixture)
from train import Training

TINY = "--width 32 --layers 1 --heads 2 --feed-forward 32 --context 96 --batch 2 --eval-every 1000 --device cpu".split()


def rows(out) -> list[dict]:
    return [json.loads(line) for line in (out / "figures.jsonl").read_text().splitlines()]


def test_a_piece_is_learnt_in_the_keys_that_stay_on_the_keyboard():
    layout = type("Layout", (), {"pitch": 10, "noPitch": 20})
    keys = transpositions(layout, np.array([0, 11, 30, 20, 0, 17, 25], np.uint16), 3)
    assert [k.tolist()[1::4] for k in keys] == [[10, 16], [11, 17], [12, 18], [13, 19]]
    assert all(k[[0, 2, 3, 4, 6]].tolist() == [0, 30, 20, 0, 25] for k in keys)


def test_networks_see_the_same_windows_and_each_is_measured_once(folder, tmp_path):  # noqa: F811
    names, more = ["ours", "plain", "plain:0.002", "mended"], ["--data", str(folder), *TINY]
    compare(names, 11, tmp_path, more, None)
    found = rows(tmp_path)
    assert [r["network"] for r in found] == names
    assert [r["steps"] for r in found] == [11, 13, 13, 11] and round(11 * MORE_STEPS["plain"]) == 13
    assert all(r["test"]["all"]["notes"] == NOTES for r in found)
    assert len({r["test"]["all"]["natsPerNote"] for r in found}) == 4
    compare(names, 11, tmp_path, more, None)
    assert rows(tmp_path) == found


def test_a_comparison_that_was_stopped_goes_on(folder, tmp_path, monkeypatch):  # noqa: F811
    taken, step = [], Training.train_step
    monkeypatch.setattr(Training, "train_step", lambda training: (taken.append(training.step), step(training))[1])
    more = ["--data", str(folder), *TINY]
    with pytest.raises(SystemExit, match="interrupted at step 4 of ours"):
        compare(["ours"], 9, tmp_path / "cut", [*more, "--stop-at", "4"], None)
    compare(["ours"], 9, tmp_path / "cut", more, None)
    assert taken == list(range(9))
    compare(["ours"], 9, tmp_path / "whole", more, None)
    (cut,), (whole,) = rows(tmp_path / "cut"), rows(tmp_path / "whole")
    assert cut["steps"] == 9 and cut["test"] == whole["test"]


def test_the_n_gram_is_measured_over_the_same_notes(folder, capsys):  # noqa: F811
    main(["--data", str(folder), "n-gram", "--order", "3", "--transpose", "2"])
    figures = json.loads(capsys.readouterr().out)
    assert figures["test"]["all"]["notes"] == NOTES
    # The made-up pieces have few choices: far below one of 386 × 89 × 73.
    assert figures["test"]["all"]["natsPerNote"] < 0.6 * math.log(386 * 89 * 73)


def test_options_of_training_are_none_of_the_n_gram(folder):  # noqa: F811
    with pytest.raises(SystemExit):
        main(["--data", str(folder), "n-gram", "--context", "96"])
