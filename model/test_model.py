"""Tests in a tiny setting, on a CPU in under a minute: python -m pytest model"""

import gzip
import json
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import numpy_helper

from data import IGNORE, Corpus, Piece, Sampler, augment, prefix, room_of, window
from evaluate import windows
from export import Decoding, ablation, blank, export, session, worst_difference
from graph import LANES, build, matrices
from loss import touch_loss, window_loss
from model import Config, Decoder
from train import Training, arguments

LAYOUT = {
    "version": 2, "size": 1356, "stepMs": 10, "restMs": 2000, "delta": 0, "rest": 200, "end": 201, "pitch": 202,
    "lowestPitch": 21, "pitches": 88, "noPitch": 290, "touch": 291, "durationBins": 32,
    "durationsMs": [max(20 + 10 * i, round(2 * 400 ** (i / 31)) * 10) for i in range(32)],
    "velocityBins": 32, "velocityBinWidth": 4, "noTouch": 1315, "style": 1316,
    "styles": ["stanford-piano-rolls", "giantmidi-piano-sample", "nifc-chopin-first-editions", "nifc-polish-scores",
               "openscore-lieder", "mutopia"],
    "loudness": 1324, "flatLoudness": 1332, "density": 1333, "densityEdges": [2, 4, 6, 8, 10, 13, 17],
    "remaining": 1341, "remainingEdges": [60, 30, 10], "register": 1345, "registerEdges": [50, 55, 58, 61, 64, 67, 72],
    "noMotif": 1353, "withMotif": 1354, "seam": 1355, "hash": "0" * 64,
}  # fmt: skip
REST = [200, 290, 1315]


def piece(notes: int, seed: int) -> list[int]:
    """A made-up piece with its own rules: steady steps of 5, a scale, a few rests."""
    rng = np.random.default_rng(seed)
    tokens: list[int] = []
    for i in range(notes):
        if i % 37 == 36:
            tokens += REST
        tokens += [5 * int(rng.integers(1, 3)), 202 + 30 + (i * 2 + seed) % 24, 291 + int(rng.integers(8, 14)) * 32 + 16]
    return [*tokens, 201]


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("data")
    splits = {}
    for split, count in (("train", 6), ("valid", 3), ("test", 3)):
        pieces, shard = [], []
        for i in range(count):
            tokens = piece(60 + 50 * i, i)
            source = LAYOUT["styles"][i % 3]
            pieces.append({"file": f"{i}.mid", "source": source, "start": len(shard), "length": len(tokens),
                           "flatVelocity": i == 2})  # fmt: skip
            shard += tokens
        np.array(shard, "<u2").tofile(out / f"{split}.bin")
        splits[split] = pieces
    (out / "index.json").write_text(json.dumps({"vocabulary": LAYOUT, "splits": splits}))
    return out


def tiny(folder: Path, out: Path, *more: str) -> Training:
    sizes = ["--width", "32", "--layers", "2", "--heads", "2", "--feed-forward", "64", "--context", "96", "--batch", "4"]
    argv = ["--data", str(folder), "--out", str(out), "--device", "cpu", "--eval-every", "1000", "--steps", "60"]
    return Training(arguments([*argv, *sizes, *more]))


def random_decoder() -> Decoder:
    torch.manual_seed(3)
    model = Decoder(Config(64, 3, 2, 64, 96, 96, 1408)).eval()
    for p in model.parameters():
        torch.nn.init.normal_(p, 1.0 if p.ndim == 1 else 0.0, 0.1)
    return model


def test_overfits_one_piece(folder, tmp_path):
    training = tiny(folder, tmp_path, "--steps", "300")
    v = training.v
    ids, targets = (np.repeat(row[None], 4, 0) for row in window(v, training.corpus.splits["train"][0], 0, 96))
    flat = np.zeros(4, bool)

    class Same:
        def batch(self, step, size):
            return ids, targets, flat

    training.samplers = [Same(), Same()]
    first = training.train_step()
    for _ in range(299):
        last = training.train_step()
    assert last < first / 4


