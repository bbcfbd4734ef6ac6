"""The graph of the project that had this idea first: 52 thousand parameters, no cache; random weights of its sizes.

    python bench/compose/first_project.py

How fast it is does not depend on what it has learnt. Width 32, 2 blocks of 4 heads, context 128, vocabulary 354; one
call takes all tokens in and gives the logits of all positions, of which the caller needs the last.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

WIDTH, BLOCKS, HEADS, CONTEXT, VOCABULARY = 32, 2, 4, 128, 354
rng = np.random.default_rng(1)
nodes, constants = [], []


def const(name, value):
    constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
    return name


def weight(name, *shape):
    return const(name, rng.normal(0, 0.05, shape).astype(np.float32))


def node(kind, inputs, output, **attributes):
    nodes.append(helper.make_node(kind, inputs, [output], **attributes))
    return output


const("four_axes", np.array([CONTEXT, HEADS, WIDTH // HEADS]))
const("two_axes", np.array([CONTEXT, WIDTH]))
const("scale", np.float32((WIDTH // HEADS) ** -0.5))
const("mask", np.triu(np.full((CONTEXT, CONTEXT), -1e9, np.float32), 1))
x = node("Add", [node("Gather", [weight("tokens_table", VOCABULARY, WIDTH), "tokens"], "e"), weight("places", CONTEXT, WIDTH)], "x")
for b in range(BLOCKS):

    def named(name):
        return f"{name}_{b}"

    def norm(x, name):
        scale = const(named(name + "_s"), np.ones(WIDTH, np.float32))
        return node("LayerNormalization", [x, scale, const(named(name + "_b"), np.zeros(WIDTH, np.float32))], named(name))

    def heads(kind, perm):
        flat = node("MatMul", [named("n1"), weight(named("w" + kind), WIDTH, WIDTH)], named(kind + "_flat"))
        return node("Transpose", [node("Reshape", [flat, "four_axes"], named(kind + "_4"))], named(kind), perm=perm)

    norm(x, "n1")
    scores = node("MatMul", [heads("q", [1, 0, 2]), heads("k", [1, 2, 0])], named("scores"))
    masked = node("Add", [node("Mul", [scores, "scale"], named("scaled")), "mask"], named("masked"))
    mixed = node("MatMul", [node("Softmax", [masked], named("p")), heads("v", [1, 0, 2])], named("mixed"))
    joined = node("Reshape", [node("Transpose", [mixed], named("back"), perm=[1, 0, 2]), "two_axes"], named("joined"))
    x = node("Add", [x, node("MatMul", [joined, weight(named("wo"), WIDTH, WIDTH)], named("o"))], named("x1"))
    hidden = node("Relu", [node("MatMul", [norm(x, "n2"), weight(named("w1"), WIDTH, 4 * WIDTH)], named("h"))], named("r"))
    x = node("Add", [x, node("MatMul", [hidden, weight(named("w2"), 4 * WIDTH, WIDTH)], named("f"))], named("x2"))
node("MatMul", [x, weight("out", WIDTH, VOCABULARY)], "logits")

graph = helper.make_graph(
    nodes,
    "first_project",
    [helper.make_tensor_value_info("tokens", TensorProto.INT64, [CONTEXT])],
    [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [CONTEXT, VOCABULARY])],
    constants,
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
onnx.checker.check_model(model)
onnx.save(model, Path(__file__).with_suffix(".onnx"))
print(sum(int(np.prod(c.dims)) for c in constants if c.name not in ("mask", "four_axes", "two_axes", "scale")), "parameters")
