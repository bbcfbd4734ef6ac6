"""Turns a checkpoint of score_train.py into what Node loads: pianola.onnx (int8) and model.json.

    python model/score_export.py --checkpoint model/runs/score/checkpoint.pt --out model/score

Verifies on the way that the fp32 graph says what torch says (1e-4) and that int8 costs no more than 0.005 nats a token.
`--keep FILE` writes the checkpoint in bf16 as well, small enough to be kept with the code; `--optimizer` with what the
optimisers remember, so that training can go on from it.
"""

import argparse
import hashlib
import json
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch

from export import LARGEST_DIFFERENCE, LARGEST_GAP, SCHEMA, Decoding, session, worst_difference
from graph import LANES, OPSET, build, matrices
from model import Config, Decoder
from score_data import IGNORE, Corpus, room_of, window
from score_loss import note_nats

WINDOWS = 48  # of the validation split, to measure int8 with


def load(checkpoint: str | Path) -> tuple[Decoder, dict]:
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    config = state["config"]
    model = Decoder(Config(**{**config, "slots": tuple(tuple(s) for s in config["slots"])}))
    model.load_state_dict({name: weight.float() for name, weight in state["ema"].items()})
    return model.eval(), state


def spread_windows(corpus: Corpus, context: int, count: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """(ids, targets), evenly spread over the pieces of the validation split."""
    room = room_of(context)
    places = [(p, int(i)) for p in corpus.splits["valid"] for i in p.phrases[: max(1, int(np.searchsorted(p.phrases, p.triples - room)))]]
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


def export(checkpoint: Path, out: Path, data: Path) -> dict:
    model, state = load(checkpoint)
    corpus, config = Corpus(data), model.config
    if corpus.vocabulary.layout["hash"] != state["vocabulary"]["hash"]:
        raise SystemExit("the checkpoint was trained on another vocabulary than the one in the data folder")
    windows = spread_windows(corpus, config.context, WINDOWS)
    small = matrices(config)
    with tempfile.TemporaryDirectory() as folder:
        f32, f32_all, int8_all = (Path(folder) / n for n in ("f32.onnx", "f32_all.onnx", "int8_all.onnx"))
        onnx.save(build(model), f32)
        difference = worst_difference(model, f32, windows[0][0][windows[0][0] != IGNORE][:96])
        if difference > LARGEST_DIFFERENCE:
            raise SystemExit(f"the fp32 graph differs from torch by {difference}")
        onnx.save(build(model, all_positions=True), f32_all)
        onnx.save(build(model, all_positions=True, int8=small), int8_all)
        fp32, int8 = (graph_nats(p, windows, corpus, model) for p in (f32_all, int8_all))
        gap = int8 - fp32
        if gap[1] > LARGEST_GAP:
            raise SystemExit(f"int8 costs {gap[1]:.4f} nats a token, more than {LARGEST_GAP}")
        out.mkdir(parents=True, exist_ok=True)
        onnx.save(build(model, int8=small), out / "pianola.onnx")
    weights = (out / "pianola.onnx").read_bytes()
    args = state["args"]
    record = {
        "schema": SCHEMA, "file": "pianola.onnx", "sha256": hashlib.sha256(weights).hexdigest(), "bytes": len(weights),
        "opset": OPSET, "vocabularyHash": state["vocabulary"]["hash"], "vocabularySize": config.vocabulary,
        "contextLength": config.context, "layers": config.layers, "headDim": config.head_dim,
        "heads": config.heads, "width": config.width, "feedForward": config.feed_forward,
        "lanes": LANES, "parameters": model.parameter_count(),
        "quantisation": "int8, 7-bit weights with a scale a column, activations with a scale a row",
        "check": {"fp32MaxDifference": difference, "validNatsPerNoteFp32": round(float(fp32[0]), 4),
                  "validNatsPerNoteInt8": round(float(int8[0]), 4), "int8GapPerToken": round(float(gap[1]), 5), "windows": len(windows)},
        "training": {"steps": state["step"], "plannedSteps": args["steps"], "seconds": round(state["seconds"]), "tokens": state["tokens"],
                     "seed": args["seed"], "batch": args["batch"], "muonLr": args["muon_lr"], "adamLr": args["adam_lr"],
                     "device": args["device"], "torch": torch.__version__},
    }  # fmt: skip
    (out / "model.json").write_text(json.dumps(record, indent=2) + "\n")
    return record


def in_bf16(value):
    if isinstance(value, torch.Tensor):
        return value.to(torch.bfloat16) if value.is_floating_point() and value.numel() > 1 else value
    if isinstance(value, dict):
        return {k: in_bf16(v) for k, v in value.items()}
    return [in_bf16(v) for v in value] if isinstance(value, list) else value


def keep(checkpoint: Path, out: Path, optimizer: bool) -> dict:
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    # Training goes on from the averaged weights: the others, half as large again, are not worth their bytes.
    left_out = ("model",) if optimizer else ("model", "muon", "adam")
    out.parent.mkdir(parents=True, exist_ok=True)
    torch.save(in_bf16({k: v for k, v in state.items() if k not in left_out}), out)
    return {"step": state["step"], "tokens": state["tokens"], "bytes": out.stat().st_size}


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--checkpoint", required=True, type=Path)
    p.add_argument("--out", default="model/score", type=Path)
    p.add_argument("--data", default="model/data", type=Path)
    p.add_argument("--keep", type=Path)
    p.add_argument("--optimizer", action="store_true")
    a = p.parse_args()
    torch.set_num_threads(1)
    result = keep(a.checkpoint, a.keep, a.optimizer) if a.keep else export(a.checkpoint, a.out, a.data)
    print(json.dumps(result, indent=2))
