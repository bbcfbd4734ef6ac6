"""Averages checkpoints of one training: the mean of weights that lie behind each other on its way errs less than any of them.

    python model/average.py model/runs/score/at-*.pt --out model/runs/score/averaged.pt

Kaddour 2022, "Stop Wasting My Time! Saving Days of ImageNet and BERT Training with Latest Weight Averaging". What is written has the
steps, tokens and sizes of the checkpoint that has learnt longest, and no optimisers: evaluate.py, export.py and `train.py --init` read it.
"""

import argparse
import json
from pathlib import Path

import torch

from train import read_checkpoint


def average(checkpoints: list[Path], out: Path) -> dict:
    """Of the averaged weights (EMA) of each, all alike. Exits where they are not of one training's sizes and vocabulary."""
    read = sorted(((read_checkpoint(path), path) for path in checkpoints), key=lambda pair: pair[0]["tokens"])
    states = [state for state, _ in read]
    last = states[-1]
    for state, path in read:
        for what in ("config", "vocabulary"):
            if state[what] != last[what]:
                raise SystemExit(f"{path} has another {what} than the checkpoint that has learnt longest: they cannot be averaged")
    tokens = [state["tokens"] for state in states]
    mean = {name: torch.stack([state["ema"][name].float() for state in states]).mean(0) for name in last["ema"]}
    kept = {name: last[name] for name in ("config", "args", "vocabulary", "step", "seconds", "tokens")}
    out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({**kept, "ema": mean, "averaged": tokens}, out)
    return {"step": last["step"], "averaged": tokens, "bytes": out.stat().st_size}


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("checkpoints", nargs="+", type=Path)
    p.add_argument("--out", required=True, type=Path)
    a = p.parse_args()
    print(json.dumps(average(a.checkpoints, a.out), indent=2))
