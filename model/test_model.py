"""Tests in a tiny setting, on a CPU in under a minute: python -m pytest model"""

import gzip
import json
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import numpy_helper

from data import Corpus, window
from evaluate import windows
from export import Decoding, ablation, blank, export, keep, session, worst_difference
from graph import LANES, build, matrices
from loss import window_loss
from model import Config, Decoder
from train import Training, arguments

LAYOUT = {
    "version": 3, "size": 644, "here": 0, "next": 192, "emptyBar": 384, "end": 385, "pitch": 386, "lowestPitch": 21, "noPitch": 474,
    "length": 475, "noLength": 547, "source": 548, "metre": 556, "otherMetre": 565, "texture": 566, "textures": ["solo", "song", "line"],
    "sources": ["nifc-chopin-first-editions", "nifc-polish-scores", "openscore-lieder", "mutopia"],
    "register": 569, "registerEdges": [50, 55, 58, 61, 64, 67, 72], "noMotif": 577, "withMotif": 578, "seam": 579,
    "phrase": 580, "key": 592, "recalls": 616, "hash": "0" * 64,
}  # fmt: skip
IDS = 548  # that may be predicted
PHRASE = [580 + 3, 592, 616, 626, 631, 635]


def piece(notes: int, seed: int) -> list[int]:
    """A made-up piece with its own rules: three notes a bar, a scale, a phrase every four bars."""
    rng = np.random.default_rng(seed)
    tokens: list[int] = []
    for i in range(notes):
        if i % 12 == 0:
            tokens += PHRASE
        if i == 0:
            tokens += [557, 474, 547]
        place = [192, 24, 48][i % 3]
        tokens += [place, 386 + 30 + (i * 2 + seed) % 24, 475 + 10 + int(rng.integers(0, 3))]
    return [*tokens, 385]


NOTES = sum(60 + 50 * i for i in range(3))  # of the made-up test split


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("data")
    splits = {}
    for split, count in (("train", 6), ("valid", 4), ("test", 3)):
        pieces, shard = [], []
        for i in range(count):
            tokens = piece(60 + 50 * i, i)
            pieces.append({"file": f"{i}.mid", "source": LAYOUT["sources"][i % 4], "start": len(shard), "length": len(tokens),
                           "texture": "solo"})  # fmt: skip
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
    model = Decoder(Config(64, 3, 2, 64, 96, 96, 704, ((0, 386), (386, 475), (475, 548)))).eval()
    for p in model.parameters():
        torch.nn.init.normal_(p, 1.0 if p.ndim == 1 else 0.0, 0.1)
    return model


def test_overfits_one_piece(folder, tmp_path):
    training = tiny(folder, tmp_path, "--steps", "300")
    v = training.v
    ids, targets = (np.repeat(row[None], 4, 0) for row in window(v, training.corpus.splits["train"][0], 0, 96))

    class Same:
        def batch(self, step, size):
            return ids, targets

    training.sampler = Same()
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
    tokens = np.random.default_rng(1).integers(0, IDS, 60)
    assert worst_difference(model, tmp_path / "m.onnx", tokens) < 1e-4


def decoding(folder, model, int8=()):
    onnx.save(build(model, int8=int8), folder / "m.onnx")
    return Decoding(session(folder / "m.onnx"), 3, 64)


def test_int8_is_near_and_serves_an_empty_cache(tmp_path):
    model = random_decoder()
    tokens = np.random.default_rng(1).integers(0, IDS, 20)
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
    tokens = np.random.default_rng(1).integers(8, IDS, 20)
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
    first, then = ([rng.integers(0, IDS, n) for n in counts] for counts in ((40, 1, 17), (1, 6, 2)))
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
        branches = [a.g for node in build(model, int8=some).graph.node if node.op_type == "If" for a in node.attribute]
        assert [sum(node.op_type == "MatMulInteger" for node in branch.node) for branch in branches] == [len(some)] * 2
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
    ids = torch.randint(0, IDS, (1, 30))
    with torch.no_grad():
        whole, _ = model(ids)
        _, rows = model(ids[:, :20])
        rest, _ = model(ids[:, 20:], rows)
    assert torch.allclose(whole[:, 20:], rest, atol=1e-4)