@pytest.mark.parametrize("network", ["ours", "plain", "mended"])
def test_resumed_equals_uninterrupted(folder, tmp_path, network):
    whole = tiny(folder, tmp_path / "whole", "--network", network)
    whole.run()
    tiny(folder, tmp_path / "cut", "--network", network, "--stop-at", "23").run()
    cut = tiny(folder, tmp_path / "cut", "--network", network, "--resume")
    cut.load()
    assert cut.step == 23
    cut.run()
    for name in ("model", "ema"):
        for a, b in zip(getattr(whole, name).parameters(), getattr(cut, name).parameters()):
            assert torch.equal(a, b)


def test_the_graph_says_what_torch_says(tmp_path):
    model = random_decoder()
    onnx.save(build(model), tmp_path / "m.onnx")
    tokens = np.random.default_rng(1).integers(0, 1341, 60)
    assert worst_difference(model, tmp_path / "m.onnx", tokens) < 1e-4


def decoding(folder, model, int8=()):
    onnx.save(build(model, int8=int8), folder / "m.onnx")
    return Decoding(session(folder / "m.onnx"), 3, 64)


def test_int8_is_near_and_serves_an_empty_cache(tmp_path):
    model = random_decoder()
    tokens = np.random.default_rng(1).integers(0, 1341, 20)
    f32, int8 = (decoding(tmp_path, model, some).append(tokens)[0] for some in ((), matrices(model.config)))
    assert np.corrcoef(f32, int8)[0, 1] > 0.99


def test_int8_keeps_its_precision_beside_one_huge_row(tmp_path):
    """One scale for all rows of `down`'s input would leave the others a few steps out of 255."""
    model = random_decoder()
    with torch.no_grad():
        first = model.blocks[0]
        first.gate.weight[0] = first.up.weight[0] = 2 * model.embedding.weight[7]  # token 7 makes this channel huge
        first.down.weight[:, 0] *= 0.01
    down = [name for name in matrices(model.config) if name.startswith("fed")]
    tokens = np.random.default_rng(1).integers(8, 1341, 20)
    error = {}
    for token in (7, 8):
        tokens[0] = token
        f32, int8 = (decoding(tmp_path, model, some).append(tokens)[0] for some in ((), down))
        error[token] = np.abs(f32 - int8).mean() / f32.std()
    assert error[7] < 3 * error[8] < 0.03


@pytest.mark.parametrize("int8", [False, True])
def test_what_a_lane_says_does_not_depend_on_the_others(tmp_path, int8):
    model, rng = random_decoder(), np.random.default_rng(1)
    some = matrices(model.config) if int8 else ()
    first, then = ([rng.integers(0, 1341, n) for n in counts] for counts in ((40, 1, 17), (1, 6, 2)))
    together = decoding(tmp_path, model, some)
    heard = [together.append(*first), together.append(*then)]
    for lane in range(3):
        alone = decoding(tmp_path, model, some)
        for tokens, logits in zip((first[lane], then[lane]), heard):
            assert np.array_equal(alone.append(tokens)[0], logits[lane])


def test_int8_is_every_product_that_is_asked_for_and_no_other():
    model = random_decoder()
    names = matrices(model.config)
    for some in (names, names[:2], []):
        assert sum(node.op_type == "MatMulInteger" for node in build(model, int8=some).graph.node) == len(some)
    with pytest.raises(ValueError, match="no products"):
        build(model, int8=["logits_rows"])


def test_ablation_names_every_matrix(folder, tmp_path):
    tiny(folder, tmp_path, "--stop-at", "2").run()
    costs = ablation(tmp_path / "checkpoint.pt", folder, 2)
    kinds = ["qkv", "attended", "wide", "fed"]
    assert sorted(costs) == sorted(["all", "logits", *(f"{kind}_{i}" for kind in kinds for i in range(2))])
    assert all(abs(cost) < 0.02 for cost in costs.values())


