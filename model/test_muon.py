from pathlib import Path

import pytest
import torch
import torch.distributed as dist
import torch.multiprocessing as mp

from muon import orthogonal, shared_out


def gradients(count: int) -> torch.Tensor:
    return torch.randn(count, 24, 8, generator=torch.Generator().manual_seed(5))


def beside_another(process: int, count: int, folder: Path) -> None:
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{folder}/meeting", rank=process, world_size=2)
    torch.save(shared_out(gradients(count)), folder / f"{process}.pt")
    dist.destroy_process_group()


def test_steps_are_about_orthogonal():
    values = torch.linalg.svdvals(orthogonal(gradients(4)))
    assert 0.6 < values.min() and values.max() < 1.3


@pytest.mark.parametrize("count", [1, 3, 4])
def test_two_processes_share_the_work_and_both_have_the_whole(count, tmp_path, monkeypatch):
    monkeypatch.setenv("GLOO_SOCKET_IFNAME", "lo")
    mp.spawn(beside_another, (count, tmp_path), nprocs=2)
    for process in (0, 1):
        assert torch.allclose(torch.load(tmp_path / f"{process}.pt"), orthogonal(gradients(count)), atol=1e-6)
