"""Muon: momentum whose steps are made orthogonal, for the matrices inside the blocks (Jordan et al., 2024,
https://kellerjordan.github.io/posts/muon/)."""

import torch
import torch.distributed as dist
from torch import Tensor


def orthogonal(g: Tensor, steps: int = 5) -> Tensor:
    """Newton-Schulz iteration: about the nearest orthogonal matrix to each of g [n, rows, columns]."""
    a, b, c = 3.4445, -4.7750, 2.0315  # Jordan's quintic: steep at zero, singular values end near 1
    x = g.to(torch.bfloat16) if g.is_cuda else g
    tall = x.shape[-2] > x.shape[-1]
    x = x.mT if tall else x
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(steps):
        s = x @ x.mT
        x = a * x + (b * s + c * (s @ s)) @ x
    return (x.mT if tall else x).to(g.dtype)


def shared_out(updates: Tensor) -> Tensor:
    """`orthogonal`, of which each process that trains beside this one does a part: an eighth of a step's operations."""
    if not dist.is_initialized():
        return orthogonal(updates)
    process, processes = dist.get_rank(), dist.get_world_size()
    mine = slice(process * len(updates) // processes, (process + 1) * len(updates) // processes)
    result = torch.zeros_like(updates)
    result[mine] = orthogonal(updates[mine])
    dist.all_reduce(result)
    return result


class Muon(torch.optim.Optimizer):
    def __init__(self, params, lr: float = 0.02, momentum: float = 0.95, weight_decay: float = 0.0):
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            by_shape: dict[tuple, list] = {}
            for p in group["params"]:
                if p.grad is not None:
                    by_shape.setdefault(tuple(p.shape), []).append(p)
            for (rows, columns), params in by_shape.items():
                updates = []
                for p in params:
                    state = self.state[p]
                    if not state:
                        state["momentum"] = torch.zeros_like(p)
                    state["momentum"].lerp_(p.grad, 1 - group["momentum"])
                    updates.append(p.grad.lerp(state["momentum"], group["momentum"]))  # Nesterov
                scale = group["lr"] * max(1.0, rows / columns) ** 0.5
                for p, update in zip(params, shared_out(torch.stack(updates))):
                    p.mul_(1 - group["lr"] * group["weight_decay"]).add_(update, alpha=-scale)
