"""The plain decoder that the network is measured against, after nanoGPT (https://github.com/karpathy/nanoGPT): learned
positions, LayerNorm, full multi-head attention, GELU, AdamW with a cosine schedule. Only what goes in and out is the
network's own: the same tokens and windows, one softmax a slot.

Small, with biases and its own output table (`tied=False`), it is also the first project's decoder with its two mistakes
mended: scores are divided by √d, not multiplied, and the softmax runs over keys, not queries.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from model import Config, slot_logits


class Block(nn.Module):
    def __init__(self, c: Config, bias: bool):
        super().__init__()
        self.heads = c.heads
        self.attention_norm = nn.LayerNorm(c.width, bias=bias)
        self.query_key_value = nn.Linear(c.width, 3 * c.width, bias=bias)
        self.attention_out = nn.Linear(c.width, c.width, bias=bias)
        self.feed_forward_norm = nn.LayerNorm(c.width, bias=bias)
        self.up = nn.Linear(c.width, c.feed_forward, bias=bias)
        self.down = nn.Linear(c.feed_forward, c.width, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        batch, length, width = x.shape
        qkv = self.query_key_value(self.attention_norm(x)).view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(*qkv, is_causal=True)
        x = x + self.attention_out(mixed.transpose(1, 2).reshape(batch, length, width))
        return x + self.down(F.gelu(self.up(self.feed_forward_norm(x))))


class GPT(nn.Module):
    def __init__(self, config: Config, tied: bool = True, bias: bool = False):
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocabulary, config.width)
        self.position = nn.Embedding(config.context, config.width)
        self.blocks = nn.ModuleList(Block(config, bias) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.width, bias=bias)
        self.output = self.embedding if tied else nn.Embedding(config.vocabulary, config.width)
        for name, p in self.named_parameters():
            if name.endswith("bias"):
                nn.init.zeros_(p)
            elif p.ndim == 2:
                # GPT-2's: what adds to the residual stream begins smaller, by the number of additions.
                out = name.endswith(("attention_out.weight", "down.weight"))
                nn.init.normal_(p, std=0.02 / (2 * config.layers) ** 0.5 if out else 0.02)

    def hidden(self, tokens: Tensor) -> tuple[Tensor, None]:
        """tokens [B, T]. Returns h [B, T, width], and no cache."""
        x = self.embedding(tokens) + self.position.weight[: tokens.shape[1]]
        for block in self.blocks:
            x = block(x)
        return self.norm(x), None

    def slot_logits(self, h: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return slot_logits(h, self.output.weight, self.config.slots)

    def parameter_count(self, positions: bool = False) -> int:
        """As nanoGPT counts: without the table of positions."""
        return sum(p.numel() for p in self.parameters()) - (0 if positions else self.position.weight.numel())


def adamw(model: GPT, lr: float) -> torch.optim.AdamW:
    """Matrices decay, gains and biases do not."""
    matrices = [p for p in model.parameters() if p.ndim >= 2]
    rest = [p for p in model.parameters() if p.ndim < 2]
    groups = [{"params": matrices, "weight_decay": 0.1}, {"params": rest, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=lr, betas=(0.9, 0.95))
