"""The measure of everything: nats per note, the same for training, choosing and reporting."""

import torch
from torch import Tensor

from data import IGNORE, Vocabulary
from model import Decoder


def touch_loss(logits: Tensor, target: Tensor, flat: Tensor, v: Vocabulary) -> Tensor:
    """Cross-entropy of the touch slot [B, N]; where a piece's velocities are unknown (flat [B]), of the duration alone."""
    log_p = logits.float().log_softmax(-1)
    touch = (target - v.touch).clamp_min(0)
    exact = log_p.gather(-1, touch[..., None])[..., 0]
    if not flat.any():
        return -exact
    # Any velocity would do: the probability of the duration is the sum over its velocity bins.
    bins = torch.arange(v.velocityBins, device=logits.device)
    same = (touch // v.velocityBins * v.velocityBins)[..., None] + bins
    same = same.clamp_max(logits.shape[-1] - 1)  # NO_TOUCH is beyond the last bin; its row is not used below
    duration = log_p.gather(-1, same).logsumexp(-1)
    return -torch.where(flat[:, None] & (target < v.noTouch), duration, exact)


def note_nats(
    slot_logits: tuple[Tensor, ...] | list[Tensor],
    targets: Tensor,
    flat: Tensor,
    v: Vocabulary,
    slots: tuple[tuple[int, int], ...],
) -> tuple[Tensor, Tensor]:
    """Summed nats and number of notes of targets [B, context + 1]; where a target is IGNORE, nothing counts."""
    total = torch.zeros((), device=targets.device)
    for slot, logits in enumerate(slot_logits):
        target = targets[:, 3 + slot :: 3]
        logits = logits[:, : target.shape[1]]
        if slot == 2:
            nats = touch_loss(logits, target, flat, v)
        else:
            local = (target - slots[slot][0]).clamp_min(0)
            nats = -logits.float().log_softmax(-1).gather(-1, local[..., None])[..., 0]
        total = total + (nats * (target != IGNORE)).sum()
    pitches = targets[:, 4::3]
    return total, ((pitches != IGNORE) & (pitches != v.noPitch)).sum()


def window_loss(model: Decoder, ids: Tensor, targets: Tensor, flat: Tensor, v: Vocabulary) -> tuple[Tensor, Tensor]:
    h, _ = model.hidden(ids[:, :-1].clamp_min(0))
    return note_nats(model.slot_logits(h), targets, flat, v, model.config.slots)
