"""Curves of one or several trainings, as an SVG.

    python model/plot.py model/runs/first/log.jsonl model/runs/second/log.jsonl --out model/runs/loss.svg

A log is what train.py and jsb.py print: one JSON object a line with `step`, `tokens`, `train` and `valid` (a number, or
one of each kind of music and of each slot). The name of a curve begins with the folder of its log where there are several.
"""

import argparse
import json
import math
from html import escape
from pathlib import Path

WIDTH, HEIGHT = 940, 520
LEFT, RIGHT, TOP, BOTTOM = 64, 230, 24, 48  # margins; the legend stands in the right one
COLOURS = ["#B4321E", "#1F5C7A", "#5B7F2B", "#8A5A9E", "#C08A1E", "#3D3A36", "#2A8C82", "#A8577E"]  # readable on white

SLOTS = ("place", "pitch", "length")  # of a note; see data.py

Curve = list[tuple[float, float]]  # millions of tokens, nats


def curves(text: str) -> dict[str, Curve]:
    """By name, in the order of appearance. Lines that measure nothing are passed over."""
    found: dict[str, Curve] = {}
    for number, line in enumerate(text.splitlines(), 1):
        try:
            row = json.loads(line)
        except json.JSONDecodeError as cause:
            raise ValueError(f"line {number} is not JSON: {line[:60]!r}") from cause
        if not {"tokens", "valid"} <= row.keys():
            continue
        valid = dict(row["valid"]) if isinstance(row["valid"], dict) else {"": row["valid"]}
        valid |= dict(zip(SLOTS, valid.pop("slots", [])))
        # Before the first step of a training that goes on from another there is nothing of its own to tell.
        train = {"train": row["train"]} if "train" in row else {}
        values = {**train, **{f"valid {kind}".strip(): nats for kind, nats in valid.items()}}
        for name, nats in values.items():
            found.setdefault(name, []).append((row["tokens"] / 1e6, nats))
    return found


def ticks(low: float, high: float, about: int = 6) -> list[float]:
    """Round numbers (1, 2 or 5 times a power of ten) that span low to high; the ends may lie outside."""
    raw = max(high - low, 1e-9) / about
    power = 10 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= raw * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 10) for i in range(first, last + 1)]


def svg(all_curves: dict[str, Curve]) -> str:
    points = [p for curve in all_curves.values() for p in curve]
    if not points:
        raise ValueError("there is nothing to draw: no line of the logs has a `valid` figure")
    first, last = min(x for x, _ in points), max(x for x, _ in points)
    across = ticks(first if first > last / 2 else 0, last)
    # The first measurements lie far above the rest and would flatten it.
    late = sorted(y for _, y in points)
    up = ticks(late[0], late[math.ceil(0.97 * (len(late) - 1))])
    x = lambda v: round(LEFT + (v - across[0]) / (across[-1] - across[0]) * (WIDTH - LEFT - RIGHT), 1)  # noqa: E731
    y = lambda v: round(HEIGHT - BOTTOM - (v - up[0]) / (up[-1] - up[0]) * (HEIGHT - TOP - BOTTOM), 1)  # noqa: E731
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="13" fill="#1D1B18">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#FFFFFF"/>',
        f'<clipPath id="plot"><rect x="{LEFT}" y="{TOP}" width="{WIDTH - LEFT - RIGHT}" height="{HEIGHT - TOP - BOTTOM}"/></clipPath>',
    ]
    for v in across:
        out.append(f'<path d="M{x(v)} {TOP}V{HEIGHT - BOTTOM}" stroke="#E6E1D3"/>')
        out.append(f'<text x="{x(v)}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{v:g}</text>')
    for v in up:
        out.append(f'<path d="M{LEFT} {y(v)}H{WIDTH - RIGHT}" stroke="#E6E1D3"/>')
        out.append(f'<text x="{LEFT - 8}" y="{y(v) + 4}" text-anchor="end">{v:g}</text>')
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 10}" text-anchor="middle">million tokens</text>')
    out.append(f'<text x="{LEFT}" y="{TOP - 8}">nats</text>')
    for i, (name, curve) in enumerate(all_curves.items()):
        colour, at = COLOURS[i % len(COLOURS)], TOP + 14 + 20 * i
        path = " ".join(f"{x(a)},{y(b)}" for a, b in curve)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2" clip-path="url(#plot)"/>')
        out.append(f'<path d="M{WIDTH - RIGHT + 12} {at - 4}h18" stroke="{colour}" stroke-width="2"/>')
        label = f"{name}: {curve[-1][1]:.3f}"
        out.append(f'<text x="{WIDTH - RIGHT + 36}" y="{at}">{escape(label)}</text>')
    return "\n".join([*out, "</svg>", ""])


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("logs", nargs="+", type=Path)
    p.add_argument("--out", type=Path, required=True)
    a = p.parse_args()
    for log in a.logs:
        if not log.is_file():
            p.error(f"there is no log {log}")
    drawn = {}
    for log in a.logs:
        before = f"{log.parent.name} " if len(a.logs) > 1 else ""
        drawn |= {before + name: curve for name, curve in curves(log.read_text()).items()}
    a.out.write_text(svg(drawn))
