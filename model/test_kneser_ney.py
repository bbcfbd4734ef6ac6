import numpy as np
import pytest

from baselines.kneser_ney import BITS, PAD, KneserNey, discounts, grams_of

SLOTS = ((0, 4), (4, 7), (7, 15))


def pieces(count: int, seed: int) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    out = []
    for _ in range(count):
        pitch = rng.integers(0, 3, 20)  # and the length of a note goes with its pitch
        triples = np.stack((rng.integers(0, 4, 20), 4 + pitch, 7 + 2 * pitch + rng.integers(0, 2, 20)), 1)
        out.append(np.array([*triples.ravel(), 3], np.uint16))
    return out


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_what_may_follow_a_context_seen_or_unseen_sums_to_one(n):
    model = KneserNey(pieces(30, 1), SLOTS, n)
    for gram in grams_of(pieces(3, 99), n):
        slot = int(model.slot(np.array([gram & np.uint64(2**BITS - 1)]))[0])
        context = gram >> np.uint64(BITS) << np.uint64(BITS)
        total = model.probabilities(context | np.arange(*SLOTS[slot], dtype=np.uint64)).sum()
        assert total == pytest.approx(1, abs=1e-6)


def test_an_order_counts_what_it_saw():
    # After 4 came 7 three times and 8 once; with too few counts to estimate from, each gives half a count away.
    model = KneserNey([np.array([0, 4, 7] * 3 + [0, 4, 8])], SLOTS, 2)
    first, second = (float(model.probabilities(np.array([(4 << BITS) | t], np.uint64))[0]) for t in (7, 8))
    # Below: 7 and 8 follow one token each: (1 − ½)/2 + ½ · 1/8, half of the mass being left to the uniform.
    below = 0.25 + 0.5 / 8
    assert first == pytest.approx((3 - 0.5) / 4 + 1.0 / 4 * below)
    assert second == pytest.approx((1 - 0.5) / 4 + 1.0 / 4 * below)


def test_discounts_are_those_of_chen_and_goodman():
    counts = np.repeat([1, 2, 3, 4, 9], [8, 4, 2, 1, 5])
    y = 8 / (8 + 2 * 4)
    assert discounts(counts) == pytest.approx([0, 1 - 2 * y * 4 / 8, 2 - 3 * y * 2 / 4, 3 - 4 * y * 1 / 2])


def test_a_piece_begins_after_padding():
    assert grams_of([np.array([3, 5])], 2).tolist() == [(PAD << BITS) | 3, (3 << BITS) | 5]


def test_more_memory_tells_more_of_music_with_a_rule():
    train, test = pieces(200, 1), pieces(5, 2)
    one, four = (sum(KneserNey(train, SLOTS, n).nats(p) for p in test) for n in (1, 4))
    assert four < 0.8 * one
