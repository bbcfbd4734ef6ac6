"""Trains the decoder, on a CPU or a GPU. One JSON line a measurement; stops and resumes without a trace.

    python model/train.py --out model/runs/first --steps 4000
    python model/train.py --out model/runs/first --steps 4000 --resume
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


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", default="model/data")
    p.add_argument("--out", required=True)
    p.add_argument("--steps", type=int, required=True)
    p.add_argument("--init", help="checkpoint whose weights to begin with; it may know fewer tokens")
    p.add_argument("--stop-at", type=int, help="stop early, as an interruption would")
    p.add_argument("--batch", type=int, default=8, help="windows a step")
    p.add_argument("--width", type=int, default=256)
    p.add_argument("--layers", type=int, default=4)
    p.add_argument("--heads", type=int, default=4)
    p.add_argument("--feed-forward", type=int, default=704)
    p.add_argument("--context", type=int, default=1008, help="tokens, a multiple of 3")
    p.add_argument("--muon-lr", type=float, default=0.02)
    p.add_argument("--adam-lr", type=float, default=0.003)
    p.add_argument("--ema", type=float, default=0.99)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--eval-every", type=int, default=100, help="steps")
    p.add_argument("--save-every", type=float, default=180, help="seconds")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    p.add_argument("--compile", action="store_true")
    p.add_argument("--resume", action="store_true")
    return p.parse_args(argv)


def learning_rate(step: int, steps: int) -> float:
    """Fraction of the peak: warm-up, plateau, then linearly to zero. On the plateau `steps` may still be changed."""
    return min(1.0, (step + 1) / WARM_UP_STEPS, (1 - step / steps) / COOLDOWN)


class Training:
    def __init__(self, args: argparse.Namespace):
        self.args = args
        torch.manual_seed(args.seed)
        torch.set_num_threads(args.threads)
        self.corpus = Corpus(args.data)
        self.v = self.corpus.vocabulary
        self.config = Config(
            args.width, args.layers, args.heads, 64, args.feed_forward, args.context, self.v.padded, self.v.slots
        )
        self.model = Decoder(self.config).to(args.device)
        self.tokens_before = 0
        if args.init:
            self.begin_with(args.init)
        self.ema = copy.deepcopy(self.model).requires_grad_(False)
        matrices = [p for p in self.model.blocks.parameters() if p.ndim == 2]
        rest = [p for p in self.model.parameters() if not any(p is m for m in matrices)]
        self.muon = Muon(matrices, lr=args.muon_lr)
        self.adam = torch.optim.AdamW(rest, lr=args.adam_lr, betas=(0.9, 0.95), weight_decay=0.0)
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
        """Evenly spread windows of the valid split, always the same ones."""
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
        fraction = learning_rate(self.step, a.steps)
        for optimizer, peak in ((self.muon, a.muon_lr), (self.adam, a.adam_lr)):
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
            "muon": self.muon.state_dict(), "adam": self.adam.state_dict(),
        }  # fmt: skip
        out = Path(self.args.out)
        out.mkdir(parents=True, exist_ok=True)
        torch.save(state, out / "checkpoint.tmp")
        os.replace(out / "checkpoint.tmp", out / "checkpoint.pt")  # a reader never sees half a file

    def load(self) -> None:
        state = torch.load(Path(self.args.out) / "checkpoint.pt", map_location=self.args.device, weights_only=True)
        for name in ("model", "ema", "muon", "adam"):
            getattr(self, name).load_state_dict(state[name])
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
