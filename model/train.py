"""Trains the decoder, on a CPU or a GPU. One JSON line a measurement; stops and resumes without a trace.

    python model/train.py --out model/runs/first --steps 4000
    python model/train.py --out model/runs/first --steps 4000 --resume

The references, on the same windows: `--network plain` (baselines/gpt.py, as large as ours) and `--network mended` (the
first project's sizes).
"""

import argparse
import copy
import json
import math
import os
import signal
import time
from pathlib import Path

import numpy as np
import torch

from baselines.gpt import GPT, adamw
from data import Corpus, Sampler, room_of, window
from loss import window_loss
from model import Config, Decoder
from muon import Muon

# We sample in the styles of the played music; scores teach harmony cheaply, until the last part of the training.
PLAYED = {"stanford-piano-rolls": 0.82, "giantmidi-piano-sample": 0.18}
MIXED = {
    "stanford-piano-rolls": 0.62,
    "giantmidi-piano-sample": 0.12,
    "nifc-chopin-first-editions": 0.08,
    "nifc-polish-scores": 0.08,
    "openscore-lieder": 0.05,
    "mutopia": 0.05,
}
PLAYED_ONLY_FROM = 0.87  # of all steps
SPARSE_FIRST = 0.6  # in that last part; see data.Sampler
COOLDOWN = 0.5  # the learning rate falls linearly to zero over this last part
WARM_UP_STEPS = 50
# Sizes that are not stated. `plain` has the parameters of ours when its table of positions is not counted.
SIZES = {
    "ours": {"width": 256, "layers": 4, "heads": 4, "feed_forward": 704, "context": 1008, "batch": 8, "adam_lr": 0.003},
    "plain": {"width": 256, "layers": 4, "heads": 4, "feed_forward": 864, "context": 1008, "batch": 8, "adam_lr": 0.001},
    "mended": {"width": 32, "layers": 2, "heads": 4, "feed_forward": 128, "context": 126, "batch": 64, "adam_lr": 0.003},
}


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", default="model/data")
    p.add_argument("--out", required=True)
    p.add_argument("--steps", type=int, required=True)
    p.add_argument("--network", default="ours", choices=list(SIZES))
    p.add_argument("--init", help="checkpoint whose weights to begin with; it may know fewer tokens")
    p.add_argument("--stop-at", type=int, help="stop early, as an interruption would")
    p.add_argument("--batch", type=int, help="windows a step")
    p.add_argument("--width", type=int)
    p.add_argument("--layers", type=int)
    p.add_argument("--heads", type=int)
    p.add_argument("--feed-forward", type=int)
    p.add_argument("--context", type=int, help="tokens, a multiple of 3")
    p.add_argument("--muon-lr", type=float, default=0.02)
    p.add_argument("--adam-lr", type=float)
    p.add_argument("--ema", type=float, default=0.99)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--eval-every", type=int, default=100, help="steps")
    p.add_argument("--save-every", type=float, default=180, help="seconds")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    p.add_argument("--compile", action="store_true")
    p.add_argument("--resume", action="store_true")
    a = p.parse_args(argv)
    for name, size in SIZES[a.network].items():
        if getattr(a, name) is None:
            setattr(a, name, size)
    return a


def learning_rate(step: int, steps: int) -> float:
    """Fraction of the peak: warm-up, plateau, then linearly to zero. On the plateau `steps` may still be changed."""
    return min(1.0, (step + 1) / WARM_UP_STEPS, (1 - step / steps) / COOLDOWN)


def cosine(step: int, steps: int) -> float:
    """The references': warm-up, then half a cosine to zero."""
    return min((step + 1) / WARM_UP_STEPS, (1 + math.cos(math.pi * step / steps)) / 2)


def network(name: str, config: Config) -> Decoder | GPT:
    if name == "ours":
        return Decoder(config)
    return GPT(config) if name == "plain" else GPT(config, tied=False, bias=True)


