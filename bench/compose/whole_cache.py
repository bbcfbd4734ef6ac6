"""The shipped network with the cache as most exports have it (SkyTNT's midi-model among them): joined in the graph, in and out whole.

    python bench/compose/whole_cache.py --checkpoint model/plateau/checkpoint.pt

One lane, int8 as shipped; its weights are all alike, which is as fast as learnt ones and packs to nothing.
"""

import argparse
import gzip
import sys
from pathlib import Path

import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

sys.path.insert(0, str(Path(__file__).parents[2] / "model"))
from export import load  # noqa: E402
from graph import IR_VERSION, OPSET, Builder, matrices, of_lanes  # noqa: E402

APART = ("score_past", "score_new", "score", "share", "share_past", "from_past")


def whole_cache(model) -> onnx.ModelProto:
    """inputs tokens [T], key_i, value_i [P, head_dim]; outputs logits [1, vocabulary], whole_key_i, whole_value_i [P + T, head_dim]."""
    c, hd, g = model.config, model.config.head_dim, Builder()
    of_lanes(g, model, 1, False, matrices(c))
    ours, g.nodes = g.nodes, []
    apart = {f"{name}_{i}_0" for name in APART for i in range(c.layers)}
    heard = {f"heard_{i}_0": i for i in range(c.layers)}
    for node in ours:
        out = node.output[0]
        if out in apart or out == "rows":
            continue
        if out in heard:
            i = heard[out]
            for kind in ("key", "value"):
                g.node("Concat", [f"{kind}_{i}_0", f"new_{kind}_{i}"], f"whole_{kind}_{i}", axis=0)
            g.node("Gemm", [f"q_{i}", f"whole_key_{i}", "whole_mask"], f"score_{i}", transB=1, alpha=hd**-0.5)
            g.node("Softmax", [f"score_{i}"], f"share_{i}", axis=-1)
            g.node("MatMul", [f"share_{i}", f"whole_value_{i}"], out)
            continue
        g.nodes.append(node)
        if out == "mask_0":
            g.node("Concat", ["query_rows_0", "P_0"], "past_shape", axis=0)
            g.node("ConstantOfShape", ["past_shape"], "past_mask")
            g.node("Concat", ["past_mask", "mask_0"], "whole_mask", axis=1)

    value, kinds = helper.make_tensor_value_info, [f"{kind}_{i}" for i in range(c.layers) for kind in ("key", "value")]
    inputs = [value("tokens", TensorProto.INT64, ["T"])] + [value(f"{kind}_0", TensorProto.FLOAT, ["P", hd]) for kind in kinds]
    outputs = [value("logits", TensorProto.FLOAT, [1, c.vocabulary])] + [value(f"whole_{kind}", TensorProto.FLOAT, ["W", hd]) for kind in kinds]
    constants = [numpy_helper.from_array(v, k) for k, v in g.constants.items()]
    graph = helper.make_graph(g.nodes, "whole_cache", inputs, outputs, constants)
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    onnx.checker.check_model(proto)
    return proto


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--checkpoint", required=True, type=Path)
    a = p.parse_args()
    model, _ = load(a.checkpoint)
    for weight in model.parameters():
        torch.nn.init.constant_(weight, 0.01)
    packed = gzip.compress(whole_cache(model).SerializeToString(), mtime=0)
    Path(__file__).with_suffix(".onnx.gz").write_bytes(packed)
    print(len(packed), "bytes")
