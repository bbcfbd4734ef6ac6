"""Trains the composer on printed scores, on a CPU or a GPU. One JSON line a measurement; stops and resumes without a trace.

    python model/train.py --data model/data --out model/runs/score --steps 8000
    python model/train.py --data model/data --out model/runs/score --steps 8000 --resume
    python model/train.py --data model/data --out model/runs/own --steps 200 --init model/plateau/checkpoint.pt
    torchrun --nproc-per-node 2 model/train.py ...      two processes, gradients averaged after each step

On a shared CPU two processes of one thread each take in more than one of two threads; `nice` them.
"""

import argparse
import copy
import json
import math
import os
import signal
import time
from functools import partial
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist

from baselines.gpt import GPT, adamw
from data import Corpus, Sampler, room_of, window
from loss import window_loss
from model import Config, Decoder
from muon import Muon

SOURCES = {"nifc-chopin-first-editions": 0.18, "nifc-polish-scores": 0.34, "openscore-lieder": 0.26, "mutopia": 0.22}
COOLDOWN = 0.3  # over this last part the learning rate falls linearly to zero, where nothing else is asked
WARM_UP_STEPS = 50
VALID_WINDOWS = 12  # of each source
SMALLEST_CONTEXT = 24  # tokens: the prefix, a phrase's marks, and some notes
# Sizes that are not stated. `plain` has the parameters of ours when its table of positions is not counted.
SIZES = {
    "ours": {"width": 256, "layers": 4, "heads": 4, "feed_forward": 704, "context": 1152, "adam_lr": 0.003},
    "plain": {"width": 256, "layers": 4, "heads": 4, "feed_forward": 864, "context": 1152, "adam_lr": 0.001},
    "mended": {"width": 32, "layers": 2, "heads": 4, "feed_forward": 128, "context": 126, "adam_lr": 0.003},
}


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", default="model/data")
    p.add_argument("--out", required=True)
    p.add_argument("--steps", type=int, required=True)
    p.add_argument("--network", default="ours", choices=list(SIZES))
    p.add_argument("--init", help="checkpoint whose averaged weights, and sizes, to begin with; more layers than it has begin as nothing")
    p.add_argument("--stop-at", type=int, help="stop early, as an interruption would")
    p.add_argument("--cooldown", type=float, default=COOLDOWN, help="part of the steps, the last, over which the learning rate falls to zero")
    p.add_argument("--batch", type=int, default=4, help="windows a step and process")
    p.add_argument("--width", type=int)
    p.add_argument("--layers", type=int)
    p.add_argument("--heads", type=int)
    p.add_argument("--feed-forward", type=int)
    p.add_argument("--context", type=int, help="tokens, a multiple of 3")
    p.add_argument("--muon-lr", type=float, default=0.02)
    p.add_argument("--adam-lr", type=float)
    p.add_argument("--ema", type=float, default=0.995)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--eval-every", type=int, default=100, help="steps")
    p.add_argument("--save-every", type=float, default=180, help="seconds")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    p.add_argument("--resume", action="store_true")
    a = p.parse_args(argv)
    if not 0 < a.cooldown <= 1:
        p.error(f"--cooldown {a.cooldown:g} is no part of the steps: give more than 0 and at most 1")
    sizes = SIZES[a.network]
    if a.init:
        config = read_checkpoint(a.init)["config"]
        sizes = {name: config.get(name, size) for name, size in sizes.items()}
    for name, size in sizes.items():
        if getattr(a, name) is None:
            setattr(a, name, size)
    if a.context % 3 or a.context < SMALLEST_CONTEXT:
        p.error(f"--context {a.context}: give a multiple of 3, from {SMALLEST_CONTEXT} up")
    return a


def read_checkpoint(path: str | Path, device: str = "cpu") -> dict:
    """As `save` and export.py's `--keep` write it. Exits where there is none."""
    if not Path(path).is_file():
        raise SystemExit(f"there is no checkpoint {path}")
    return torch.load(path, map_location=device, weights_only=True)


def learning_rate(step: int, steps: int, cooldown: float = COOLDOWN) -> float:
    """Fraction of the peak: warm-up, plateau, then linearly to zero. On the plateau `steps` may still be changed."""
    return min(1.0, (step + 1) / WARM_UP_STEPS, (1 - step / steps) / cooldown)


