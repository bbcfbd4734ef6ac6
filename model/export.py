"""Turns a checkpoint into what Node loads: model/pianola.onnx (int8) and model/model.json.

    python model/export.py --checkpoint model/runs/first/checkpoint.pt
    python model/export.py --checkpoint model/runs/first/checkpoint.pt --ablate    # what each matrix costs in int8
    python model/export.py --checkpoint model/runs/first/checkpoint.pt --blank bench/compose/fp32.onnx.gz
    python model/export.py --checkpoint model/runs/first/checkpoint.pt --keep model/plateau/checkpoint.pt --optimizer

Verifies on the way that the fp32 graph says what torch says (1e-4) and that int8 costs no more than 0.005 nats a token.
"""

import argparse
import gzip
import hashlib
import json
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch

from baselines.gpt import GPT
from data import IGNORE, Corpus, room_of, window
from graph import LANES, OPSET, build, matrices
from loss import note_nats
from model import Config, Decoder
from runtime import ort
from train import network, read_checkpoint

SCHEMA = 2
WINDOWS = 48  # of the validation split, to measure int8 with
LARGEST_DIFFERENCE = 1e-4  # of logits, fp32 graph against torch
LARGEST_GAP = 0.005  # nats per token, int8 against fp32


def load(checkpoint: str | Path) -> tuple[Decoder | GPT, dict]:
    state = read_checkpoint(checkpoint)
    config = state["config"]
    slots = tuple(tuple(s) for s in config["slots"])
    model = network(state["args"].get("network", "ours"), Config(**{**config, "slots": slots}))
    model.load_state_dict({name: weight.float() for name, weight in state["ema"].items()})
    return model.eval(), state


