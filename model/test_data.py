"""Windows of score tokens."""

import numpy as np
import pytest

from data import IGNORE, MOTIF_NOTES, Piece, Vocabulary, room_of, targets_of, transposed, window

LAYOUT = {
    "size": 644, "here": 0, "next": 192, "emptyBar": 384, "end": 385, "pitch": 386, "lowestPitch": 21, "noPitch": 474, "length": 475,
    "noLength": 547, "source": 548, "sources": ["a", "mutopia"], "metre": 556, "otherMetre": 565, "texture": 566, "textures": ["solo", "song", "line"],
    "register": 569, "registerEdges": [50, 55, 58, 61, 64, 67, 72], "noMotif": 577, "withMotif": 578, "seam": 579, "phrase": 580, "key": 592, "recalls": 616,
}  # fmt: skip
V = Vocabulary(LAYOUT)
PHRASE, METRE = [[580 + 3, 592, 616], [626, 631, 635]], [[557, 474, 547]]


def note(place: int, pitch: int) -> list[int]:
    return [place, 386 + pitch - 21, 475 + 11]


def piece(bars: int, phrase: int = 4) -> Piece:
    """Four notes a bar, a phrase every four bars or so many, the metre once."""
    triples = []
    for bar in range(bars):
        if bar % phrase == 0:
            triples += PHRASE
        if bar == 0:
            triples += METRE
        triples += [note(192, 60), note(24, 64), note(48, 67), note(48, 72)]
    return Piece("f", "mutopia", "solo", np.array([t for row in triples for t in row] + [385], np.uint16), V)


def test_a_window_states_source_metre_texture_and_register_of_its_music():
    ids, _ = window(V, piece(8), 0, 768)
    # Mean of 60, 64, 67 and 72 is 65.75: above five of the edges.
    assert ids[:6].tolist() == [549, 557, 566, 569 + 5, 577, 547]


def test_marks_are_read_and_never_predicted():
    ids, targets = window(V, piece(8), 0, 768)
    told = (ids >= V.source) & (ids < V.size)
    assert told.any() and (targets[told] == IGNORE).all()
    assert (targets >= 0).sum() == 8 * 4 * 3 + 1
    assert targets[targets >= 0][-1] == V.end


def test_in_training_the_place_behind_marks_is_predicted_before_them():
    triples = np.array([note(192, 60), *PHRASE, note(192 + 5, 62), note(7, 64)])
    assert targets_of(V, triples, True)[:, 0].tolist() == [192, 197, IGNORE, 197, 7]
    assert targets_of(V, triples, False)[:, 0].tolist() == [192, IGNORE, IGNORE, 197, 7]


def test_keys_move_with_the_notes_and_keep_their_mode():
    triples = np.array([[580, 592 + 12 + 11, 616], note(192, 60)])
    moved = transposed(V, triples, 3)
    assert moved[0].tolist() == [580, 592 + 12 + 2, 616] and moved[1].tolist() == note(192, 63)


def test_a_long_window_ends_with_the_place_that_follows_it():
    p = piece(200)
    ids, targets = window(V, p, 0, 96)
    assert len(ids) == 97 and (ids >= 0).all()
    assert ids[-1] == p.tokens[3 * room_of(96)] == targets[-1]


@pytest.mark.parametrize("seed", range(20))
def test_a_motif_is_the_opening_transposed_as_the_music_is(seed):
    p = piece(64)
    ids, _ = window(V, p, int(p.phrases[8]), 768, np.random.default_rng(seed))
    if ids[4] == V.withMotif:
        opening = p.opening.astype(int)
        shift = int(ids[7]) - int(opening[0, 1])
        assert ids[6 : 6 + opening.size].tolist() == transposed(V, opening, shift).ravel().tolist()
        assert ids[6 + opening.size] == V.seam
    else:
        assert ids[6] >= V.phrase


def test_a_window_has_no_motif_that_would_leave_less_room_than_it_takes():
    """The first project's decoder sees 126 tokens: an opening of 48 notes is longer than that."""
    p = piece(64, 12)
    assert len(p.opening) == MOTIF_NOTES
    told = {context: [] for context in (126, 3 * (2 * MOTIF_NOTES + 3), 768)}
    for context, motifs in told.items():
        for seed in range(20):
            ids, targets = window(V, p, int(p.phrases[3]), context, np.random.default_rng(seed))
            assert len(ids) == len(targets) == context + 1 and (targets >= 0).any()
            motifs.append(int(ids[4]) == V.withMotif)
    without, least, wide = told.values()
    assert not any(without) and least == wide and 0 < sum(wide) < 20
