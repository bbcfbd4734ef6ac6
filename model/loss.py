"""The measure of everything: nats per note, the same for training, choosing and reporting."""

import torch
import torch.nn.functional as F
from torch import Tensor

from model import Decoder
from data import IGNORE, Vocabulary


def note_nats(slot_logits: tuple[Tensor, ...] | list[Tensor], targets: Tensor, v: Vocabulary) -> tuple[Tensor, Tensor, Tensor]:
    """Summed nats, number of notes, and the nats of each slot [3], of targets [B, context + 1]."""
    slots = []
    for slot, logits in enumerate(slot_logits):
        target = targets[:, 3 + slot :: 3]
        local = torch.where(target == IGNORE, IGNORE, target - v.slots[slot][0])
        flat = logits[:, : target.shape[1]].float()
        slots.append(F.cross_entropy(flat.flatten(0, 1), local.flatten(), ignore_index=IGNORE, reduction="sum"))
    nats = torch.stack(slots)
    return nats.sum(), (targets[:, 4::3] != IGNORE).sum(), nats.detach()


def window_loss(model: Decoder, ids: Tensor, targets: Tensor, v: Vocabulary) -> tuple[Tensor, Tensor, Tensor]:
    h, _ = model.hidden(ids[:, :-1].clamp_min(0))
    return note_nats(model.slot_logits(h), targets, v)
