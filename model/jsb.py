"""The same decoder, as large as the shipped one, on a benchmark of polyphonic music: JSB chorales in sixteenths, four
voices, trained on that set alone.

    python model/jsb.py --chorales DIR/Jsb16thSeparated.json --out model/runs/jsb [--resume]
    python model/jsb.py --chorales DIR/Jsb16thSeparated.json --out model/runs/jsb --evaluate

The data and its fixed split of 229/76/77 pieces: https://github.com/czhuang/JSB-Chorales-dataset (after
Boulanger-Lewandowski et al., 2012). Four tokens a frame, in the order soprano, alto, tenor, bass; a token is a pitch or
silence. Beside the token, the network is told which voice comes next and where in sixteen frames it stands, both known
from the index alone. Reported are nats per token and per frame over whole pieces, every token once: pieces beyond the
context are read in windows that advance by a quarter, of which the last quarter counts. The weights are those (averaged)
of the best validation figure on the way.
"""

import argparse
import copy
import json
import os
import signal
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from data import IGNORE
from model import Config, Decoder
from muon import Muon
from train import learning_rate, read_checkpoint

VOICES = 4
LOWEST, HIGHEST = 36, 81
SILENCE = HIGHEST - LOWEST + 1
PITCHES = SILENCE + 1  # ids that may be predicted
START, MIDDLE = PITCHES, PITCHES + 1  # what precedes the first frame of a piece, and of a window further on
VOCABULARY = 64
BAR = 16  # frames; where the upbeat ends is not known, but its beats are


def read(path: str | Path) -> dict[str, list[np.ndarray]]:
    """Pieces [frames, 4] of token ids, by split."""
    if not Path(path).is_file():
        raise SystemExit(f"there is no {path}: it is a file of https://github.com/czhuang/JSB-Chorales-dataset")
    splits = {}
    for split, pieces in json.loads(Path(path).read_text()).items():
        frames = [np.array(piece, np.int64) for piece in pieces]
        for i, f in enumerate(frames):
            if f.ndim != 2 or f.shape[1] != VOICES or f.max() > HIGHEST or f[f >= 0].min() < LOWEST:
                raise ValueError(f"{path}: piece {i} of {split} is not frames of four pitches {LOWEST}-{HIGHEST} or -1")
        splits[split] = [np.where(f < 0, SILENCE, f - LOWEST) for f in frames]
    return splits


def ranges(pieces: list[np.ndarray]) -> np.ndarray:
    """Lowest and highest id of each voice, [2, 4]: no transposition leads a voice beyond what it sings in training."""
    every = np.concatenate(pieces)
    sung = np.ma.masked_equal(every, SILENCE)
    return np.array([sung.min(0), sung.max(0)])


