"""Windows of printed music for training and measuring, from shards of score tokens (`src/music/tokens/`).

A window is a prefix, now and then a motif and a seam, and then music from the beginning of a phrase on. What is told
(prefix, motif, marks of phrases and metres) is read and never predicted. The batch of a step depends on seed, step and
process alone: a resumed training sees what an uninterrupted one would have seen.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

PREFIX = 6
IGNORE = -100
TRANSPOSE = 6  # semitones up or down
MOTIF_CHANCE = 0.5  # of the windows that begin well after their piece
MOTIF_NOTES = 48  # at most
FIRST_CHANCE = 0.12  # windows that begin with their piece: every composition does
LAST_CHANCE = 0.08


class Vocabulary:
    """The token layout as the shards' index states it."""

    def __init__(self, layout: dict):
        self.__dict__.update(layout)
        self.layout = layout
        self.slots = ((layout["here"], layout["pitch"]), (layout["pitch"], layout["length"]), (layout["length"], layout["source"]))
        self.padded = -(-layout["size"] // 64) * 64


@dataclass(frozen=True)
class Piece:
    file: str
    source: str
    texture: str
    tokens: np.ndarray  # uint16, triples and END, without prefix
    v: Vocabulary

    @property
    def triples(self) -> int:
        return (len(self.tokens) - 1) // 3

    @cached_property
    def phrases(self) -> np.ndarray:
        """Triples at which a phrase is announced."""
        places = self.tokens[:-1:3]
        return np.flatnonzero((places >= self.v.phrase) & (places < self.v.key))

    @cached_property
    def metres(self) -> tuple[np.ndarray, np.ndarray]:
        """Triples at which the metre changes, and its token."""
        places = self.tokens[:-1:3]
        at = np.flatnonzero((places >= self.v.metre) & (places <= self.v.otherMetre))
        return at, places[at]

    @cached_property
    def opening(self) -> np.ndarray:
        """The notes of the first phrase, as triples [n, 3]."""
        stop = int(self.phrases[1]) if len(self.phrases) > 1 else self.triples
        triples = self.tokens[: 3 * stop].reshape(-1, 3)
        return triples[triples[:, 0] < self.v.source][:MOTIF_NOTES]


class Corpus:
    def __init__(self, folder: str | Path):
        """Exits where there are no shards."""
        folder = Path(folder)
        if not (folder / "index.json").is_file():
            raise SystemExit(f"{folder} has no index.json: write shards there with `pianola corpus tokens`, or give --data")
        index = json.loads((folder / "index.json").read_text())
        self.vocabulary = v = Vocabulary(index["vocabulary"])
        self.splits: dict[str, list[Piece]] = {}
        for split, pieces in index["splits"].items():
            shard = np.fromfile(folder / f"{split}.bin", dtype="<u2")
            self.splits[split] = [
                Piece(p["file"], p["source"], p["texture"], shard[p["start"] : p["start"] + p["length"]], v) for p in pieces
            ]

    def pieces(self, split: str, sources: list[str] | None = None) -> list[Piece]:
        return [p for p in self.splits[split] if sources is None or p.source in sources]

    def with_phrases(self, split: str, sources: list[str] | None = None) -> list[Piece]:
        """Pieces that windows can begin in."""
        return [p for p in self.pieces(split, sources) if len(p.phrases)]

    def refuse_others(self, state: dict, checkpoint: str | Path) -> None:
        """Exits where a checkpoint was trained on another vocabulary: its tokens would mean other notes."""
        theirs, ours = state["vocabulary"]["hash"], self.vocabulary.layout["hash"]
        if theirs != ours:
            raise SystemExit(
                f"{checkpoint} was trained on another vocabulary ({theirs[:12]}) than the one of the shards ({ours[:12]}): "
                "write the shards anew with the version of Pianola that the checkpoint came with, or take another checkpoint"
            )


def prefix(v: Vocabulary, piece: Piece, start: int, triples: np.ndarray, with_motif: bool) -> list[int]:
    at, metre = piece.metres
    before = np.searchsorted(at, start + 2, side="right") - 1  # the metre of the first bar stands behind its phrase's two marks
    notes = triples[(triples[:, 1] >= v.pitch) & (triples[:, 1] < v.noPitch), 1]
    register = int(np.searchsorted(v.registerEdges, (notes - v.pitch + v.lowestPitch).mean() if len(notes) else 60, side="right"))
    return [
        v.source + v.sources.index(piece.source), int(metre[max(before, 0)]) if len(metre) else v.otherMetre, v.texture + v.textures.index(piece.texture),
        v.register + register, v.withMotif if with_motif else v.noMotif, v.noLength,
    ]  # fmt: skip


def transposed(v: Vocabulary, triples: np.ndarray, shift: int) -> np.ndarray:
    """Pitches and the keys of the phrases, `shift` semitones higher."""
    out = triples.copy()
    pitch = out[:, 1]
    note = (pitch >= v.pitch) & (pitch < v.noPitch)
    key = (pitch >= v.key) & (pitch < v.recalls)
    k = pitch - v.key
    out[:, 1] = np.where(note, pitch + shift, np.where(key, v.key + k // 12 * 12 + (k % 12 + shift) % 12, pitch))
    return out


def random_shift(v: Vocabulary, triples: np.ndarray, rng: np.random.Generator) -> int:
    notes = triples[(triples[:, 1] >= v.pitch) & (triples[:, 1] < v.noPitch), 1]
    if not len(notes):
        return 0
    low, high = max(-TRANSPOSE, v.pitch - notes.min()), min(TRANSPOSE, v.noPitch - 1 - notes.max())
    return int(rng.integers(low, high + 1))


def targets_of(v: Vocabulary, triples: np.ndarray, ahead: bool) -> np.ndarray:
    """What is to be predicted: notes whole, of empty bars the place, of marks nothing. With `ahead` the place that comes
    behind marks is predicted before them too: a network that is never asked there would not know when a phrase is over."""
    targets = triples.copy()
    marks = triples[:, 0] >= v.source
    targets[marks] = IGNORE
    targets[triples[:, 0] >= v.emptyBar, 1:] = IGNORE
    if ahead:
        first = np.flatnonzero(marks[1:] & ~marks[:-1]) + 1
        music = np.flatnonzero(~marks)
        following = np.searchsorted(music, first)
        known = following < len(music)
        targets[first[known], 0] = triples[music[following[known]], 0]
    return targets


def room_of(context: int, motif: int = 0) -> int:
    """Triples of music in a window."""
    return context // 3 - PREFIX // 3 - (motif + 1 if motif else 0)


def window(
    v: Vocabulary, piece: Piece, start: int, context: int, rng: np.random.Generator | None = None, counted_from: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """(ids, targets), context + 1 of each, from triple `start` on, where a phrase begins. Without rng: as it is, no motif.
    Before triple `counted_from`, counted from `start`, nothing is a target, nor is its place."""
    motif = piece.opening
    # It leaves at least as much room for music as it takes: small windows go without long ones.
    fits = room_of(context, len(motif)) >= len(motif)
    if rng is None or not fits or start <= 2 * len(motif) or rng.random() >= MOTIF_CHANCE:
        motif = motif[:0]
    stop = min(start + room_of(context, len(motif)), piece.triples)
    triples = piece.tokens[3 * start : 3 * stop].astype(np.int64).reshape(-1, 3)
    motif = motif.astype(np.int64)
    following = int(piece.tokens[3 * stop])
    if rng is not None:
        both = np.concatenate((motif, triples))
        both = transposed(v, both, random_shift(v, both, rng))
        motif, triples = both[: len(motif)], both[len(motif) :]
    head = prefix(v, piece, start, triples, len(motif) > 0)
    if len(motif):
        head = [*head, *motif.ravel(), v.seam, v.noPitch, v.noLength]
    ids, wanted = np.full(context + 1, IGNORE, np.int64), np.full(context + 1, IGNORE, np.int64)
    music = slice(len(head), len(head) + triples.size)
    ids[: len(head)] = head
    targets = targets_of(v, triples, rng is not None)
    if counted_from:
        targets[:counted_from] = IGNORE
        targets[counted_from : counted_from + 1, 0] = IGNORE
    ids[music], wanted[music] = triples.ravel(), targets.ravel()
    ids[music.stop] = following
    wanted[music.stop] = following if following < v.source else IGNORE
    return ids, wanted


class Sampler:
    """Random training windows: a source by weight, a piece by length, one of its phrases."""

    def __init__(self, corpus: Corpus, weights: dict[str, float], context: int, seed: int, process: int = 0):
        self.v, self.context, self.seed, self.process = corpus.vocabulary, context, seed, process
        self.groups = []
        for source, weight in weights.items():
            pieces = corpus.with_phrases("train", [source])
            length = np.array([p.triples for p in pieces], float)
            self.groups.append((weight, pieces, np.cumsum(length / length.sum())))
        self.chance = np.cumsum([g[0] for g in self.groups]) / sum(g[0] for g in self.groups)

    def place(self, rng: np.random.Generator) -> tuple[Piece, int]:
        _, pieces, cumulative = self.groups[min(np.searchsorted(self.chance, rng.random()), len(self.groups) - 1)]
        piece = pieces[min(np.searchsorted(cumulative, rng.random()), len(pieces) - 1)]
        last = max(0, np.searchsorted(piece.phrases, piece.triples - room_of(self.context)))
        last = min(last, len(piece.phrases) - 1)
        place = rng.random()
        at = 0 if place < FIRST_CHANCE else last if place < FIRST_CHANCE + LAST_CHANCE else rng.integers(0, last + 1)
        return piece, int(piece.phrases[at])

    def batch(self, step: int, size: int) -> tuple[np.ndarray, np.ndarray]:
        """ids and targets [size, context + 1]."""
        rng = np.random.default_rng([self.seed, step, self.process])
        rows = [window(self.v, *self.place(rng), self.context, rng) for _ in range(size)]
        ids, targets = (np.stack(column) for column in zip(*rows))
        return ids, targets
