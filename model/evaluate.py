"""Nats per note on whole pieces of a split, by source.

    python model/evaluate.py --checkpoint model/runs/first/checkpoint.pt --split test

Windows advance by half their length and only their second half counts (all of the first), so that every note is
predicted from at least half a context of music. No augmentation. The prefix of a window is computed from the window
itself, as in training: it tells the model loudness, density, register and the time left, which helps it a little.
Notes of pieces without dynamics count their duration but not their velocity.
"""

import argparse
import json
import time
from collections import defaultdict

import numpy as np
import torch

from data import Corpus, Piece, room_of, window
from export import load
from loss import window_loss
from model import Decoder
from train import PLAYED


def windows(v, piece: Piece, context: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """(ids, targets) of the windows of a piece; each note is a target once."""
    room = room_of(context)
    half = room // 2
    result = [window(v, piece, 0, context)]
    start = 0
    while start + room < piece.triples:
        # What the window before it reached (its last Δ included) is not counted again.
        end = start + room
        start = min(start + half, piece.triples - room)
        result.append(window(v, piece, start, context, None, end - start))
    return result


@torch.no_grad()
def evaluate(model: Decoder, corpus: Corpus, split: str, sources: list[str] | None = None, limit: int | None = None) -> dict:
    nats, notes = defaultdict(float), defaultdict(int)
    for source in sources or corpus.vocabulary.styles:
        pieces = corpus.pieces(split, [source])
        for piece in pieces[:: max(1, len(pieces) // limit)] if limit else pieces:
            for pair in windows(corpus.vocabulary, piece, model.config.context):
                ids, targets = (torch.from_numpy(row)[None] for row in pair)
                n, k = window_loss(model, ids, targets, torch.tensor([piece.flat_velocity]), corpus.vocabulary)
                nats[source] += n.item()
                notes[source] += int(k)
    return by_source(nats, notes)


def by_source(nats: dict[str, float], notes: dict[str, int]) -> dict:
    """Figures of each source, and of the two played ones together."""
    figures = {s: {"natsPerNote": round(nats[s] / notes[s], 4), "notes": notes[s]} for s in nats if notes[s]}
    played = [s for s in figures if s in PLAYED]
    if played:
        count = sum(notes[s] for s in played)
        figures["played"] = {"natsPerNote": round(sum(nats[s] for s in played) / count, 4), "notes": count}
    return figures


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--data", default="model/data")
    p.add_argument("--split", default="test", choices=["valid", "test"])
    p.add_argument("--sources", nargs="*", help="only these; all where none is given")
    p.add_argument("--limit", type=int, help="about this many pieces a source, evenly spread")
    a = p.parse_args()
    torch.set_num_threads(1)
    began = time.monotonic()
    model, _ = load(a.checkpoint)
    figures = evaluate(model, Corpus(a.data), a.split, a.sources, a.limit)
    print(json.dumps({"split": a.split, "figures": figures, "seconds": round(time.monotonic() - began)}, indent=2))
