"""Windows of music for training and for measuring, from the shards of `pianola corpus tokens`.

A window is prefix + (in training, now and then) a motif and a seam + note triples, with marks where the end comes nearer,
+ one more Δ (so that the last full triple has something to predict). The batch of a step depends on (seed, step) alone:
a resumed training sees exactly what an uninterrupted one would have seen.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

PREFIX = 6
IGNORE = -100
TRANSPOSE = 5  # semitones up or down
TEMPO = 0.10  # up to 10 % faster or slower
VELOCITY_SHIFT = 3  # bins of 4 MIDI velocity units, up or down
MOTIF_CHANCE = 0.35  # of the windows that begin well after their piece
MOTIF_NOTES = (12, 32)
SPARSE_BELOW = 5  # notes a second


@dataclass(frozen=True)
class Piece:
    file: str
    source: str
    tokens: np.ndarray  # uint16, triples and END, without prefix
    flat_velocity: bool

    @property
    def triples(self) -> int:
        return (len(self.tokens) - 1) // 3

    @cached_property
    def onsets(self) -> np.ndarray:
        """Of each triple, in steps from the first; a rest is REST (its id, 200) steps long."""
        return np.cumsum(self.tokens[:-1:3].astype(np.int64))


class Vocabulary:
    """The token layout as the shards' index states it."""

    def __init__(self, layout: dict):
        self.__dict__.update(layout)
        self.layout = layout
        self.log_durations = np.log(np.array(layout["durationsMs"], float))
        self.slots = ((layout["delta"], layout["pitch"]), (layout["pitch"], layout["touch"]), (layout["touch"], layout["style"]))
        self.padded = -(-layout["size"] // 64) * 64


class Corpus:
    def __init__(self, folder: str | Path):
        folder = Path(folder)
        index = json.loads((folder / "index.json").read_text())
        self.vocabulary = Vocabulary(index["vocabulary"])
        self.splits: dict[str, list[Piece]] = {}
        for split, pieces in index["splits"].items():
            shard = np.fromfile(folder / f"{split}.bin", dtype="<u2")
            self.splits[split] = [
                Piece(p["file"], p["source"], shard[p["start"] : p["start"] + p["length"]], p["flatVelocity"]) for p in pieces
            ]

    def pieces(self, split: str, sources: list[str] | None = None) -> list[Piece]:
        return [p for p in self.splits[split] if sources is None or p.source in sources]


def prefix(v: Vocabulary, triples: np.ndarray, source: str, flat_velocity: bool, level: int, with_motif: bool) -> list[int]:
    """Style, loudness, density, time left and register of a window [n, 3], as the composer states them when it asks for music."""
    struck = triples[:, 0] != v.rest
    seconds = np.where(struck, triples[:, 0], v.restMs // v.stepMs).sum() * v.stepMs / 1000
    density = int(np.searchsorted(v.densityEdges, struck.sum() / max(seconds, 1.0), side="right"))
    velocity = (triples[struck, 2] - v.touch) % v.velocityBins * v.velocityBinWidth + v.velocityBinWidth // 2
    loudness = v.flatLoudness - v.loudness if flat_velocity or not struck.any() else int(velocity.mean()) >> 4
    pitch = (triples[struck, 1] - v.pitch + v.lowestPitch).mean() if struck.any() else 60
    register = int(np.searchsorted(v.registerEdges, pitch, side="right"))
    return [
        v.style + v.styles.index(source), v.loudness + loudness, v.density + density,
        v.remaining + level, v.register + register, v.withMotif if with_motif else v.noMotif,
    ]  # fmt: skip


def notes_per_second(v: Vocabulary, triples: np.ndarray) -> float:
    struck = triples[:, 0] != v.rest
    steps = np.where(struck, triples[:, 0], v.restMs // v.stepMs).sum()
    return struck.sum() / max(steps * v.stepMs / 1000, 1.0)


def levels_left(v: Vocabulary, piece: Piece, start: int, stop: int) -> np.ndarray:
    """For triples [start, stop): 0 where 60 s and more are left to the piece's last onset, then under 60, 30, 10 s."""
    seconds = (piece.onsets[-1] - piece.onsets[start:stop]) * v.stepMs / 1000
    return (seconds[:, None] < np.array(v.remainingEdges)).sum(1)


def augment(v: Vocabulary, triples: np.ndarray, flat_velocity: bool, rng: np.random.Generator) -> np.ndarray:
    """Transposed, a little faster or slower, a little louder or softer; never off the keyboard or the grid."""
    out = triples.copy()
    struck = out[:, 0] != v.rest
    if not struck.any():
        return out
    pitch = out[struck, 1]
    low = max(-TRANSPOSE, v.pitch - pitch.min())
    high = min(TRANSPOSE, v.pitch + v.pitches - 1 - pitch.max())
    out[struck, 1] = pitch + rng.integers(low, high + 1)

    factor = np.exp(rng.uniform(-1, 1) * np.log1p(TEMPO))
    # Rounding the onsets, not the differences, keeps the rounding errors from adding up; chords stay chords.
    onset = np.rint(np.cumsum(np.where(struck, out[:, 0], 0)) * factor).astype(np.int64)
    out[struck, 0] = np.clip(np.diff(onset, prepend=0), v.delta, v.rest - 1)[struck]
    touch = out[struck, 2] - v.touch
    bins = np.interp(v.log_durations + np.log(factor), v.log_durations, np.arange(v.durationBins))
    duration = bins[touch // v.velocityBins] + rng.uniform(-0.5, 0.5, touch.shape)  # dithered: bins are wider than 10 %
    velocity = touch % v.velocityBins
    if not flat_velocity:
        velocity = velocity + rng.integers(-VELOCITY_SHIFT, VELOCITY_SHIFT + 1)
    duration = np.clip(np.rint(duration), 0, v.durationBins - 1).astype(np.int64)
    out[struck, 2] = v.touch + duration * v.velocityBins + np.clip(velocity, 0, v.velocityBins - 1)
    return out


def room_of(context: int) -> int:
    """Triples of music in a window, however many marks it holds."""
    return context // 3 - PREFIX // 3 - 3


def window(
    v: Vocabulary, piece: Piece, start: int, context: int, rng: np.random.Generator | None = None, counted_from: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """(ids, targets), context + 1 of each, from triple `start` on. Targets are IGNORE where nothing is to be learnt: in
    the prefix, the motif and the marks, after END, and before triple `counted_from` and its Δ. Without rng: as it is."""
    motif_length = 0
    if rng is not None and rng.random() < MOTIF_CHANCE:
        motif_length = int(rng.integers(*MOTIF_NOTES, endpoint=True))
        if start < 2 * motif_length or motif_length > room_of(context) // 2:
            motif_length = 0
    stop = min(start + room_of(context) - (motif_length + 1 if motif_length else 0), piece.triples)
    triples = piece.tokens[3 * start : 3 * stop].astype(np.int64).reshape(-1, 3)
    following = int(piece.tokens[3 * stop])
    motif = piece.tokens[: 3 * motif_length].astype(np.int64).reshape(-1, 3)
    levels = levels_left(v, piece, start, stop)
    if rng is not None:
        both = augment(v, np.concatenate((motif, triples)), piece.flat_velocity, rng)
        motif, triples = both[:motif_length], both[motif_length:]
        # Half of the windows begin at once, as compositions do; the others keep the pause before their first note.
        if len(triples) and triples[0, 0] != v.rest and rng.random() < 0.5:
            triples[0, 0] = v.delta
    head = prefix(v, triples, piece.source, piece.flat_velocity, int(levels[0]) if len(levels) else 0, motif_length > 0)
    silent = [v.noPitch, v.noTouch]
    if motif_length:
        head = [*head, *motif.ravel(), v.seam, *silent]
    targets = triples.copy()
    if counted_from:
        targets[:counted_from] = IGNORE
        targets[counted_from : counted_from + 1, 0] = IGNORE
    # Where a level is passed, a mark says so.
    at = np.flatnonzero(np.diff(levels)) + 1
    marks = np.array([[v.remaining + int(levels[i]), *silent] for i in at], np.int64).reshape(-1, 3)
    triples = np.insert(triples, at, marks, axis=0)
    targets = np.insert(targets, at, IGNORE, axis=0)
    ids, wanted = np.full(context + 1, IGNORE, np.int64), np.full(context + 1, IGNORE, np.int64)
    music = slice(len(head), len(head) + triples.size)
    ids[: len(head)] = head
    ids[music], wanted[music] = triples.ravel(), targets.ravel()
    ids[music.stop] = wanted[music.stop] = following
    return ids, wanted


class Sampler:
    """Random training windows: a source by weight, a piece by length, a place in it."""

    def __init__(self, corpus: Corpus, weights: dict[str, float], context: int, seed: int, sparse_first: float = 0.0):
        """sparse_first: the chance that a window of SPARSE_BELOW and more notes a second is drawn anew, up to three times."""
        self.v, self.context, self.seed, self.sparse_first = corpus.vocabulary, context, seed, sparse_first
        self.groups = []
        for source, weight in weights.items():
            pieces = [p for p in corpus.pieces("train", [source]) if p.triples > 0]
            if pieces and weight > 0:
                length = np.array([p.triples for p in pieces], float)
                self.groups.append((weight, pieces, np.cumsum(length / length.sum())))
        self.chance = np.cumsum([g[0] for g in self.groups]) / sum(g[0] for g in self.groups)

    def place(self, rng: np.random.Generator) -> tuple[Piece, int]:
        _, pieces, cumulative = self.groups[min(np.searchsorted(self.chance, rng.random()), len(self.groups) - 1)]
        piece = pieces[min(np.searchsorted(cumulative, rng.random()), len(pieces) - 1)]
        last = max(0, piece.triples - room_of(self.context))
        place = rng.random()
        # Beginnings and endings more often than chance would have it: every performance has one of each.
        return piece, 0 if place < 0.05 else last if place < 0.12 else int(rng.integers(0, last + 1))

    def dense(self, piece: Piece, start: int) -> bool:
        stop = min(start + room_of(self.context), piece.triples)
        return notes_per_second(self.v, piece.tokens[3 * start : 3 * stop].reshape(-1, 3)) >= SPARSE_BELOW

    def batch(self, step: int, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """ids and targets [size, context + 1], and which rows have unknown velocities."""
        rng = np.random.default_rng([self.seed, step])
        rows, flat = [], []
        for _ in range(size):
            piece, start = self.place(rng)
            for _ in range(3):
                if self.sparse_first == 0 or not self.dense(piece, start) or rng.random() >= self.sparse_first:
                    break
                piece, start = self.place(rng)
            rows.append(window(self.v, piece, start, self.context, rng))
            flat.append(piece.flat_velocity)
        ids, targets = (np.stack(column) for column in zip(*rows))
        return ids, targets, np.array(flat)