def session(path: Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return ort.InferenceSession(str(path), options)


class Decoding:
    """The caller's side of the graph: keeps the caches, a lane each. The Node adapter does the same without copying."""

    def __init__(self, run: ort.InferenceSession, layers: int, head_dim: int):
        self.run, self.kinds, self.head_dim = run, [f"{n}_{i}" for i in range(layers) for n in ("key", "value")], head_dim
        self.cache = {f"{kind}_{n}": np.zeros((0, head_dim), np.float32) for kind in self.kinds for n in range(LANES)}

    def append(self, *tokens: np.ndarray) -> np.ndarray:
        """Tokens of the first lanes, none for the others; gives the graph's logits."""
        counts = [len(some) for some in tokens] + [0] * (LANES - len(tokens))
        fed = {"tokens": np.concatenate(tokens).astype(np.int64), "counts": np.array(counts, np.int64)}
        logits, rows = self.run.run(None, {**fed, **self.cache})
        for kind, block in zip(self.kinds, rows.reshape(len(self.kinds), -1, self.head_dim)):
            for n, new in enumerate(np.split(block, np.cumsum(counts)[:-1])):
                self.cache[f"{kind}_{n}"] = np.concatenate([self.cache[f"{kind}_{n}"], new])
        return logits


@torch.no_grad()
def worst_difference(model: Decoder, path: Path, tokens: np.ndarray) -> float:
    """Largest difference of logits between torch at once and the graph by prefill, then token by token."""
    expected = model(torch.from_numpy(tokens)[None])[0][0].numpy()
    decoding = Decoding(session(path), model.config.layers, model.config.head_dim)
    prefill = len(tokens) // 2
    got = [decoding.append(tokens[:prefill])[0]]
    got += [decoding.append(tokens[i : i + 1])[0] for i in range(prefill, len(tokens))]
    return float(np.abs(np.stack(got) - expected[prefill - 1 :]).max())


def spread_windows(corpus: Corpus, context: int, count: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """(ids, targets), evenly spread over the pieces of the validation split."""
    room = room_of(context)
    places = [(p, int(i)) for p in corpus.with_phrases("valid") for i in p.phrases[: max(1, int(np.searchsorted(p.phrases, p.triples - room)))]]
    if not places:
        raise SystemExit("no piece is in the split `valid`, by which int8 is measured: see `pianola corpus collect --help`, --held-out")
    return [window(corpus.vocabulary, *places[i * len(places) // count], context) for i in range(min(count, len(places)))]


def graph_nats(path: Path, windows: list[tuple[np.ndarray, np.ndarray]], corpus: Corpus, model: Decoder) -> np.ndarray:
    """Nats per note and per token of a graph that gives the logits of all positions."""
    run, nats, notes, tokens = session(path), 0.0, 0, 0
    for pair in windows:
        ids, targets = (torch.from_numpy(row)[None] for row in pair)
        decoding = Decoding(run, model.config.layers, model.config.head_dim)
        logits = torch.from_numpy(decoding.append(ids[0, :-1].clamp_min(0).numpy()))[None]
        slots = [logits[:, 2 + s :: 3, a:b] for s, (a, b) in enumerate(model.config.slots)]
        n, k, _ = note_nats(slots, targets, corpus.vocabulary)
        nats, notes, tokens = nats + n.item(), notes + k.item(), tokens + int((targets != IGNORE).sum())
    return np.array([nats / notes, nats / tokens])


def ablation(checkpoint: Path, data: Path, count: int = 12) -> dict[str, float]:
    """Nats per token that int8 costs, of all matrices and of each alone."""
    model, _ = load(checkpoint)
    corpus = Corpus(data)
    windows = spread_windows(corpus, model.config.context, count)
    with tempfile.TemporaryDirectory() as folder:
        path, names = Path(folder) / "some.onnx", matrices(model.config)

        def nats(int8: list[str]) -> float:
            onnx.save(build(model, all_positions=True, int8=int8), path)
            return float(graph_nats(path, windows, corpus, model)[1])

        base = nats([])
        return {name: round(nats(only) - base, 5) for name, only in {"all": names, **{n: [n] for n in names}}.items()}


def blank(checkpoint: Path, out: Path) -> dict[str, int]:
    """The fp32 graph with all weights alike, which is as fast as with learnt ones and packs to nothing: to measure with."""
    model, _ = load(checkpoint)
    for weight in model.parameters():
        torch.nn.init.constant_(weight, 0.01)
    graph = build(model).SerializeToString()
    out.write_bytes(gzip.compress(graph, mtime=0))
    return {"bytes": len(graph), "packed": out.stat().st_size}


def export(checkpoint: Path, out: Path, data: Path, figures: dict | None) -> dict:
    model, state = load(checkpoint)
    corpus, config = Corpus(data), model.config
    corpus.refuse_others(state, checkpoint)
    windows = spread_windows(corpus, config.context, WINDOWS)
    with tempfile.TemporaryDirectory() as folder:
        f32, f32_all, int8_all = (Path(folder) / n for n in ("f32.onnx", "f32_all.onnx", "int8_all.onnx"))
        small = matrices(config)
        onnx.save(build(model), f32)
        onnx.save(build(model, all_positions=True), f32_all)
        difference = worst_difference(model, f32, windows[0][0][windows[0][0] != IGNORE][:96])
        if difference > LARGEST_DIFFERENCE:
            raise SystemExit(f"the fp32 graph differs from torch by {difference}")
        onnx.save(build(model, all_positions=True, int8=small), int8_all)
        fp32, int8 = (graph_nats(p, windows, corpus, model) for p in (f32_all, int8_all))
        gap = int8 - fp32
        if gap[1] > LARGEST_GAP:
            raise SystemExit(f"int8 costs {gap[1]:.4f} nats a token, more than {LARGEST_GAP}: --ablate says which matrices")
        out.mkdir(parents=True, exist_ok=True)
        onnx.save(build(model, int8=small), out / "pianola.onnx")
        fp32_bytes = f32.stat().st_size
    weights = (out / "pianola.onnx").read_bytes()
    record = {
        "schema": SCHEMA, "file": "pianola.onnx", "sha256": hashlib.sha256(weights).hexdigest(), "bytes": len(weights),
        "opset": OPSET, "vocabularyHash": state["vocabulary"]["hash"], "vocabularySize": config.vocabulary,
        "contextLength": config.context, "layers": config.layers, "headDim": config.head_dim,
        "heads": config.heads, "width": config.width, "feedForward": config.feed_forward,
        "lanes": LANES, "parameters": model.parameter_count(),
        # What printed music is to the network: a candidate that is far more likely is dull, one that is far less is odd.
        "usualNats": round(float(int8[0]), 4),
        "quantisation": "int8, 7-bit weights with a scale a column, activations with a scale a row",
        "check": {"fp32MaxDifference": difference, "fp32Bytes": fp32_bytes,
                  "validNatsPerNoteFp32": round(float(fp32[0]), 4), "validNatsPerNoteInt8": round(float(int8[0]), 4),
                  "int8GapPerToken": round(float(gap[1]), 5), "windows": len(windows)},
        "training": {"steps": state["step"], "plannedSteps": state["args"]["steps"], "seconds": round(state["seconds"]),
                     "tokens": state["tokens"],
                     # Where several of one training were averaged: what each had learnt from.
                     **({"averagedTokens": state["averaged"]} if "averaged" in state else {}),
                     "seed": state["args"]["seed"], "batch": state["args"]["batch"],
                     "muonLr": state["args"]["muon_lr"], "adamLr": state["args"]["adam_lr"],
                     "device": state["args"]["device"], "torch": torch.__version__},
    }  # fmt: skip
    if figures:
        record["figures"] = figures
    (out / "model.json").write_text(json.dumps(record, indent=2) + "\n")
    return record


def in_bf16(value):
    if isinstance(value, torch.Tensor):
        return value.to(torch.bfloat16) if value.is_floating_point() and value.numel() > 1 else value
    if isinstance(value, dict):
        return {k: in_bf16(v) for k, v in value.items()}
    return [in_bf16(v) for v in value] if isinstance(value, list) else value


def keep(checkpoint: Path, out: Path, optimizer: bool) -> dict:
    state = read_checkpoint(checkpoint)
    # Training goes on from the averaged weights: the others, half as large again, are not worth their bytes.
    left_out = ("model",) if optimizer else ("model", "muon", "adam")
    out.parent.mkdir(parents=True, exist_ok=True)
    # Where its files lay is of no use elsewhere.
    state["args"] = {k: v for k, v in state["args"].items() if k not in ("data", "out", "init")}
    torch.save(in_bf16({k: v for k, v in state.items() if k not in left_out}), out)
    return {"step": state["step"], "tokens": state["tokens"], "bytes": out.stat().st_size}


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--checkpoint", required=True, type=Path)
    p.add_argument("--out", default="model", type=Path)
    p.add_argument("--data", default="model/data", type=Path)
    p.add_argument("--figures", type=Path, help="the JSON that evaluate.py printed, to be kept in model.json")
    p.add_argument("--ablate", action="store_true", help="write nothing; say what int8 costs, matrix by matrix")
    p.add_argument("--keep", type=Path, help="write this file alone: the checkpoint in bf16, small enough to be kept with the code")
    p.add_argument("--optimizer", action="store_true", help="with --keep: what the optimisers remember too, so that training can go on")
    p.add_argument("--blank", type=Path, help="write this file alone: the fp32 graph without what was learnt, gzipped")
    a = p.parse_args()
    if a.figures and not a.figures.is_file():
        p.error(f"there are no figures {a.figures}: evaluate.py prints them")
    figures = json.loads(a.figures.read_text()) if a.figures else None
    torch.set_num_threads(1)
    if a.keep:
        result = keep(a.checkpoint, a.keep, a.optimizer)
    elif a.blank:
        result = blank(a.checkpoint, a.blank)
    else:
        result = ablation(a.checkpoint, a.data) if a.ablate else export(a.checkpoint, a.out, a.data, figures)
    print(json.dumps(result, indent=2))
