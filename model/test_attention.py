"""Attention for training is attention: the same values, and the same gradients."""

import pytest
import torch
import torch.nn.functional as F

from attention import BLOCK, CausalAttention


@pytest.mark.parametrize("length", [1, BLOCK - 1, BLOCK, 2 * BLOCK + 3])
def test_values_and_gradients_are_those_of_pytorch(length):
    torch.manual_seed(length)
    batch, heads, dim = 2, 3, 16

    def unit(*shape):
        return F.rms_norm(torch.randn(*shape), (dim,)).requires_grad_()

    query, key, value = unit(batch, heads, length, dim), unit(batch, length, dim), torch.randn(batch, length, dim, requires_grad=True)
    wanted = torch.randn(batch, length, heads * dim)

    def with_gradients(mixed):
        return mixed, *torch.autograd.grad((mixed * wanted).sum(), (query, key, value))

    for_all = [x[:, None].expand(batch, heads, length, dim) for x in (key, value)]
    expected = F.scaled_dot_product_attention(query, *for_all, is_causal=True).transpose(1, 2).flatten(2)
    for ours, theirs in zip(with_gradients(CausalAttention.apply(query, key, value)), with_gradients(expected)):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-5)
