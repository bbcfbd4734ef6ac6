import json
import math

import numpy as np
import pytest
import torch

from data import IGNORE
from jsb import MIDDLE, SILENCE, START, Training, arguments, measure, ranges, read, transposed, whole, window


@pytest.fixture(scope="session")
def chorales(tmp_path_factory):
    """Made-up pieces: a chord held for four frames, moved by a step; a higher soprano and a silent bass once."""
    rng, splits = np.random.default_rng(1), {}
    for split, count in (("train", 6), ("valid", 2), ("test", 2)):
        splits[split] = []
        for _ in range(count):
            roots = 60 + np.cumsum(rng.integers(-1, 2, 20)).clip(-3, 3)
            frames = np.repeat(roots, 4)[:, None] + [12, 7, 4, -12]
            frames[40:44, 0] += rng.integers(0, 4)
            frames[8:12, 3] = -1
            splits[split].append(frames.tolist())
    path = tmp_path_factory.mktemp("jsb") / "chorales.json"
    path.write_text(json.dumps(splits))
    return path


def tiny(chorales, out, *more: str) -> Training:
    sizes = "--width 32 --layers 1 --heads 1 --feed-forward 32 --context 128 --steps 30 --eval-every 10".split()
    return Training(arguments(["--chorales", str(chorales), "--out", str(out), *sizes, *more]))


def test_pieces_are_read_as_ids_and_silence_has_its_own(chorales):
    first = json.loads(chorales.read_text())["train"][0]
    piece = read(chorales)["train"][0]
    assert piece.shape == (80, 4) and (piece[8:12, 3] == SILENCE).all()
    assert piece[0].tolist() == [p - 36 for p in first[0]]


def test_other_frames_are_refused_by_name(tmp_path):
    (tmp_path / "bad.json").write_text('{"train": [[[60, 50, 40, 36]], [[60, 50, 40, 12]]]}')
    with pytest.raises(ValueError, match="piece 1 of train"):
        read(tmp_path / "bad.json")


def test_what_is_not_there_is_named(chorales, tmp_path):
    with pytest.raises(SystemExit, match="there is no nowhere.json: .*JSB-Chorales"):
        read("nowhere.json")
    with pytest.raises(SystemExit, match="there is no checkpoint .*checkpoint.pt"):
        tiny(chorales, tmp_path).load()


def test_a_transposition_moves_all_voices_alike_and_none_out_of_its_range(chorales):
    pieces = read(chorales)["train"]
    bounds, rng, shifts = ranges(pieces), np.random.default_rng(3), set()
    for piece in pieces * 20:
        moved = transposed(piece, bounds, rng)
        sung = piece != SILENCE
        assert ((moved == SILENCE) == ~sung).all()
        shift = set((moved - piece)[sung].tolist())
        assert len(shift) == 1
        shifts |= shift
        low, high = ranges([moved])
        assert (low >= bounds[0]).all() and (high <= bounds[1]).all()
    assert 0 in shifts and len(shifts) > 2


def test_a_window_asks_for_each_token_from_those_before_it():
    piece = np.arange(40).reshape(10, 4)
    ids, places, targets = window(piece, 0, 16)
    assert ids.tolist() == [START, *range(15)] and targets.tolist() == list(range(16))
    assert places.tolist() == list(range(16))
    ids, places, targets = window(piece, 6, 16, counted_from=8)
    assert ids[0] == MIDDLE and ids[1] == 24 and places[0] == 24
    assert targets.tolist() == [IGNORE] * 8 + list(range(32, 40))
    ids, _, targets = window(piece, 8, 16)
    assert targets.tolist() == [*range(32, 40)] + [IGNORE] * 8


@pytest.mark.parametrize("frames", [20, 32, 33, 80, 101])
def test_over_a_whole_piece_every_token_is_asked_for_once(frames):
    piece = np.arange(4 * frames).reshape(frames, 4)
    asked = np.concatenate([targets[targets != IGNORE] for _, _, targets in whole(piece, 128)])
    assert asked.tolist() == list(range(4 * frames))


def test_a_network_that_knows_nothing_costs_the_logarithm_of_the_choices(chorales, tmp_path):
    training = tiny(chorales, tmp_path)
    torch.nn.init.zeros_(training.model.decoder.embedding.weight)
    assert measure(training.model, training.splits["test"], 128) == pytest.approx(math.log(47), abs=1e-5)


def test_the_future_is_not_seen(chorales, tmp_path):
    model = tiny(chorales, tmp_path).model.eval()
    for p in model.parameters():
        torch.nn.init.normal_(p, std=0.2)
    ids = torch.randint(0, 47, (1, 40))
    changed = ids.clone()
    changed[0, 30:] = 3
    places = torch.arange(40)[None]
    with torch.no_grad():
        assert torch.allclose(model(ids, places)[:, :30], model(changed, places)[:, :30], atol=1e-5)


def test_resumed_equals_uninterrupted_dropout_included(chorales, tmp_path):
    whole_run = tiny(chorales, tmp_path / "whole")
    whole_run.run()
    tiny(chorales, tmp_path / "cut", "--stop-at", "13").run()
    cut = tiny(chorales, tmp_path / "cut", "--resume")
    cut.load()
    assert cut.step == 13
    cut.run()
    for a, b in zip(whole_run.ema.parameters(), cut.ema.parameters()):
        assert torch.equal(a, b)
    assert whole_run.tokens == cut.tokens


def test_it_learns_and_reports_the_best_weights(chorales, tmp_path):
    training = tiny(chorales, tmp_path, "--steps", "120")
    before = measure(training.ema, training.splits["valid"], 128)
    training.run()
    figures = training.figures()
    assert figures["valid"]["natsPerToken"] == round(training.best["valid"], 4) < before / 2
    assert figures["test"]["natsPerFrame"] == pytest.approx(4 * figures["test"]["natsPerToken"], abs=3e-4)
