"""The decoder as an ONNX graph, written node by node: one graph for prefill and decode.

    inputs   tokens int64 [T]; key_i, value_i float [P, head_dim] for each layer (P may be 0)
    outputs  logits float [vocabulary], of the last position; rows float [layers * 2 * T, head_dim], the new key and
             value rows in the order key_0, value_0, key_1, ...

The caller keeps the cache and hands in its filled part without copying; the graph never joins old and new rows, it
joins their scores, which are small. With one key/value head the query heads are simply more rows (T·heads), so no
tensor is ever transposed. The embedding table is stored normalised, as the network normalises it first thing.

int8 gives all rows of a call one scale. What enters `down` differs a hundredfold from row to row (the rows of the prefix
are huge), so each of its rows is divided by its peak before and multiplied after; that is seven eighths of what int8 cost.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from model import NORM_EPSILON, ROPE_BASE, Decoder, unit

OPSET = 23  # the first with RMSNormalization and RotaryEmbedding
IR_VERSION = 11


class Builder:
    def __init__(self):
        self.nodes, self.constants = [], {}

    def const(self, name: str, value: np.ndarray) -> str:
        self.constants[name] = np.ascontiguousarray(value)
        return name

    def node(self, op: str, inputs: list[str], name: str | list[str], **attributes) -> str:
        outputs = [name] if isinstance(name, str) else name
        self.nodes.append(helper.make_node(op, inputs, outputs, name=outputs[0], **attributes))
        return outputs[0]

    def ints(self, *values: int) -> str:
        return self.const("ints_" + "_".join(map(str, values)).replace("-", "m"), np.array(values, np.int64))


def build(model: Decoder, all_positions: bool = False) -> onnx.ModelProto:
    """`all_positions`: logits [T, vocabulary] instead, to measure with."""
    c, g = model.config, Builder()
    weights = {k: v.detach().float().cpu() for k, v in model.state_dict().items()}
    heads, hd, half = c.heads, c.head_dim, c.head_dim // 2

    # Sizes and positions, shared by all layers.
    g.node("Shape", ["tokens"], "T")
    g.node("Shape", ["key_0"], "P", start=0, end=1)
    g.node("Concat", ["P", "T"], "P_T", axis=0)
    scalar = g.ints(0)
    g.node("Squeeze", ["T", scalar], "t")
    g.node("Squeeze", ["P", scalar], "p")
    zero, one = g.const("zero", np.int64(0)), g.const("one", np.int64(1))
    g.node("Range", [zero, "t", one], "index")
    g.node("Add", ["index", "p"], "position")
    g.node("Cast", ["position"], "position_float", to=TensorProto.FLOAT)
    g.node("Unsqueeze", ["position_float", g.ints(1)], "position_column")
    frequency = g.const("frequency", (ROPE_BASE ** (-np.arange(half) / half)).astype(np.float32))
    g.node("Mul", ["position_column", frequency], "angle")
    g.node("Unsqueeze", ["angle", g.ints(1)], "angle_3d")  # [T, 1, half]: batch, length, half
    g.node("Cos", ["angle_3d"], "cos")
    g.node("Sin", ["angle_3d"], "sin")
    # Among the new rows only the past may be seen: query row r belongs to new position r // heads.
    g.node("Mul", ["t", g.const("heads", np.int64(heads))], "query_rows")
    g.node("Range", [zero, "query_rows", one], "query_row")
    g.node("Div", ["query_row", "heads"], "query_index")
    g.node("Unsqueeze", ["query_index", g.ints(1)], "query_column")
    g.node("LessOrEqual", ["index", "query_column"], "seen")
    g.node("Where", ["seen", g.const("nothing", np.float32(0)), g.const("hidden", np.float32(-1e9))], "mask")

    def linear(x: str, names: list[str], out: str) -> str:
        weight = np.concatenate([weights[n + ".weight"].numpy() for n in names]).T
        return g.node("MatMul", [x, g.const(out + "_weight", weight)], out)

    def norm(x: str, gain: np.ndarray, out: str) -> str:
        return g.node("RMSNormalization", [x, g.const(out + "_gain", gain)], out, axis=-1, epsilon=NORM_EPSILON)

    g.const("unit_gain", np.ones(hd, np.float32))
    x = g.node("Gather", [g.const("embedding", unit(weights["embedding.weight"]).numpy()), "tokens"], "embedded")
    rows = []
    for i in range(c.layers):
        b = f"blocks.{i}."
        h = norm(x, weights[b + "attention_norm.weight"].numpy(), f"h_{i}")
        qkv = linear(h, [b + "query", b + "key", b + "value"], f"qkv_{i}")
        g.node("Split", [qkv, g.ints((heads + 1) * hd, hd)], [f"qk_{i}", f"new_value_{i}"], axis=-1)
        g.node("Reshape", [f"qk_{i}", g.ints(-1, heads + 1, 1, hd)], f"qk4_{i}")
        g.node("RMSNormalization", [f"qk4_{i}", "unit_gain"], f"qk_unit_{i}", axis=-1, epsilon=NORM_EPSILON)
        # Each new position as a batch of its own, of length 1: so positions and heads are where they are in memory.
        g.node("RotaryEmbedding", [f"qk_unit_{i}", "cos", "sin"], f"turned_{i}")
        g.node("Split", [f"turned_{i}", g.ints(heads, 1)], [f"q3_{i}", f"k3_{i}"], axis=1)
        q = g.node("Reshape", [f"q3_{i}", g.ints(-1, hd)], f"q_{i}")
        k = g.node("Reshape", [f"k3_{i}", g.ints(-1, hd)], f"new_key_{i}")
        v = f"new_value_{i}"
        scale = hd**-0.5
        g.node("Gemm", [q, f"key_{i}"], f"score_past_{i}", transB=1, alpha=scale)
        g.node("Gemm", [q, k, "mask"], f"score_new_{i}", transB=1, alpha=scale)
        g.node("Concat", [f"score_past_{i}", f"score_new_{i}"], f"score_{i}", axis=1)
        g.node("Softmax", [f"score_{i}"], f"share_{i}", axis=-1)
        g.node("Split", [f"share_{i}", "P_T"], [f"share_past_{i}", f"share_new_{i}"], axis=1)
        g.node("MatMul", [f"share_past_{i}", f"value_{i}"], f"from_past_{i}")
        g.node("Gemm", [f"share_new_{i}", v, f"from_past_{i}"], f"mixed_{i}")
        g.node("Reshape", [f"mixed_{i}", g.ints(-1, heads * hd)], f"mixed_rows_{i}")
        x = g.node("Add", [x, linear(f"mixed_rows_{i}", [b + "attention_out"], f"attended_{i}")], f"x_mid_{i}")
        h = norm(x, weights[b + "feed_forward_norm.weight"].numpy(), f"hf_{i}")
        wide = linear(h, [b + "gate", b + "up"], f"wide_{i}")
        g.node("Split", [wide], [f"gate_{i}", f"up_{i}"], axis=-1, num_outputs=2)
        g.node("Sigmoid", [f"gate_{i}"], f"open_{i}")
        g.node("Mul", [f"gate_{i}", f"open_{i}"], f"silu_{i}")
        g.node("Mul", [f"silu_{i}", f"up_{i}"], f"inner_{i}")
        g.node("Abs", [f"inner_{i}"], f"size_{i}")
        g.node("ReduceMax", [f"size_{i}", g.ints(-1)], f"largest_{i}", keepdims=1)
        g.node("Max", [f"largest_{i}", g.const("least_peak", np.float32(1e-12))], f"peak_{i}")
        g.node("Div", [f"inner_{i}", f"peak_{i}"], f"level_{i}")
        g.node("Mul", [linear(f"level_{i}", [b + "down"], f"fed_level_{i}"), f"peak_{i}"], f"fed_{i}")
        x = g.node("Add", [x, f"fed_{i}"], f"x_{i}")
        rows += [k, v]
    if not all_positions:
        # Take the last position before the output layer, whose other rows nobody would read.
        x = g.node("Slice", [x, g.ints(-1), g.const("far", np.array([2**31], np.int64)), g.ints(0)], "last")
    final = norm(x, weights["norm.weight"].numpy(), "final")
    logits = linear(final, ["embedding"], "logits_rows")
    g.node("Reshape", [logits, g.ints(-1, c.vocabulary) if all_positions else g.ints(-1)], "logits")
    g.node("Concat", rows, "rows", axis=0)

    value = helper.make_tensor_value_info
    inputs = [value("tokens", TensorProto.INT64, ["T"])]
    for i in range(c.layers):
        inputs += [value(f"{n}_{i}", TensorProto.FLOAT, ["P", hd]) for n in ("key", "value")]
    logits_shape = ["T", c.vocabulary] if all_positions else [c.vocabulary]
    outputs = [value("logits", TensorProto.FLOAT, logits_shape), value("rows", TensorProto.FLOAT, ["R", hd])]
    constants = [numpy_helper.from_array(v, k) for k, v in g.constants.items()]
    graph = helper.make_graph(g.nodes, "pianola", inputs, outputs, constants)
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    onnx.checker.check_model(proto)
    return proto