def test_the_future_is_not_seen():
    model = random_decoder()
    ids = torch.randint(0, IDS, (1, 30))
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
    assert abs(check["int8GapPerToken"]) <= 0.005 and check["windows"] > 3


def test_the_rate_stays_until_the_part_that_is_asked_and_falls_to_zero_over_it(folder, tmp_path):
    usual, late = tiny(folder, tmp_path / "a", "--steps", "1000"), tiny(folder, tmp_path / "b", "--steps", "1000", "--cooldown", "0.1")
    assert [round(usual.rate(step, 1000), 3) for step in (699, 850, 1000)] == [1, 0.5, 0]
    assert [round(late.rate(step, 1000), 3) for step in (899, 950, 1000)] == [1, 0.5, 0]


@pytest.mark.parametrize("part", ["0", "-0.1", "1.5", "nan"])
def test_a_cooldown_that_is_no_part_of_the_steps_is_refused(part, capsys):
    with pytest.raises(SystemExit):
        arguments(["--out", "x", "--steps", "10", "--cooldown", part])
    assert "is no part of the steps" in capsys.readouterr().err


@pytest.mark.parametrize("context", ["100", "0", "-3", "12"])
def test_a_context_that_is_none_is_refused(context, capsys):
    with pytest.raises(SystemExit):
        arguments(["--out", "x", "--steps", "10", "--context", context])
    assert "a multiple of 3, from 24 up" in capsys.readouterr().err


def test_training_may_begin_with_the_weights_of_another(folder, tmp_path):
    first = tiny(folder, tmp_path / "first", "--stop-at", "3")
    first.run()
    second = tiny(folder, tmp_path / "second", "--init", str(tmp_path / "first" / "checkpoint.pt"))
    for a, b in zip(first.ema.blocks.parameters(), second.model.blocks.parameters()):
        assert torch.equal(a, b)
    assert second.tokens == 3 * 4 * 96


def test_layers_that_another_did_not_have_begin_as_nothing(folder, tmp_path):
    first = tiny(folder, tmp_path / "first", "--stop-at", "3")
    first.run()
    grown = tiny(folder, tmp_path / "grown", "--init", str(tmp_path / "first" / "checkpoint.pt"), "--layers", "3")
    ids = torch.randint(0, IDS, (1, 30))
    with torch.no_grad():
        assert torch.allclose(first.ema(ids)[0], grown.model(ids)[0], atol=1e-5)


def test_a_checkpoint_that_is_kept_is_small_and_training_goes_on_from_it(folder, tmp_path):
    first = tiny(folder, tmp_path / "run", "--stop-at", "3")
    first.run()
    kept = keep(tmp_path / "run" / "checkpoint.pt", tmp_path / "again" / "checkpoint.pt", True)
    assert kept["bytes"] < 0.5 * (tmp_path / "run" / "checkpoint.pt").stat().st_size
    assert str(tmp_path).encode() not in (tmp_path / "again" / "checkpoint.pt").read_bytes()
    again = tiny(folder, tmp_path / "again", "--resume")
    again.load()
    assert (again.step, again.tokens) == (3, 3 * 4 * 96)
    for a, b in zip(first.ema.parameters(), again.model.parameters()):
        assert torch.allclose(a, b, rtol=0.01)


def test_evaluation_counts_every_note_once(folder):
    corpus = Corpus(folder)
    model = random_decoder()
    for p in corpus.splits["test"]:
        notes = 0
        for pair in windows(corpus.vocabulary, p, 96):
            ids, targets = (torch.from_numpy(row)[None] for row in pair)
            _, k, _ = window_loss(model, ids, targets, corpus.vocabulary)
            notes += int(k)
        assert notes == (p.tokens[0::3] < 384).sum()