class Training:
    def __init__(self, args: argparse.Namespace):
        self.args = args
        torch.manual_seed(args.seed)
        torch.set_num_threads(args.threads)
        self.corpus = Corpus(args.data)
        self.v = self.corpus.vocabulary
        self.config = Config(
            args.width, args.layers, args.heads, 64 if args.network == "ours" else args.width // args.heads,
            args.feed_forward, args.context, self.v.padded, self.v.slots,
        )  # fmt: skip
        self.model = network(args.network, self.config).to(args.device)
        self.tokens_before = 0
        if args.init:
            self.begin_with(args.init)
        self.ema = copy.deepcopy(self.model).requires_grad_(False)
        self.optimizers = self.new_optimizers()
        self.rate = learning_rate if args.network == "ours" else cosine
        self.samplers = [
            Sampler(self.corpus, MIXED, args.context, args.seed),
            Sampler(self.corpus, PLAYED, args.context, args.seed, SPARSE_FIRST),
        ]
        self.step, self.seconds = 0, 0.0
        self.loss = torch.compile(self.loss_of) if args.compile else self.loss_of
        self.valid = {
            "played": self.valid_windows(list(PLAYED), 32),
            "scores": self.valid_windows([s for s in MIXED if s not in PLAYED], 16),
        }

    def new_optimizers(self) -> dict[str, tuple[torch.optim.Optimizer, float]]:
        """By name, with their peak learning rates."""
        a = self.args
        if a.network != "ours":
            return {"adam": (adamw(self.model, a.adam_lr), a.adam_lr)}
        matrices = [p for p in self.model.blocks.parameters() if p.ndim == 2]
        rest = [p for p in self.model.parameters() if not any(p is m for m in matrices)]
        adam = torch.optim.AdamW(rest, lr=a.adam_lr, betas=(0.9, 0.95), weight_decay=0.0)
        return {"muon": (Muon(matrices, lr=a.muon_lr), a.muon_lr), "adam": (adam, a.adam_lr)}

    def begin_with(self, checkpoint: str) -> None:
        """The averaged weights of another training; tokens that it did not know keep their random rows."""
        state = torch.load(checkpoint, map_location=self.args.device, weights_only=True)
        known = state["vocabulary"]["size"]
        weights = state["ema"]
        rows = self.model.embedding.weight.detach().clone()
        rows[:known] = weights["embedding.weight"][:known]
        self.model.load_state_dict({**weights, "embedding.weight": rows})
        args = state["args"]
        self.tokens_before = state.get("tokens_before", 0) + state["step"] * args["batch"] * args["context"]

    def loss_of(self, ids: torch.Tensor, targets: torch.Tensor, flat: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        with torch.autocast("cuda", torch.bfloat16, enabled=self.args.device.startswith("cuda")):
            return window_loss(self.model, ids, targets, flat, self.v)

    def valid_windows(self, sources: list[str], count: int) -> tuple[torch.Tensor, ...]:
        """Evenly spread windows of the valid split, always the same ones; the more, the shorter they are."""
        count = max(count, count * 1008 // self.config.context)
        room = room_of(self.config.context)
        places = [(p, i) for p in self.corpus.pieces("valid", sources) for i in range(0, p.triples, room)]
        chosen = [places[i * len(places) // count] for i in range(min(count, len(places)))]
        ids, targets = zip(*(window(self.v, p, i, self.config.context) for p, i in chosen))
        flat = torch.tensor([p.flat_velocity for p, _ in chosen])
        return torch.from_numpy(np.stack(ids)), torch.from_numpy(np.stack(targets)), flat

    @torch.no_grad()
    def measure(self) -> dict[str, float]:
        result = {}
        for name, columns in self.valid.items():
            nats = notes = 0.0
            for i in range(0, len(columns[0]), 8):
                n, k = window_loss(self.ema, *(column[i : i + 8].to(self.args.device) for column in columns), self.v)
                nats, notes = nats + n.item(), notes + k.item()
            result[name] = round(nats / notes, 4)
        return result

    def train_step(self) -> float:
        a = self.args
        sampler = self.samplers[self.step >= PLAYED_ONLY_FROM * a.steps]
        nats, notes = self.loss(*(torch.from_numpy(c).to(a.device) for c in sampler.batch(self.step, a.batch)))
        (nats / notes).backward()
        if a.network != "ours":
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        fraction = self.rate(self.step, a.steps)
        for optimizer, peak in self.optimizers.values():
            for group in optimizer.param_groups:
                group["lr"] = peak * fraction
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        self.step += 1
        with torch.no_grad():
            # A short memory at first, or the average would remember the random start.
            decay = min(a.ema, (self.step + 1) / (self.step + 10))
            for slow, fast in zip(self.ema.parameters(), self.model.parameters()):
                slow.lerp_(fast, 1 - decay)
        return (nats / notes).item()

    def save(self) -> None:
        state = {
            "config": self.config.to_dict(), "args": vars(self.args), "vocabulary": self.v.layout,
            "step": self.step, "seconds": self.seconds, "tokens_before": self.tokens_before, "model": self.model.state_dict(), "ema": self.ema.state_dict(),
            **{name: optimizer.state_dict() for name, (optimizer, _) in self.optimizers.items()},
        }  # fmt: skip
        out = Path(self.args.out)
        out.mkdir(parents=True, exist_ok=True)
        torch.save(state, out / "checkpoint.tmp")
        os.replace(out / "checkpoint.tmp", out / "checkpoint.pt")  # a reader never sees half a file

    def load(self) -> None:
        state = torch.load(Path(self.args.out) / "checkpoint.pt", map_location=self.args.device, weights_only=True)
        for name in ("model", "ema"):
            getattr(self, name).load_state_dict(state[name])
        for name, (optimizer, _) in self.optimizers.items():
            optimizer.load_state_dict(state[name])
        self.step, self.seconds = state["step"], state["seconds"]
        self.tokens_before = state.get("tokens_before", 0)

    def run(self) -> None:
        a = self.args
        end = min(a.steps, a.stop_at or a.steps)
        interrupted = []
        for s in (signal.SIGTERM, signal.SIGINT):
            signal.signal(s, lambda number, _: interrupted.append(number))
        since_eval, saved = [], time.monotonic()
        while self.step < end and not interrupted:
            began = time.monotonic()
            since_eval.append(self.train_step())
            self.seconds += time.monotonic() - began
            if self.step % a.eval_every == 0 or self.step == end:
                tokens = self.step * a.batch * a.context
                print(json.dumps({
                    "step": self.step, "seconds": round(self.seconds), "tokens": tokens,
                    "tokensPerSecond": round(tokens / self.seconds),
                    "train": round(sum(since_eval) / len(since_eval), 4), "valid": self.measure(),
                }), flush=True)  # fmt: skip
                since_eval.clear()
            if time.monotonic() - saved > a.save_every:
                self.save()
                saved = time.monotonic()
        self.save()


if __name__ == "__main__":
    training = Training(arguments())
    if training.args.resume:
        training.load()
    training.run()