def test_the_blank_graph_is_that_of_the_sizes_without_what_was_learnt(folder, tmp_path):
    training = tiny(folder, tmp_path, "--stop-at", "2")
    training.run()
    told = blank(tmp_path / "checkpoint.pt", tmp_path / "blank.onnx.gz")
    packed = (tmp_path / "blank.onnx.gz").read_bytes()
    assert told["packed"] == len(packed) < told["bytes"] / 20
    graph = onnx.load_from_string(gzip.decompress(packed))
    assert {c.name: list(c.dims) for c in graph.graph.initializer} == {
        c.name: list(c.dims) for c in build(training.model).graph.initializer
    }
    learnt = [numpy_helper.to_array(c) for c in graph.graph.initializer if c.name.endswith("_weight")]
    assert len(learnt) == len(matrices(training.model.config)) and all((weight == weight.flat[0]).all() for weight in learnt)


def test_torch_cache_equals_no_cache():
    model = random_decoder()
    ids = torch.randint(0, 1341, (1, 30))
    with torch.no_grad():
        whole, _ = model(ids)
        _, rows = model(ids[:, :20])
        rest, _ = model(ids[:, 20:], rows)
    assert torch.allclose(whole[:, 20:], rest, atol=1e-4)


def test_the_future_is_not_seen():
    model = random_decoder()
    ids = torch.randint(0, 1341, (1, 30))
    changed = ids.clone()
    changed[0, 20:] = 7
    with torch.no_grad():
        assert torch.allclose(model(ids)[0][:, :20], model(changed)[0][:, :20], atol=1e-5)


def test_export_writes_a_record_of_the_file(folder, tmp_path):
    training = tiny(folder, tmp_path / "run", "--stop-at", "2")
    training.run()
    record = export(tmp_path / "run" / "checkpoint.pt", tmp_path / "out", folder, None)
    assert record["bytes"] == (tmp_path / "out" / "pianola.onnx").stat().st_size
    assert record["vocabularyHash"] == LAYOUT["hash"] and record["contextLength"] == 96
    assert (record["schema"], record["lanes"]) == (2, LANES)
    check = record["check"]
    assert abs(check["int8GapPerToken"]) <= 0.005 and check["windows"] == 6


def test_unknown_velocity_costs_nothing(folder):
    v = Corpus(folder).vocabulary
    logits = torch.randn(1, 1, 1025)
    target = torch.tensor([[v.touch + 9 * 32 + 5]])
    other = torch.tensor([[v.touch + 9 * 32 + 30]])
    flat, known = torch.tensor([True]), torch.tensor([False])
    assert touch_loss(logits, target, flat, v) == touch_loss(logits, other, flat, v)
    assert touch_loss(logits, target, flat, v) < touch_loss(logits, target, known, v)
    total = sum((-touch_loss(logits, torch.tensor([[v.touch + d * 32]]), flat, v)).exp() for d in range(32))
    rest = (-touch_loss(logits, torch.tensor([[v.noTouch]]), flat, v)).exp()
    assert torch.allclose(total + rest, torch.ones(1, 1), atol=1e-5)


def test_windows_carry_prefix_following_delta_and_end(folder):
    corpus = Corpus(folder)
    short = corpus.splits["train"][0]
    ids, targets = window(corpus.vocabulary, short, 40, 96)
    assert ids[0] == 1316 and 1324 <= ids[1] < 1333 and 1333 <= ids[2] < 1341
    # 20 notes of 50 and 100 ms are left: less than 10 s from the first on.
    assert ids[3] == 1344 and 1345 <= ids[4] < 1353 and ids[5] == 1353
    end = 6 + 3 * (short.triples - 40)
    assert ids[end] == 201 and (ids[end + 1 :] == IGNORE).all()
    assert (targets[:6] == IGNORE).all() and (targets[6:] == ids[6:]).all()
    full, _ = window(corpus.vocabulary, corpus.splits["train"][5], 10, 96)
    assert full[full != IGNORE][-1] == corpus.splits["train"][5].tokens[3 * (10 + room_of(96))]


def long_piece(seconds: int) -> Piece:
    """A note a second, one pitch higher each."""
    tokens = [token for i in range(seconds) for token in (100, 202 + i % 80, 291)]
    return Piece("long.mid", "mutopia", np.array([*tokens, 201], np.uint16), False)


