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
    ids: Tensor,
    flat: Tensor,
    v: Vocabulary,
    slots: tuple[tuple[int, int], ...],
    first: int = 3,
) -> tuple[Tensor, Tensor]:
    """Summed nats and number of notes of windows ids [B, context + 1], counting targets from index `first` on."""
    total = torch.zeros((), device=ids.device)
    for slot, logits in enumerate(slot_logits):
        target = ids[:, 3 + slot :: 3]
        logits = logits[:, : target.shape[1]]
        if slot == 2:
            nats = touch_loss(logits, target, flat, v)
        else:
            local = (target - slots[slot][0]).clamp_min(0)
            nats = -logits.float().log_softmax(-1).gather(-1, local[..., None])[..., 0]
        index = 3 + slot + 3 * torch.arange(target.shape[1], device=ids.device)
        total = total + (nats * ((target != IGNORE) & (index >= first))).sum()
    pitches = ids[:, 4::3]
    counted = torch.arange(4, ids.shape[1], 3, device=ids.device) >= first
    return total, ((pitches != IGNORE) & (pitches != v.noPitch) & counted).sum()


def window_loss(model: Decoder, ids: Tensor, flat: Tensor, v: Vocabulary, first: int = 3) -> tuple[Tensor, Tensor]:
    h, _ = model.hidden(ids[:, :-1].clamp_min(0))
    return note_nats(model.slot_logits(h), ids, flat, v, model.config.slots, first)