def transposed(piece: np.ndarray, bounds: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    low, high = ranges([piece])
    shift = rng.integers((bounds[0] - low).max(), (bounds[1] - high).min() + 1)
    return np.where(piece == SILENCE, SILENCE, piece + shift)


def window(piece: np.ndarray, start: int, context: int, counted_from: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Inputs, places and targets, each [context]: frames from `start` on, of which those before `counted_from` do not count."""
    frames = piece[start : start + context // VOICES]
    ids, targets = np.zeros(context, np.int64), np.full(context, IGNORE, np.int64)
    ids[0] = MIDDLE if start else START
    ids[1 : frames.size] = frames.ravel()[:-1]
    targets[: frames.size] = frames.ravel()
    targets[: VOICES * (counted_from - start) if counted_from > start else 0] = IGNORE
    return ids, (start * VOICES + np.arange(context)) % (BAR * VOICES), targets


def whole(piece: np.ndarray, context: int) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """The windows of a piece in which each of its tokens is a target once."""
    room = context // VOICES
    result, reached = [window(piece, 0, context)], room
    while reached < len(piece):
        end = min(reached + room // 4, len(piece))
        result.append(window(piece, end - room, context, reached))
        reached = end
    return result


class Chorales(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.decoder = Decoder(config)
        self.place = nn.Embedding(BAR * VOICES, config.width)
        nn.init.normal_(self.place.weight, std=0.02)

    def forward(self, ids: Tensor, places: Tensor) -> Tensor:
        """Logits [B, T, PITCHES]."""
        x = self.decoder.embedding(ids) + self.place(places)
        h, _ = self.decoder.through(F.dropout(x, self.decoder.config.dropout, self.training))
        return h @ self.decoder.embedding.weight[:PITCHES].t()


@torch.no_grad()
def measure(model: Chorales, pieces: list[np.ndarray], context: int) -> float:
    """Nats per token."""
    model.eval()
    windows = [w for piece in pieces for w in whole(piece, context)]
    nats = 0.0
    for i in range(0, len(windows), 8):
        ids, places, targets = (torch.from_numpy(np.stack(c)) for c in zip(*windows[i : i + 8]))
        nats += F.cross_entropy(model(ids, places).flatten(0, 1), targets.flatten(), ignore_index=IGNORE, reduction="sum").item()
    return nats / sum(p.size for p in pieces)


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--chorales", required=True, help="Jsb16thSeparated.json")
    p.add_argument("--out", required=True)
    p.add_argument("--steps", type=int, default=3200, help="may be changed while the learning rate is constant")
    p.add_argument("--stop-at", type=int, help="stop early, as an interruption would")
    p.add_argument("--batch", type=int, default=4, help="windows a step")
    p.add_argument("--width", type=int, default=256)
    p.add_argument("--layers", type=int, default=4)
    p.add_argument("--heads", type=int, default=4)
    p.add_argument("--feed-forward", type=int, default=704)
    p.add_argument("--context", type=int, default=768, help="tokens, a multiple of 16")
    p.add_argument("--dropout", type=float, default=0.15)
    p.add_argument("--weight-decay", type=float, default=0.05)
    p.add_argument("--muon-lr", type=float, default=0.02)
    p.add_argument("--adam-lr", type=float, default=0.003)
    p.add_argument("--ema", type=float, default=0.99)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--eval-every", type=int, default=200, help="steps")
    p.add_argument("--save-every", type=float, default=120, help="seconds")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--resume", action="store_true")
    p.add_argument("--evaluate", action="store_true", help="only report the best weights on valid and test")
    return p.parse_args(argv)


class Training:
    def __init__(self, a: argparse.Namespace):
        self.args = a
        torch.manual_seed(a.seed)
        torch.set_num_threads(a.threads)
        self.splits = read(a.chorales)
        self.bounds = ranges(self.splits["train"])
        lengths = np.array([len(p) for p in self.splits["train"]], float)
        self.chance = np.cumsum(lengths / lengths.sum())
        config = Config(
            a.width, a.layers, a.heads, 64, a.feed_forward, a.context, VOCABULARY, ((0, PITCHES),) * VOICES, a.dropout
        )
        self.model = Chorales(config)
        self.ema = copy.deepcopy(self.model).requires_grad_(False)
        matrices = [p for p in self.model.decoder.blocks.parameters() if p.ndim == 2]
        rest = [p for p in self.model.parameters() if not any(p is m for m in matrices)]
        self.muon = Muon(matrices, lr=a.muon_lr, weight_decay=a.weight_decay)
        self.adam = torch.optim.AdamW(rest, lr=a.adam_lr, betas=(0.9, 0.95), weight_decay=0.0)
        self.step, self.seconds, self.tokens = 0, 0.0, 0
        self.best = {"valid": float("inf"), "step": 0, "weights": self.ema.state_dict()}

    def batch(self) -> tuple[Tensor, ...]:
        """Pieces by length, a random place, a random key. Depends on seed and step alone."""
        rng, rows = np.random.default_rng([self.args.seed, self.step]), []
        for _ in range(self.args.batch):
            piece = self.splits["train"][min(np.searchsorted(self.chance, rng.random()), len(self.chance) - 1)]
            last = max(0, len(piece) - self.args.context // VOICES)
            rows.append(window(transposed(piece, self.bounds, rng), int(rng.integers(0, last + 1)), self.args.context))
        return tuple(torch.from_numpy(np.stack(c)) for c in zip(*rows))

    def train_step(self) -> float:
        a = self.args
        torch.manual_seed(a.seed * 1_000_003 + self.step)  # dropout, too, must not depend on where a run was cut
        self.model.train()
        ids, places, targets = self.batch()
        loss = F.cross_entropy(self.model(ids, places).flatten(0, 1), targets.flatten(), ignore_index=IGNORE)
        loss.backward()
        fraction = learning_rate(self.step, a.steps)
        for optimizer, peak in ((self.muon, a.muon_lr), (self.adam, a.adam_lr)):
            for group in optimizer.param_groups:
                group["lr"] = peak * fraction
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        self.step += 1
        self.tokens += int((targets != IGNORE).sum())
        with torch.no_grad():
            decay = min(a.ema, (self.step + 1) / (self.step + 10))
            for slow, fast in zip(self.ema.parameters(), self.model.parameters()):
                slow.lerp_(fast, 1 - decay)
        return loss.item()

    def save(self) -> None:
        state = {"args": vars(self.args), "step": self.step, "seconds": self.seconds, "tokens": self.tokens, "best": self.best}
        for name in ("model", "ema", "muon", "adam"):
            state[name] = getattr(self, name).state_dict()
        out = Path(self.args.out)
        out.mkdir(parents=True, exist_ok=True)
        torch.save(state, out / "checkpoint.tmp")
        os.replace(out / "checkpoint.tmp", out / "checkpoint.pt")

    def load(self) -> None:
        state = read_checkpoint(Path(self.args.out) / "checkpoint.pt")
        for name in ("model", "ema", "muon", "adam"):
            getattr(self, name).load_state_dict(state[name])
        self.step, self.seconds, self.tokens, self.best = (state[k] for k in ("step", "seconds", "tokens", "best"))

    def run(self) -> None:
        a, losses, saved, interrupted = self.args, [], time.monotonic(), []
        end = min(a.steps, a.stop_at or a.steps)
        for s in (signal.SIGTERM, signal.SIGINT):
            signal.signal(s, lambda number, _: interrupted.append(number))
        while self.step < end and not interrupted:
            began = time.monotonic()
            losses.append(self.train_step())
            self.seconds += time.monotonic() - began
            if self.step % a.eval_every == 0 or self.step == end:
                valid = measure(self.ema, self.splits["valid"], a.context)
                if valid < self.best["valid"]:
                    weights = {k: v.clone() for k, v in self.ema.state_dict().items()}
                    self.best = {"valid": valid, "step": self.step, "weights": weights}
                print(json.dumps({"step": self.step, "seconds": round(self.seconds), "tokens": self.tokens,
                                  "train": round(sum(losses) / len(losses), 4), "valid": round(valid, 4)}), flush=True)  # fmt: skip
                losses.clear()
            if time.monotonic() - saved > a.save_every:
                self.save()
                saved = time.monotonic()
        self.save()

    def figures(self) -> dict:
        """Of the best weights: nats per token and per frame."""
        self.ema.load_state_dict(self.best["weights"])
        result = {"step": self.best["step"], "parameters": sum(p.numel() for p in self.model.parameters())}
        for split in ("valid", "test"):
            nats = measure(self.ema, self.splits[split], self.args.context)
            result[split] = {"natsPerToken": round(nats, 4), "natsPerFrame": round(VOICES * nats, 4)}
        return result


if __name__ == "__main__":
    training = Training(arguments())
    if training.args.resume or training.args.evaluate:
        training.load()
    if not training.args.evaluate:
        training.run()
    if training.args.evaluate or training.step == training.args.steps:
        print(json.dumps(training.figures()))
