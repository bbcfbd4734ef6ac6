"""The decoder as an ONNX graph, written node by node: one graph for prefill and decode, of several sequences side by side.

    inputs   tokens int64 [T], of all lanes, one lane after the other; counts int64 [LANES], how many are whose (0: idle);
             key_i_l, value_i_l float [P_l, head_dim] for each layer and lane (P_l may be 0, and is where a lane is idle)
    outputs  logits float [LANES, vocabulary], of each lane's last token, meaningless where it is idle;
             [1, vocabulary] where the first lane is alone;
             rows float [layers * 2 * T, head_dim], the new key and value rows in the order key_0, value_0, key_1, ...

Weights are read once for all lanes; attention is each lane's own. Where the first lane is alone, a branch without the others' nodes
is taken, which says the same, bit for bit: idle lanes cost a third of such a call. The caller keeps the
caches and hands in their filled parts without copying; the graph never joins old and new rows, it joins their scores,
which are small. With one key/value head the query heads are simply more rows (T·heads), so no tensor is ever transposed.
The embedding table is stored normalised, as the network normalises it first thing.

int8: 7-bit weights with one scale a column; each row of activations has its own, so that what a lane says does not depend
on what else the call is for, bit for bit.
"""

from collections.abc import Collection

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from model import NORM_EPSILON, ROPE_BASE, Config, Decoder, unit

OPSET = 23  # the first with RMSNormalization and RotaryEmbedding
IR_VERSION = 11
LANES = 4
# Without VNNI, AVX2 adds pairs of products in 16 bits: 2 * 255 * 64 still fits.
WEIGHT_LEVELS, ACTIVATION_LEVELS, ACTIVATION_ZERO = 63, 127, 128


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


def matrices(config: Config) -> list[str]:
    """Names of the products that can be int8."""
    return [f"{n}_{i}" for i in range(config.layers) for n in ("qkv", "attended", "wide", "fed")] + ["logits"]


def product(g: Builder, x: str, weight: np.ndarray, out: str, int8: bool) -> str:
    """x [T, K] by weight [K, N]."""
    if not int8:
        return g.node("MatMul", [x, g.const(out + "_weight", weight)], out)
    scale = np.maximum(np.abs(weight).max(axis=0), 1e-12) / WEIGHT_LEVELS
    whole = np.rint(weight / scale).astype(np.int8)
    step = g.const("activation_step", np.float32(1 / ACTIVATION_LEVELS))
    zero = g.const("activation_zero", np.uint8(ACTIVATION_ZERO))
    g.node("Abs", [x], out + "_size")
    g.node("ReduceMax", [out + "_size", g.ints(-1)], out + "_largest", keepdims=1)
    g.node("Max", [out + "_largest", g.const("least_peak", np.float32(1e-12))], out + "_peak")
    g.node("Div", [x, out + "_peak"], out + "_level")
    g.node("QuantizeLinear", [out + "_level", step, zero], out + "_quantised")
    g.node("MatMulInteger", [out + "_quantised", g.const(out + "_weight", whole), zero], out + "_sum")
    g.node("Cast", [out + "_sum"], out + "_float", to=TensorProto.FLOAT)
    g.node("Mul", [out + "_float", g.const(out + "_scale", (scale / ACTIVATION_LEVELS).astype(np.float32))], out + "_scaled")
    return g.node("Mul", [out + "_scaled", out + "_peak"], out)


def build(model: Decoder, all_positions: bool = False, int8: Collection[str] = ()) -> onnx.ModelProto:
    """`all_positions`: logits [T, vocabulary] instead, to measure with. `int8`: which of `matrices`."""
    c, g = model.config, Builder()
    if unknown := set(int8) - set(matrices(c)):
        raise ValueError(f"the network has no products {sorted(unknown)}")
    value = helper.make_tensor_value_info
    logits = value("logits", TensorProto.FLOAT, ["T" if all_positions else "L", c.vocabulary])
    outputs = [logits, value("rows", TensorProto.FLOAT, ["R", c.head_dim])]
    branches = {}
    for lanes in (1, LANES):
        g.nodes = []
        of_lanes(g, model, lanes, all_positions, int8)
        branches[lanes] = helper.make_graph(g.nodes, f"lanes_{lanes}", [], outputs)
    g.nodes = []
    g.node("Shape", ["tokens"], "all_tokens")
    g.node("Gather", ["counts", g.ints(0)], "first_count", axis=0)
    g.node("Equal", ["all_tokens", "first_count"], "alone")
    g.node("If", ["alone"], ["logits", "rows"], then_branch=branches[1], else_branch=branches[LANES])

    inputs = [value("tokens", TensorProto.INT64, ["T"]), value("counts", TensorProto.INT64, [LANES])]
    for i in range(c.layers):
        for kind in ("key", "value"):
            inputs += [value(f"{kind}_{i}_{n}", TensorProto.FLOAT, [f"P{n}", c.head_dim]) for n in range(LANES)]
    constants = [numpy_helper.from_array(v, k) for k, v in g.constants.items()]
    graph = helper.make_graph(g.nodes, "pianola", inputs, outputs, constants)
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    onnx.checker.check_model(proto)
    return proto


