"""The decoder: a small causal transformer over three tokens a note.

RoPE, RMSNorm, QK-norm, SwiGLU, tied embeddings, one key/value head for all query heads (the cache that Node
carries from token to token is then as small as it can be), zero-initialised output projections.

What may stand at a position is known from its index (slot = index mod 3), so each slot has its own softmax over its
own range of ids: cheaper to train, and exactly what the sampler's grammar mask does.
"""

from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from attention import CausalAttention

ROPE_BASE = 10_000.0
NORM_EPSILON = 1e-6


@dataclass(frozen=True)
class Config:
    width: int = 256
    layers: int = 4
    heads: int = 4
    head_dim: int = 64
    feed_forward: int = 704
    context: int = 1152
    vocabulary: int = 704  # padded to a multiple of 64
    slots: tuple[tuple[int, int], ...] = ((0, 386), (386, 475), (475, 548))  # ids [from, to) of each slot
    dropout: float = 0.0  # of what each branch adds; only a small corpus needs it

    def to_dict(self) -> dict:
        return asdict(self)


def rope(x: Tensor, positions: Tensor) -> Tensor:
    """Turns each pair (i, i + half) of the last axis by position × base^(−i/half)."""
    half = x.shape[-1] // 2
    frequency = ROPE_BASE ** (-torch.arange(half, device=x.device, dtype=torch.float32) / half)
    angle = positions.to(torch.float32)[:, None] * frequency
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    a, b = x[..., :half], x[..., half:]
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)


def unit(x: Tensor) -> Tensor:
    return F.rms_norm(x, (x.shape[-1],), eps=NORM_EPSILON)


def slot_logits(h: Tensor, output: Tensor, slots: tuple[tuple[int, int], ...]) -> tuple[Tensor, Tensor, Tensor]:
    """From h [B, T, width] of windows with T a multiple of 3: the logits of the next place, pitch and length."""
    place, pitch, duration = (output[a:b] for a, b in slots)
    # Position p predicts index p + 1: p ≡ 2 predicts a place, p ≡ 0 a pitch, p ≡ 1 a length (mod 3).
    return h[:, 2::3] @ place.t(), h[:, 3::3] @ pitch.t(), h[:, 4::3] @ duration.t()


class Block(nn.Module):
    def __init__(self, c: Config):
        super().__init__()
        self.heads, self.head_dim, self.dropout = c.heads, c.head_dim, c.dropout
        self.attention_norm = nn.RMSNorm(c.width, eps=NORM_EPSILON)
        self.query = nn.Linear(c.width, c.heads * c.head_dim, bias=False)
        self.key = nn.Linear(c.width, c.head_dim, bias=False)
        self.value = nn.Linear(c.width, c.head_dim, bias=False)
        self.attention_out = nn.Linear(c.heads * c.head_dim, c.width, bias=False)
        self.feed_forward_norm = nn.RMSNorm(c.width, eps=NORM_EPSILON)
        self.gate = nn.Linear(c.width, c.feed_forward, bias=False)
        self.up = nn.Linear(c.width, c.feed_forward, bias=False)
        self.down = nn.Linear(c.feed_forward, c.width, bias=False)
        # Both branches begin as nothing: the untrained network is the identity, and training starts calmly.
        nn.init.zeros_(self.attention_out.weight)
        nn.init.zeros_(self.down.weight)

    def forward(self, x: Tensor, positions: Tensor, past: Tensor | None) -> tuple[Tensor, Tensor]:
        """x [B, T, width]; past [2, B, P, head_dim] or None. Returns x and the new rows [2, B, T, head_dim]."""
        batch, length, _ = x.shape
        h = self.attention_norm(x)
        query = self.query(h).view(batch, length, self.heads, self.head_dim).transpose(1, 2)
        query = rope(unit(query), positions)
        key, value = rope(unit(self.key(h)), positions), self.value(h)
        new = torch.stack((key, value))
        if past is not None:
            key, value = torch.cat((past[0], key), 1), torch.cat((past[1], value), 1)
        x = x + self.dropped(self.attention_out(self.mixed(query, key, value, None if past is None else positions)))
        h = self.feed_forward_norm(x)
        return x + self.dropped(self.down(F.silu(self.gate(h)) * self.up(h))), new

    def mixed(self, query: Tensor, key: Tensor, value: Tensor, positions: Tensor | None) -> Tensor:
        """query [B, heads, T, head_dim], key and value [B, P + T, head_dim], the queries' positions where there is a past.
        Returns [B, T, heads × head_dim]."""
        if positions is None and query.requires_grad and not query.is_cuda:
            return CausalAttention.apply(query, key, value)
        wide = (*query.shape[:2], key.shape[1], self.head_dim)
        key, value = key[:, None].expand(wide), value[:, None].expand(wide)
        if positions is None:
            mixed = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        else:
            seen = torch.arange(key.shape[2], device=query.device)[None] <= positions[:, None]
            mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=seen)
        return mixed.transpose(1, 2).flatten(2)

    def dropped(self, x: Tensor) -> Tensor:
        return F.dropout(x, self.dropout, self.training) if self.dropout else x


class Decoder(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocabulary, config.width)
        nn.init.normal_(self.embedding.weight, std=0.02)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm = nn.RMSNorm(config.width, eps=NORM_EPSILON)

    def hidden(self, tokens: Tensor, past: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """tokens [B, T]; past [layers, 2, B, P, head_dim]. Returns h [B, T, width] and the new rows."""
        return self.through(self.embedding(tokens), past)

    def through(self, x: Tensor, past: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """The same for embedded tokens x [B, T, width]."""
        start = 0 if past is None else past.shape[3]
        positions = torch.arange(start, start + x.shape[1], device=x.device)
        x = unit(x)
        rows = []
        for i, block in enumerate(self.blocks):
            x, new = block(x, positions, None if past is None else past[i])
            rows.append(new)
        return self.norm(x), torch.stack(rows)

    def forward(self, tokens: Tensor, past: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Logits over the whole vocabulary at every position. Only the range of the next slot is trained."""
        h, rows = self.hidden(tokens, past)
        return h @ self.embedding.weight.t(), rows

    def slot_logits(self, h: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return slot_logits(h, self.embedding.weight, self.config.slots)

    def parameter_count(self) -> int:
        return sum(p.numel() for p in self.parameters())
