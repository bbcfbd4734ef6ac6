"""Going on from a checkpoint with a collection of one's own: small, of one kind, of few pieces."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from export import export, keep
from test_model import folder, tiny  # noqa: F401 (a fixture)
from train import arguments


def only(data: Path, out: Path, keeps) -> Path:
    """The shards without the pieces that `keeps(split, piece)` does not take."""
    shutil.copytree(data, out)
    index = json.loads((out / "index.json").read_text())
    index["splits"] = {split: [p for p in pieces if keeps(split, p)] for split, pieces in index["splits"].items()}
    (out / "index.json").write_text(json.dumps(index))
    return out


@pytest.fixture
def kept(folder, tmp_path) -> Path:  # noqa: F811
    """A checkpoint as it is shipped: averaged weights in bf16."""
    tiny(folder, tmp_path / "first", "--stop-at", "3").run()
    keep(tmp_path / "first" / "checkpoint.pt", tmp_path / "kept.pt", True)
    return tmp_path / "kept.pt"


def test_music_of_one_source_is_learnt_measured_and_exported(folder, kept, tmp_path, capsys):  # noqa: F811
    own = only(folder, tmp_path / "own", lambda _, piece: piece["source"] == "mutopia")
    training = tiny(own, tmp_path / "run", "--init", str(kept), "--steps", "4", "--eval-every", "4")
    training.run()
    before, after = (json.loads(line) for line in capsys.readouterr().out.splitlines()[-2:])
    assert (before["step"], before["tokens"]) == (0, 3 * 4 * 96) and (after["step"], after["tokens"]) == (4, 7 * 4 * 96)
    assert set(after["valid"]) == set(before["valid"]) == {"all", "slots", "mutopia"}
    assert after["valid"]["all"] == after["valid"]["mutopia"] != before["valid"]["all"]
    record = export(tmp_path / "run" / "checkpoint.pt", tmp_path / "out", own, None)
    assert record["usualNats"] == record["check"]["validNatsPerNoteInt8"] > 0


def test_sizes_that_are_not_stated_are_the_checkpoints(kept):
    a = arguments(["--out", "x", "--steps", "1", "--init", str(kept)])
    assert [a.width, a.layers, a.heads, a.feed_forward, a.context, a.adam_lr] == [32, 2, 2, 64, 96, 0.003]
    assert arguments(["--out", "x", "--steps", "1", "--init", str(kept), "--layers", "3"]).layers == 3


@pytest.mark.parametrize("split", ["train", "valid"])
def test_a_split_without_a_piece_is_told_before_anything_is_learnt(folder, kept, tmp_path, split):  # noqa: F811
    own = only(folder, tmp_path / "own", lambda of, _: of != split)
    with pytest.raises(SystemExit, match=f"split `{split}`: .*--held-out"):
        tiny(own, tmp_path / "run", "--init", str(kept))


def test_a_checkpoint_of_another_vocabulary_is_refused(folder, kept, tmp_path):  # noqa: F811
    state = torch.load(kept, weights_only=True)
    state["vocabulary"]["hash"] = "1" * 64
    torch.save(state, kept)
    with pytest.raises(SystemExit, match="another vocabulary .111111111111. .*000000000000"):
        tiny(folder, tmp_path / "run", "--init", str(kept))
    (tmp_path / "again").mkdir()
    shutil.copy(kept, tmp_path / "again" / "checkpoint.pt")
    with pytest.raises(SystemExit, match="another vocabulary"):
        tiny(folder, tmp_path / "again", "--resume").load()
    with pytest.raises(SystemExit, match="another vocabulary"):
        export(kept, tmp_path / "out", folder, None)


def test_what_is_not_there_is_named(folder, tmp_path):  # noqa: F811
    with pytest.raises(SystemExit, match="there is no checkpoint nowhere.pt"):
        arguments(["--out", "x", "--steps", "1", "--init", "nowhere.pt"])
    with pytest.raises(SystemExit, match="pianola corpus tokens"):
        tiny(tmp_path / "empty", tmp_path / "run")


def test_a_piece_without_a_phrase_is_no_place_to_begin(folder, tmp_path):  # noqa: F811
    """Such as one that is all rests: it is passed over, not stumbled upon."""
    own = only(folder, tmp_path / "own", lambda *_: True)
    shard = np.fromfile(own / "valid.bin", "<u2")
    index = json.loads((own / "index.json").read_text())
    bare = next(p for p in index["splits"]["valid"] if p["source"] == "mutopia")
    triples = shard[bare["start"] : bare["start"] + bare["length"] - 1].reshape(-1, 3)
    triples[(triples[:, 0] >= 580) & (triples[:, 0] < 592)] = [192, 420, 490]
    shard.tofile(own / "valid.bin")
    assert "mutopia" not in tiny(own, tmp_path / "run").measure()