def test_a_mark_stands_where_the_end_comes_nearer_and_is_not_learnt(folder):
    v = Corpus(folder).vocabulary
    # Triple i lies 99 − i s before the last: 60 s are left at i = 39; under 60 from i = 40, under 30 from i = 70 on.
    ids, targets = window(v, long_piece(100), 35, 144)
    assert ids[3] == 1341
    assert ids[6 + 3 * 5 : 6 + 3 * 6].tolist() == [1342, 290, 1315]
    assert ids[6 + 3 * 36 : 6 + 3 * 37].tolist() == [1343, 290, 1315]
    assert (targets[6 + 3 * 5 : 6 + 3 * 6] == IGNORE).all()
    assert (targets != IGNORE).sum() == 3 * room_of(144) + 1


def test_a_motif_is_the_opening_moved_with_the_window_and_not_learnt(folder):
    v = Corpus(folder).vocabulary
    seen = 0
    for seed in range(40):
        ids, targets = window(v, long_piece(200), 100, 288, np.random.default_rng(seed))
        seams = np.flatnonzero(ids == v.seam)
        assert (ids[5] == v.withMotif) == (len(seams) == 1)
        if not len(seams):
            continue
        seen += 1
        notes = (seams[0] - 6) // 3
        assert 12 <= notes <= 32 and (targets[: seams[0] + 3] == IGNORE).all()
        # Triple 100 is pitch 20 of the row, triple 0 pitch 0: the same transposition for both.
        assert ids[seams[0] + 4] - ids[7] == 20
    assert 5 <= seen <= 25


def test_sparse_passages_come_first_where_asked(folder):
    corpus = Corpus(folder)
    plain, sparse = (Sampler(corpus, {s: 1.0 for s in LAYOUT["styles"]}, 96, 1, chance) for chance in (0.0, 1.0))
    assert (plain.batch(3, 8)[0] == Sampler(corpus, {s: 1.0 for s in LAYOUT["styles"]}, 96, 1).batch(3, 8)[0]).all()
    # The made-up pieces have more than five notes a second all along: each is drawn four times.
    assert not (plain.batch(3, 8)[0] == sparse.batch(3, 8)[0]).all()


def test_training_may_begin_with_the_weights_of_another(folder, tmp_path):
    first = tiny(folder, tmp_path / "first", "--stop-at", "3")
    first.run()
    second = tiny(folder, tmp_path / "second", "--init", str(tmp_path / "first" / "checkpoint.pt"))
    for a, b in zip(first.ema.blocks.parameters(), second.model.blocks.parameters()):
        assert torch.equal(a, b)
    assert second.tokens_before == 3 * 4 * 96


def test_augmentation_stays_in_the_grammar(folder):
    corpus = Corpus(folder)
    v, rng = corpus.vocabulary, np.random.default_rng(5)
    for p in corpus.splits["train"]:
        triples = p.tokens[:-1].astype(np.int64).reshape(-1, 3)
        for _ in range(20):
            out = augment(v, triples, p.flat_velocity, rng)
            struck = triples[:, 0] != v.rest
            assert (out[~struck] == REST).all()
            assert ((out[struck, 0] >= 0) & (out[struck, 0] < 200)).all()
            assert ((out[struck, 1] >= 202) & (out[struck, 1] < 290)).all()
            assert ((out[struck, 2] >= 291) & (out[struck, 2] < 1315)).all()
            assert len(set(np.diff(triples[struck, 1]) - np.diff(out[struck, 1]))) == 1
            if p.flat_velocity:
                assert prefix(v, out, p.source, True, 0, False)[1] == v.flatLoudness
                assert ((out[struck, 2] - 291) % 32 == 16).all()


def test_evaluation_counts_every_note_once(folder):
    corpus = Corpus(folder)
    model = random_decoder()
    for p in corpus.splits["test"]:
        notes = 0
        for pair in windows(corpus.vocabulary, p, 96):
            ids, targets = (torch.from_numpy(row)[None] for row in pair)
            _, k = window_loss(model, ids, targets, torch.tensor([False]), corpus.vocabulary)
            notes += int(k)
        assert notes == (p.tokens[0::3] < 200).sum()
