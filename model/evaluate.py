"""Nats per note on whole pieces of a split, by source.

    python model/evaluate.py --checkpoint model/runs/first/checkpoint.pt --split test

Windows begin with phrases and advance by half their length; of each only what the one before it did not reach counts, so
that a note is predicted from half a context of music where there is as much. No augmentation. What is told (prefix, phrases)
is computed from the music itself, as in training: it helps the network a little.
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


def windows(v, piece: Piece, context: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """(ids, targets) of the windows of a piece; each note is a target once."""
    room = room_of(context)
    result = [window(v, piece, 0, context)]
    start = 0
    while start + room < piece.triples:
        # What the window before it reached (its last place included) is not counted again.
        end = start + room
        ahead = piece.phrases[piece.phrases <= max(start + room // 2, start + 1)]
        after = int(ahead[-1]) if len(ahead) and ahead[-1] > start else end
        # A phrase that is longer than half a window: the window begins within it.
        start = after if after > start else end
        result.append(window(v, piece, start, context, None, end - start))
    return result


@torch.no_grad()
def evaluate(model: Decoder, corpus: Corpus, split: str, sources: list[str] | None = None, limit: int | None = None) -> dict:
    nats, notes = defaultdict(float), defaultdict(int)
    for source in sources or corpus.vocabulary.sources:
        pieces = corpus.pieces(split, [source])
        for piece in pieces[:: max(1, len(pieces) // limit)] if limit else pieces:
            for pair in windows(corpus.vocabulary, piece, model.config.context):
                ids, targets = (torch.from_numpy(row)[None] for row in pair)
                n, k, _ = window_loss(model, ids, targets, corpus.vocabulary)
                nats[source] += n.item()
                notes[source] += int(k)
    return by_source(nats, notes)


def by_source(nats: dict[str, float], notes: dict[str, int]) -> dict:
    """Figures of each source, and of all together."""
    figures = {s: {"natsPerNote": round(nats[s] / notes[s], 4), "notes": notes[s]} for s in nats if notes[s]}
    count = sum(notes.values())
    if count:
        figures["all"] = {"natsPerNote": round(sum(nats.values()) / count, 4), "notes": count}
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
    corpus = Corpus(a.data)
    model, state = load(a.checkpoint)
    corpus.refuse_others(state, a.checkpoint)
    figures = evaluate(model, corpus, a.split, a.sources, a.limit)
    if not figures:
        raise SystemExit(f"no piece of {a.data} is in the split `{a.split}`: see `pianola corpus collect --help`, --held-out")
    print(json.dumps({"split": a.split, "figures": figures, "seconds": round(time.monotonic() - began)}, indent=2))
