"""The n-gram reference, measured as evaluate.py measures the network: nats per note on whole pieces, by source.

    python model/references.py --order 5 [--train-on stanford-piano-rolls giantmidi-piano-sample] [--transpose 5]

The other references are networks: `train.py --network plain` and `--network mended`, `evaluate.py`.
"""

import argparse
import json
import time

import numpy as np

from baselines.kneser_ney import KneserNey
from data import Corpus, Vocabulary
from evaluate import by_source


def transpositions(v: Vocabulary, tokens: np.ndarray, semitones: int) -> list[np.ndarray]:
    """A piece in all keys up to that far away in which it stays on the keyboard, its own among them."""
    struck = (tokens >= v.pitch) & (tokens < v.noPitch)
    if not struck.any():
        return [tokens]
    low, high = int(tokens[struck].min()), int(tokens[struck].max())
    shifts = [s for s in range(-semitones, semitones + 1) if v.pitch <= low + s and high + s < v.noPitch]
    return [np.where(struck, tokens.astype(np.int64) + s, tokens).astype(np.uint16) for s in shifts]


def n_gram_figures(corpus: Corpus, order: int, sources: list[str] | None, semitones: int, splits: list[str]) -> dict:
    v = corpus.vocabulary
    pieces = [t for p in corpus.pieces("train", sources) for t in transpositions(v, p.tokens, semitones)]
    model = KneserNey(pieces, v.slots, order)
    figures = {}
    for split in splits:
        nats, notes = {}, {}
        for piece in corpus.pieces(split):
            flat = (v.touch, v.noTouch, v.velocityBins) if piece.flat_velocity else None
            nats[piece.source] = nats.get(piece.source, 0.0) + model.nats(piece.tokens, flat)
            notes[piece.source] = notes.get(piece.source, 0) + int((piece.tokens[:-1:3] != v.rest).sum())
        figures[split] = by_source(nats, notes)
    return figures


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", default="model/data")
    p.add_argument("--order", type=int, default=5)
    p.add_argument("--train-on", nargs="*", help="only these sources; all where none is given")
    p.add_argument("--transpose", type=int, default=0, help="learn each piece in all keys up to this many semitones away")
    p.add_argument("--splits", nargs="*", default=["valid", "test"])
    a = p.parse_args()
    began = time.monotonic()
    figures = n_gram_figures(Corpus(a.data), a.order, a.train_on, a.transpose, a.splits)
    print(json.dumps({"order": a.order, "trainOn": a.train_on or "all", "transpose": a.transpose, **figures, "seconds": round(time.monotonic() - began)}))
