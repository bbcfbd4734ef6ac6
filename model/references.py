"""What the network is measured against, in nats per note: on whole pieces of the test split, as evaluate.py measures.

    python model/references.py n-gram --transpose 6
    python model/references.py networks --steps 1200 --out model/runs/references

`networks` trains each from nothing on the same windows, with the learning rate falling to zero: ours, the plain GPT (at one
or more learning rates, `plain:0.002`) and the first project's decoder, mended. Then it measures each on the windows of the
valid split that train.py watches, by which a learning rate is chosen, and on the test split. Stopped and started again, it
goes on where it was. What is done it reads from OUT/figures.jsonl.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np

from baselines.kneser_ney import KneserNey
from data import Corpus, Vocabulary
from evaluate import by_source, evaluate
from export import load
from train import Training, arguments

# Making Muon's steps orthogonal takes 17.6 billion operations beside the 112 of all else (4 × 1,152 tokens): the plain
# network has as many more steps, so that it computes as much and reads no less.
MORE_STEPS = {"plain": 1.16}


def transpositions(v: Vocabulary, tokens: np.ndarray, semitones: int) -> list[np.ndarray]:
    """A piece in all keys up to that far away in which it stays on the keyboard, its own among them."""
    struck = (tokens >= v.pitch) & (tokens < v.noPitch)
    if not struck.any():
        return [tokens]
    low, high = int(tokens[struck].min()), int(tokens[struck].max())
    shifts = [s for s in range(-semitones, semitones + 1) if v.pitch <= low + s and high + s < v.noPitch]
    return [np.where(struck, tokens.astype(np.int64) + s, tokens).astype(np.uint16) for s in shifts]


def notes_alone(v: Vocabulary, tokens: np.ndarray) -> np.ndarray:
    """Without phrases and changes of metre: to an n-gram they would only be in the way."""
    triples = tokens[:-1].reshape(-1, 3)
    return np.append(triples[triples[:, 0] < v.source].ravel(), tokens[-1])


def n_gram_figures(corpus: Corpus, order: int, sources: list[str] | None, semitones: int, splits: list[str]) -> dict:
    v = corpus.vocabulary
    pieces = [t for p in corpus.pieces("train", sources) for t in transpositions(v, notes_alone(v, p.tokens), semitones)]
    model = KneserNey(pieces, v.slots, order)
    figures = {}
    for split in splits:
        nats, notes = {}, {}
        for piece in corpus.pieces(split):
            tokens = notes_alone(v, piece.tokens)
            nats[piece.source] = nats.get(piece.source, 0.0) + model.nats(tokens)
            notes[piece.source] = notes.get(piece.source, 0) + int((tokens[:-1:3] < v.emptyBar).sum())
        figures[split] = by_source(nats, notes)
    return figures


def train_one(name: str, steps: int, out: Path, more: list[str]) -> Training:
    """name: a network of train.py, with its AdamW learning rate behind a colon if it is not the usual one."""
    network, _, rate = name.partition(":")
    folder = out / name.replace(":", "-")
    steps = round(steps * MORE_STEPS.get(network, 1))
    argv = ["--network", network, "--out", str(folder), "--steps", str(steps), *(["--adam-lr", rate] if rate else []), *more]
    training = Training(arguments(argv))
    if (folder / "checkpoint.pt").exists():
        training.load()
    training.run()
    return training


def compare(names: list[str], steps: int, out: Path, more: list[str], limit: int | None) -> None:
    """limit: about this many pieces a source are evaluated; all if None."""
    out.mkdir(parents=True, exist_ok=True)
    log = out / "figures.jsonl"
    done = {json.loads(line)["network"] for line in log.read_text().splitlines()} if log.exists() else set()
    for name in names:
        if name in done:
            continue
        training = train_one(name, steps, out, more)
        if training.step < training.args.steps:
            sys.exit(f"interrupted at step {training.step} of {name}; the same command goes on")
        model, _ = load(Path(training.args.out) / "checkpoint.pt")
        row = {
            "network": name, "steps": training.step, "tokens": training.tokens,
            "seconds": round(training.seconds), "parameters": model.parameter_count(),
            "validWindows": training.measure(), "test": evaluate(model, training.corpus, "test", None, limit),
        }  # fmt: skip
        with log.open("a") as file:
            file.write(json.dumps(row) + "\n")
        print(json.dumps(row), flush=True)


def main(argv: list[str] | None = None) -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", default="model/data")
    kinds = p.add_subparsers(dest="kind", required=True)
    n_gram = kinds.add_parser("n-gram")
    n_gram.add_argument("--order", type=int, default=5)
    n_gram.add_argument("--train-on", nargs="*", help="only these sources; all where none is given")
    n_gram.add_argument("--transpose", type=int, default=0, help="learn each piece in all keys up to this many semitones away")
    n_gram.add_argument("--splits", nargs="*", default=["valid", "test"])
    networks = kinds.add_parser("networks", epilog="further options are train.py's, and hold for every network")
    networks.add_argument("--steps", type=int, required=True, help="of ours, 4,608 tokens each")
    networks.add_argument("--out", type=Path, required=True)
    networks.add_argument("--networks", nargs="*", default=["ours", "plain", "plain:0.002", "plain:0.004", "mended"])
    networks.add_argument("--limit", type=int, help="evaluate about this many pieces a source, evenly spread")
    a, more = p.parse_known_args(argv)
    if a.kind == "networks":
        compare(a.networks, a.steps, a.out, ["--data", a.data, *more], a.limit)
        return
    if more:
        p.error(f"unknown: {' '.join(more)}")
    began = time.monotonic()
    figures = n_gram_figures(Corpus(a.data), a.order, a.train_on, a.transpose, a.splits)
    settings = {"order": a.order, "trainOn": a.train_on or "all", "transpose": a.transpose}
    print(json.dumps({**settings, **figures, "seconds": round(time.monotonic() - began)}))


if __name__ == "__main__":
    main()
