"""Checkpoints of one training, averaged."""

import pytest
import torch

from average import average
from export import export
from test_model import folder, tiny  # noqa: F401 (a fixture)
from train import read_checkpoint


@pytest.fixture
def way(folder, tmp_path):  # noqa: F811
    """Three checkpoints that lie behind each other."""
    paths = []
    for steps in (1, 2, 3):
        tiny(folder, tmp_path / f"{steps}", "--stop-at", f"{steps}").run()
        paths.append(tmp_path / f"{steps}" / "checkpoint.pt")
    return paths


def test_the_mean_of_their_weights_is_exported_as_what_has_learnt_longest(folder, way, tmp_path):  # noqa: F811
    # In another order than they were made in.
    assert average([way[2], way[0], way[1]], tmp_path / "mean.pt")["averaged"] == [384, 768, 1152]
    mean, states = read_checkpoint(tmp_path / "mean.pt"), [read_checkpoint(path) for path in way]
    for name, weight in mean["ema"].items():
        assert torch.allclose(weight, sum(state["ema"][name] for state in states) / 3, atol=1e-6)
    assert not torch.equal(mean["ema"]["embedding.weight"], states[2]["ema"]["embedding.weight"])
    record = export(tmp_path / "mean.pt", tmp_path / "out", folder, None)
    assert [record["training"][name] for name in ("steps", "tokens", "averagedTokens")] == [3, 1152, [384, 768, 1152]]
    assert "averagedTokens" not in export(way[2], tmp_path / "alone", folder, None)["training"]


def test_those_of_other_sizes_are_refused(folder, way, tmp_path):  # noqa: F811
    tiny(folder, tmp_path / "other", "--stop-at", "1", "--feed-forward", "32").run()
    with pytest.raises(SystemExit, match="other.*has another config"):
        average([way[2], tmp_path / "other" / "checkpoint.pt"], tmp_path / "mean.pt")


def test_what_is_averaged_cannot_be_resumed_and_says_what_it_is_good_for(folder, way, tmp_path):  # noqa: F811
    (tmp_path / "again").mkdir()
    average(way, tmp_path / "again" / "checkpoint.pt")
    with pytest.raises(SystemExit, match="--init"):
        tiny(folder, tmp_path / "again", "--resume").load()
    tiny(folder, tmp_path / "new", "--init", str(tmp_path / "again" / "checkpoint.pt"), "--stop-at", "1").run()
