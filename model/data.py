"""Windows of music for training and for measuring, from the shards of `pianola corpus tokens`.

A window is prefix + note triples + one more Δ (so that the last full triple has something to predict). The batch of a
step depends on (seed, step) alone: a resumed training sees exactly what an uninterrupted one would have seen.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

PREFIX = 3
IGNORE = -100
TRANSPOSE = 5  # semitones up or down
TEMPO = 0.10  # up to 10 % faster or slower
VELOCITY_SHIFT = 3  # bins of 4 MIDI velocity units, up or down


@dataclass(frozen=True)
class Piece:
    file: str
    source: str
    tokens: np.ndarray  # uint16, triples and END, without prefix
    flat_velocity: bool

    @property
    def triples(self) -> int:
        return (len(self.tokens) - 1) // 3


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


def prefix(v: Vocabulary, triples: np.ndarray, source: str, flat_velocity: bool) -> list[int]:
    """Style, loudness and density of a window [n, 3], as the composer will state them when it asks for music."""
    struck = triples[:, 0] != v.rest
    seconds = np.where(struck, triples[:, 0], v.restMs // v.stepMs).sum() * v.stepMs / 1000
    density = int(np.searchsorted(v.densityEdges, struck.sum() / max(seconds, 1.0), side="right"))
    velocity = (triples[struck, 2] - v.touch) % v.velocityBins * v.velocityBinWidth + v.velocityBinWidth // 2
    loudness = v.flatLoudness - v.loudness if flat_velocity or not struck.any() else int(velocity.mean()) >> 4
    return [v.style + v.styles.index(source), v.loudness + loudness, v.density + density]


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


def window(v: Vocabulary, piece: Piece, start: int, context: int, rng: np.random.Generator | None) -> np.ndarray:
    """context + 1 ids from triple `start` on, padded with IGNORE after END. Without rng: as it is, for measuring."""
    room = context // 3 - 1
    triples = piece.tokens[3 * start : 3 * min(start + room, piece.triples)].astype(np.int64).reshape(-1, 3)
    following = int(piece.tokens[3 * min(start + room, piece.triples)])
    if rng is not None:
        triples = augment(v, triples, piece.flat_velocity, rng)
        # Half of the windows begin at once, as compositions do; the others keep the pause before their first note.
        if len(triples) and triples[0, 0] != v.rest and rng.random() < 0.5:
            triples[0, 0] = v.delta
    out = np.full(context + 1, IGNORE, np.int64)
    out[:PREFIX] = prefix(v, triples, piece.source, piece.flat_velocity)
    out[PREFIX : PREFIX + triples.size] = triples.ravel()
    out[PREFIX + triples.size] = following
    return out


class Sampler:
    """Random training windows: a source by weight, a piece by length, a place in it."""

    def __init__(self, corpus: Corpus, weights: dict[str, float], context: int, seed: int):
        self.v, self.context, self.seed = corpus.vocabulary, context, seed
        self.groups = []
        for source, weight in weights.items():
            pieces = [p for p in corpus.pieces("train", [source]) if p.triples > 0]
            if pieces and weight > 0:
                length = np.array([p.triples for p in pieces], float)
                self.groups.append((weight, pieces, np.cumsum(length / length.sum())))
        self.chance = np.cumsum([g[0] for g in self.groups]) / sum(g[0] for g in self.groups)

    def batch(self, step: int, size: int) -> tuple[np.ndarray, np.ndarray]:
        """ids [size, context + 1] and which rows have unknown velocities."""
        rng = np.random.default_rng([self.seed, step])
        rows, flat = [], []
        for _ in range(size):
            _, pieces, cumulative = self.groups[min(np.searchsorted(self.chance, rng.random()), len(self.groups) - 1)]
            piece = pieces[min(np.searchsorted(cumulative, rng.random()), len(pieces) - 1)]
            last = max(0, piece.triples - (self.context // 3 - 1))
            place = rng.random()
            # Beginnings and endings more often than chance would have it: every performance has one of each.
            start = 0 if place < 0.05 else last if place < 0.12 else int(rng.integers(0, last + 1))
            rows.append(window(self.v, piece, start, self.context, rng))
            flat.append(piece.flat_velocity)
        return np.stack(rows), np.array(flat)