def cosine(step: int, steps: int) -> float:
    """The references': warm-up, then half a cosine to zero."""
    return min((step + 1) / WARM_UP_STEPS, (1 + math.cos(math.pi * step / steps)) / 2)


def network(name: str, config: Config) -> Decoder | GPT:
    if name == "ours":
        return Decoder(config)
    return GPT(config) if name == "plain" else GPT(config, tied=False, bias=True)


class Training:
    def __init__(self, args: argparse.Namespace, process: int = 0, processes: int = 1):
        self.args, self.process, self.processes = args, process, processes
        torch.manual_seed(args.seed)
        torch.set_num_threads(args.threads)
        self.corpus = Corpus(args.data)
        self.v = v = self.corpus.vocabulary
        # One's own collection need not have music of every source.
        self.learnt, self.measured = ([s for s in SOURCES if self.corpus.with_phrases(split, [s])] for split in ("train", "valid"))
        for split, sources in (("train", self.learnt), ("valid", self.measured)):
            if not sources:
                raise SystemExit(f"no piece of {args.data} is in the split `{split}`: see `pianola corpus collect --help`, --held-out")
        head_dim = 64 if args.network == "ours" else args.width // args.heads
        self.config = Config(args.width, args.layers, args.heads, head_dim, args.feed_forward, args.context, v.padded, v.slots)
        self.model = network(args.network, self.config).to(args.device)
        self.tokens = 0
        if args.init:
            state = read_checkpoint(args.init, args.device)
            self.corpus.refuse_others(state, args.init)
            missing, unknown = self.model.load_state_dict({k: w.float() for k, w in state["ema"].items()}, strict=False)
            assert not unknown and all(name.startswith("blocks.") for name in missing), (missing, unknown)
            self.tokens = state["tokens"]
        self.ema = copy.deepcopy(self.model).requires_grad_(False)
        self.optimizers = self.new_optimizers()
        self.rate = partial(learning_rate, cooldown=args.cooldown) if args.network == "ours" else cosine
        weights = {source: SOURCES[source] for source in self.learnt}
        self.sampler = Sampler(self.corpus, weights, args.context, args.seed, process)
        self.step, self.seconds = 0, 0.0

    def new_optimizers(self) -> dict[str, tuple[torch.optim.Optimizer, float]]:
        """By name, with their peak learning rates."""
        a = self.args
        if a.network != "ours":
            return {"adam": (adamw(self.model, a.adam_lr), a.adam_lr)}
        matrices = [p for p in self.model.blocks.parameters() if p.ndim == 2]
        rest = [p for p in self.model.parameters() if not any(p is m for m in matrices)]
        adam = torch.optim.AdamW(rest, lr=a.adam_lr, betas=(0.9, 0.95), weight_decay=0.0)
        return {"muon": (Muon(matrices, lr=a.muon_lr), a.muon_lr), "adam": (adam, a.adam_lr)}

    def valid_windows(self, source: str) -> tuple[torch.Tensor, torch.Tensor]:
        """Evenly spread windows of the valid split, always the same ones."""
        room = room_of(self.config.context)
        places = [(p, int(p.phrases[np.searchsorted(p.phrases, i)])) for p in self.corpus.with_phrases("valid", [source])
                  for i in range(0, p.triples, room) if i <= p.phrases[-1]]  # fmt: skip
        chosen = [places[i * len(places) // VALID_WINDOWS] for i in range(min(VALID_WINDOWS, len(places)))]
        ids, targets = zip(*(window(self.v, p, i, self.config.context) for p, i in chosen))
        return torch.from_numpy(np.stack(ids)), torch.from_numpy(np.stack(targets))

    @torch.no_grad()
    def measure(self) -> dict:
        result, nats, notes, slots = {}, 0.0, 0, torch.zeros(3)
        for source in self.measured:
            ids, targets = (c.to(self.args.device) for c in self.valid_windows(source))
            n, k, s = window_loss(self.ema, ids, targets, self.v)
            result[source] = round(n.item() / k.item(), 4)
            nats, notes, slots = nats + n.item(), notes + k.item(), slots + s.cpu()
        return {"all": round(nats / notes, 4), "slots": [round(x / notes, 3) for x in slots.tolist()], **result}

    def train_step(self) -> float:
        a = self.args
        ids, targets = (torch.from_numpy(c).to(a.device) for c in self.sampler.batch(self.step, a.batch))
        with torch.autocast("cuda", torch.bfloat16, enabled=a.device.startswith("cuda")):
            nats, notes, _ = window_loss(self.model, ids, targets, self.v)
        (nats / notes).backward()
        if self.processes > 1:
            grads = [p.grad for p in self.model.parameters()]
            flat = torch.cat([g.flatten() for g in grads])
            dist.all_reduce(flat)
            flat /= self.processes
            for g, part in zip(grads, flat.split([g.numel() for g in grads])):
                g.copy_(part.view_as(g))
        if a.network != "ours":
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        fraction = self.rate(self.step, a.steps)
        for optimizer, peak in self.optimizers.values():
            for group in optimizer.param_groups:
                group["lr"] = peak * fraction
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        self.step += 1
        self.tokens += a.batch * a.context * self.processes
        with torch.no_grad():
            # A short memory at first, or the average would remember the random start.
            decay = min(a.ema, (self.step + 1) / (self.step + 10))
            for slow, fast in zip(self.ema.parameters(), self.model.parameters()):
                slow.lerp_(fast, 1 - decay)
        return (nats / notes).item()

    def save(self) -> None:
        if self.process:
            return
        state = {
            "config": self.config.to_dict(), "args": vars(self.args), "vocabulary": self.v.layout,
            "step": self.step, "seconds": self.seconds, "tokens": self.tokens, "model": self.model.state_dict(), "ema": self.ema.state_dict(),
            **{name: optimizer.state_dict() for name, (optimizer, _) in self.optimizers.items()},
        }  # fmt: skip
        out = Path(self.args.out)
        out.mkdir(parents=True, exist_ok=True)
        torch.save(state, out / "checkpoint.tmp")
        os.replace(out / "checkpoint.tmp", out / "checkpoint.pt")

    def load(self) -> None:
        path = Path(self.args.out) / "checkpoint.pt"
        state = read_checkpoint(path, self.args.device)
        self.corpus.refuse_others(state, path)
        # A checkpoint that was kept in bf16 has the averaged weights alone.
        self.model.load_state_dict(state.get("model", state["ema"]))
        self.ema.load_state_dict(state["ema"])
        for name, (optimizer, _) in self.optimizers.items():
            if name not in state:
                raise SystemExit(f"{path} has weights alone, and no training to go on with: begin with it, --init {path}")
            optimizer.load_state_dict(state[name])
        self.step, self.seconds, self.tokens = state["step"], state["seconds"], state["tokens"]

    def run(self) -> None:
        stopping = []
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: stopping.append(True))
        a = self.args
        until = a.steps if a.stop_at is None else min(a.stop_at, a.steps)
        losses: list[float] = []
        if a.init and self.step == 0 and self.process == 0:
            print(json.dumps({"step": 0, "tokens": self.tokens, "valid": self.measure()}), flush=True)
        last, saved = time.monotonic(), time.monotonic()
        while self.step < until and not self.stop_together(bool(stopping)):
            losses.append(self.train_step())
            now = time.monotonic()
            self.seconds, last = self.seconds + now - last, now
            if self.process == 0 and (self.step % a.eval_every == 0 or self.step == until):
                rate = round(self.rate(self.step, a.steps), 4)
                line = {"step": self.step, "seconds": round(self.seconds), "tokens": self.tokens, "rate": rate,
                        "train": round(sum(losses) / len(losses), 4), "valid": self.measure()}  # fmt: skip
                print(json.dumps(line), flush=True)
                losses.clear()
            if now - saved > a.save_every:
                self.save()
                saved = now
        self.save()

    def stop_together(self, mine: bool) -> bool:
        """Whether any process was asked to stop: one that went alone would leave the others waiting."""
        if self.processes == 1:
            return mine
        asked = torch.tensor([float(mine)])
        dist.all_reduce(asked)
        return bool(asked.item())


def main() -> None:
    args = arguments()
    processes = int(os.environ.get("WORLD_SIZE", "1"))
    if processes > 1:
        dist.init_process_group("gloo")
    training = Training(args, dist.get_rank() if processes > 1 else 0, processes)
    if args.resume:
        training.load()
    if training.process == 0:
        print(json.dumps({"parameters": training.model.parameter_count(), "processes": processes}), flush=True)
    training.run()


if __name__ == "__main__":
    main()
