import pytest
import torch

from baselines.gpt import GPT, adamw
from evaluate import evaluate
from export import load
from model import Config, Decoder
from test_model import folder, tiny  # noqa: F401 (a fixture)
from train import SIZES, cosine, network


def of_size(name: str) -> GPT | Decoder:
    s = SIZES[name]
    head = 64 if name == "ours" else s["width"] // s["heads"]
    return network(name, Config(s["width"], s["layers"], s["heads"], head, s["feed_forward"], s["context"]))


@pytest.mark.parametrize("name", ["plain", "mended"])
def test_the_future_is_not_seen(name):
    torch.manual_seed(1)
    model = of_size(name).eval()
    for p in model.parameters():
        torch.nn.init.normal_(p, std=0.1)
    ids = torch.randint(0, Config.vocabulary, (2, 60))
    changed = ids.clone()
    changed[:, 40:] = 7
    with torch.no_grad():
        a, b = model.hidden(ids)[0], model.hidden(changed)[0]
    assert torch.allclose(a[:, :40], b[:, :40], atol=1e-5)
    assert not torch.allclose(a[:, 40:], b[:, 40:], atol=1e-2)


def test_attention_divides_by_the_root_and_sums_to_one_over_keys():
    torch.manual_seed(1)
    block = of_size("mended").blocks[0]
    with torch.no_grad():
        for p in block.parameters():
            torch.nn.init.normal_(p, std=0.3)
        block.down.weight.zero_()
        block.down.bias.zero_()
        block.attention_out.weight.copy_(torch.eye(32))
        block.attention_out.bias.zero_()
        x = torch.randn(1, 9, 32)
        q, k, v = block.query_key_value(block.attention_norm(x)).view(9, 3, 4, 8).permute(1, 2, 0, 3)
        for head in range(4):
            for i in range(9):
                share = (q[head, i] @ k[head, : i + 1].T / 8**0.5).softmax(0)
                got = (block(x) - x)[0, i, 8 * head : 8 * head + 8]
                assert torch.allclose(share @ v[head, : i + 1], got, atol=1e-4)


def test_plain_is_as_large_as_ours_and_mended_as_the_first_project():
    ours, plain, mended = (of_size(n).parameter_count() for n in ("ours", "plain", "mended"))
    assert abs(plain / ours - 1) < 0.001
    # Its own vocabulary had 354 tokens, one table in and one out; ours has 704 with the padding.
    assert mended + of_size("mended").position.weight.numel() - 2 * 32 * (704 - 354) == pytest.approx(52_000, rel=0.02)


def test_matrices_decay_and_gains_do_not():
    groups = adamw(of_size("mended"), 1e-3).param_groups
    assert [(g["weight_decay"], {p.ndim for p in g["params"]}) for g in groups] == [(0.1, {2}), (0.0, {1})]


def test_the_cosine_ends_at_zero():
    assert cosine(0, 1000) == pytest.approx(1 / 50)
    assert cosine(500, 1000) == pytest.approx(0.5)
    assert cosine(999, 1000) < 1e-5


def test_a_reference_is_evaluated_as_the_network_is(folder, tmp_path):  # noqa: F811
    training = tiny(folder, tmp_path, "--network", "plain", "--stop-at", "5")
    training.run()
    model, state = load(tmp_path / "checkpoint.pt")
    assert isinstance(model, GPT) and state["step"] == 5
    figures = evaluate(model, training.corpus, "test")
    assert figures["all"]["notes"] == 60 + 110 + 160
