"""Interpolated modified Kneser-Ney n-grams over tokens (Chen & Goodman 1999, section 3).

An n-gram is a whole number, eleven bits a token, the newest lowest: of sorted n-grams those with one context lie side by
side, and dropping the oldest token is a mask. The order 1 knows the slot alone, as does the uniform distribution below it.
"""

from dataclasses import dataclass

import numpy as np

BITS = 11
TOKEN = (1 << BITS) - 1
PAD = TOKEN  # stands before a piece's first token


@dataclass(frozen=True)
class Order:
    """What one order knows: discounted probabilities of its n-grams, and of each context the share left to the order below."""

    grams: np.ndarray  # sorted
    discounted: np.ndarray  # max(c − D(c), 0) / total(context)
    contexts: np.ndarray  # sorted
    left: np.ndarray


def discounts(counts: np.ndarray) -> np.ndarray:
    """D of counts 0, 1, 2, and 3 or more; none where too few counts are that small to say."""
    n1, n2, n3, n4 = (int((counts == i).sum()) for i in (1, 2, 3, 4))
    if min(n1, n2, n3, n4) == 0:
        return np.array([0.0, 0.5, 0.5, 0.5])
    y = n1 / (n1 + 2 * n2)
    return np.array([0.0, 1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3]).clip(0, [0, 1, 2, 3])


def order_of(grams: np.ndarray, counts: np.ndarray, contexts: np.ndarray) -> Order:
    """contexts: that of each gram; equal ones side by side."""
    discount = discounts(counts)[np.minimum(counts, 3)]
    unique, first = np.unique(contexts, return_index=True)
    total = np.add.reduceat(counts.astype(np.int64), first)
    sizes = np.diff(first, append=len(grams))
    left = np.add.reduceat(discount, first) / total
    return Order(grams, ((counts - discount) / np.repeat(total, sizes)).astype(np.float32), unique, left.astype(np.float32))


def grams_of(pieces: list[np.ndarray], n: int) -> np.ndarray:
    """The n-gram that ends at each token of each piece."""
    parts = []
    for piece in pieces:
        padded = np.concatenate((np.full(n - 1, PAD, np.uint64), piece.astype(np.uint64)))
        gram = np.zeros(len(piece), np.uint64)
        for i in range(n):
            gram = (gram << np.uint64(BITS)) | padded[i : i + len(piece)]
        parts.append(gram)
    return np.concatenate(parts)


class KneserNey:
    def __init__(self, pieces: list[np.ndarray], slots: tuple[tuple[int, int], ...], n: int = 5):
        """slots: ids [from, to) of each, from the lowest up without a gap."""
        if n * BITS > 64:
            raise ValueError(f"{n} tokens do not fit into 64 bits")
        self.n = n
        self.edges = np.array([a for a, _ in slots] + [slots[-1][1]])
        grams, counts = np.unique(grams_of(pieces, n), return_counts=True)
        self.orders: list[Order] = []
        for k in range(n, 0, -1):
            contexts = grams >> np.uint64(BITS) if k > 1 else self.slot(grams)
            self.orders.insert(0, order_of(grams, counts, contexts))
            # Below the highest order it counts after how many different tokens a gram was seen, not how often.
            grams, counts = np.unique(grams & np.uint64((1 << (BITS * (k - 1))) - 1), return_counts=True)

    def slot(self, tokens: np.ndarray) -> np.ndarray:
        return np.searchsorted(self.edges, tokens, side="right") - 1

    def probabilities(self, grams: np.ndarray) -> np.ndarray:
        """Of the last token of each n-gram, given those before it."""
        slot = self.slot(grams & np.uint64(TOKEN))
        p = 1 / np.diff(self.edges)[slot]
        for k, order in enumerate(self.orders, 1):
            gram = grams & np.uint64((1 << (BITS * k)) - 1)
            seen, at = find(order.contexts, gram >> np.uint64(BITS) if k > 1 else slot)
            p = np.where(seen, order.left[at], 1.0) * p
            seen, at = find(order.grams, gram)
            p = p + np.where(seen, order.discounted[at], 0.0)
        return p

    def nats(self, piece: np.ndarray) -> float:
        """Of all tokens of a piece."""
        return float(-np.log(self.probabilities(grams_of([piece], self.n))).sum())


def find(among: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whether each is among the sorted, and where."""
    at = np.minimum(np.searchsorted(among, wanted), len(among) - 1)
    return among[at] == wanted, at