def of_lanes(g: Builder, model: Decoder, count: int, all_positions: bool, int8: Collection[str]) -> None:
    """Adds the nodes that serve so many lanes, the first ones; one is all there is."""
    c = model.config
    weights = {k: v.detach().float().cpu() for k, v in model.state_dict().items()}
    heads, hd, half = c.heads, c.head_dim, c.head_dim // 2
    lanes = range(count)

    # Sizes and positions, shared by all layers.
    scalar = g.ints(0)
    zero, one = g.const("zero", np.int64(0)), g.const("one", np.int64(1))
    head_count = g.const("heads", np.int64(heads))
    if count == 1:
        g.node("Shape", ["tokens"], "T_0")
    else:
        g.node("Split", ["counts"], [f"T_{n}" for n in lanes], axis=0, num_outputs=count)
        g.node("Mul", ["counts", head_count], "query_counts")
    for n in lanes:
        g.node("Squeeze", [f"T_{n}", scalar], f"t_{n}")
        g.node("Shape", [f"key_0_{n}"], f"P_{n}", start=0, end=1)
        g.node("Concat", [f"P_{n}", f"T_{n}"], f"P_T_{n}", axis=0)
        g.node("Range", [zero, f"t_{n}", one], f"index_{n}")
        g.node("Add", [f"index_{n}", f"P_{n}"], f"position_{n}")
        # Among the new rows only the past may be seen: query row r belongs to new position r // heads.
        g.node("Mul", [f"t_{n}", head_count], f"query_rows_{n}")
        g.node("Range", [zero, f"query_rows_{n}", one], f"query_row_{n}")
        g.node("Div", [f"query_row_{n}", head_count], f"query_index_{n}")
        g.node("Unsqueeze", [f"query_index_{n}", g.ints(1)], f"query_column_{n}")
        g.node("LessOrEqual", [f"index_{n}", f"query_column_{n}"], f"seen_{n}")
        shown, hidden = g.const("shown", np.float32(0)), g.const("hidden", np.float32(-1e9))
        g.node("Where", [f"seen_{n}", shown, hidden], f"mask_{n}")
    position = joined(g, [f"position_{n}" for n in lanes], "position")
    g.node("Cast", [position], "position_float", to=TensorProto.FLOAT)
    g.node("Unsqueeze", ["position_float", g.ints(1)], "position_column")
    frequency = g.const("frequency", (ROPE_BASE ** (-np.arange(half) / half)).astype(np.float32))
    g.node("Mul", ["position_column", frequency], "angle")
    g.node("Unsqueeze", ["angle", g.ints(1)], "angle_3d")  # [T, 1, half]: batch, length, half
    g.node("Cos", ["angle_3d"], "cos")
    g.node("Sin", ["angle_3d"], "sin")

    def linear(x: str, names: list[str], out: str) -> str:
        return product(g, x, np.concatenate([weights[n + ".weight"].numpy() for n in names]).T, out, out in int8)

    def norm(x: str, gain: np.ndarray, out: str) -> str:
        return g.node("RMSNormalization", [x, g.const(out + "_gain", gain)], out, axis=-1, epsilon=NORM_EPSILON)

    def attention(i: int, n: int) -> str:
        """What lane n hears in layer i, [T_n * heads, head_dim]."""
        at = f"_{i}_{n}"
        q, k, v = (f"{name}{at}" for name in "qkv") if count > 1 else (f"q_{i}", f"new_key_{i}", f"new_value_{i}")
        g.node("Gemm", [q, "key" + at], "score_past" + at, transB=1, alpha=hd**-0.5)
        g.node("Gemm", [q, k, f"mask_{n}"], "score_new" + at, transB=1, alpha=hd**-0.5)
        g.node("Concat", ["score_past" + at, "score_new" + at], "score" + at, axis=1)
        g.node("Softmax", ["score" + at], "share" + at, axis=-1)
        g.node("Split", ["share" + at, f"P_T_{n}"], ["share_past" + at, "share_new" + at], axis=1)
        g.node("MatMul", ["share_past" + at, "value" + at], "from_past" + at)
        return g.node("Gemm", ["share_new" + at, v, "from_past" + at], "heard" + at)

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
        if count > 1:
            for whole, name, sizes in ((q, "q", "query_counts"), (k, "k", "counts"), (v, "v", "counts")):
                g.node("Split", [whole, sizes], [f"{name}_{i}_{n}" for n in lanes], axis=0)
        heard = joined(g, [attention(i, n) for n in lanes], f"heard_{i}")
        g.node("Reshape", [heard, g.ints(-1, heads * hd)], f"heard_rows_{i}")
        x = g.node("Add", [x, linear(f"heard_rows_{i}", [b + "attention_out"], f"attended_{i}")], f"x_mid_{i}")
        h = norm(x, weights[b + "feed_forward_norm.weight"].numpy(), f"hf_{i}")
        wide = linear(h, [b + "gate", b + "up"], f"wide_{i}")
        g.node("Split", [wide], [f"gate_{i}", f"up_{i}"], axis=-1, num_outputs=2)
        g.node("Sigmoid", [f"gate_{i}"], f"open_{i}")
        g.node("Mul", [f"gate_{i}", f"open_{i}"], f"silu_{i}")
        g.node("Mul", [f"silu_{i}", f"up_{i}"], f"inner_{i}")
        x = g.node("Add", [x, linear(f"inner_{i}", [b + "down"], f"fed_{i}")], f"x_{i}")
        rows += [k, v]
    if not all_positions:
        # Take each lane's last position before the output layer, whose other rows nobody would read.
        ends = "T_0" if count == 1 else g.node("CumSum", ["counts", zero], "ends")
        g.node("Sub", [ends, one], "last")
        x = g.node("Gather", [x, "last"], "x_last", axis=0)
    linear(norm(x, weights["norm.weight"].numpy(), "final"), ["embedding"], "logits")
    g.node("Concat", rows, "rows", axis=0)


def joined(g: Builder, parts: list[str], name: str) -> str:
    """Of all lanes; one alone is left as it is."""
    return g.node("Concat", parts, name, axis=0) if len(parts) > 1 else parts[0]
