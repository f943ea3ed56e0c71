"""A small face over ONNX graph building: name tensors, add nodes, save a checked model."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Array = NDArray[Any]

OPSET = 13
"""Old enough that `axes` of the reductions are attributes, new enough for every operator used here."""
IR_VERSION = 8
"""ONNX 1.10's; any runtime of the last years reads it."""


class Graph:
    """Nodes and constants in the making. Equal names of constants are stored once, so two passes can share weights."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, Array] = {}

    def constant(self, name: str, value: Array | np.generic) -> str:
        """Keeps `value` under `name` (the first one wins) and returns the name."""
        self._constants.setdefault(name, np.asarray(value))
        return name

    def add(self, operator: str, inputs: list[str], output: str, **attributes: Any) -> str:
        """Appends a node with one output and returns the output's name."""
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def unit(self, tensor: str, output: str) -> str:
        """Each row divided by its Euclidean length; a zero row stays zero instead of becoming NaN."""
        smallest = self.constant("smallest_length", np.float32(1e-12))
        length = self.add("ReduceL2", [tensor], f"{output}_length", axes=[1], keepdims=1)
        return self.add("Div", [tensor, self.add("Max", [length, smallest], f"{output}_divisor")], output)

    def initialisers(self) -> list[onnx.TensorProto]:
        """The constants that some node reads, in the order they were named."""
        used = {name for node in self.nodes for name in node.input}
        return [stored(value, name) for name, value in self._constants.items() if name in used]


def stored(value: Array, name: str) -> onnx.TensorProto:
    """A constant as a graph keeps it. Slices and transposes are made contiguous first; scalars keep their rank of zero."""
    return numpy_helper.from_array(np.ascontiguousarray(value).reshape(np.shape(value)), name)


def floats(name: str, shape: list[int | str]) -> onnx.ValueInfoProto:
    """A float32 input or output."""
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def attributes(node: onnx.NodeProto) -> dict[str, Any]:
    """A node's attributes as plain Python values."""
    return {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}


def serialise(
    nodes: list[onnx.NodeProto],
    constants: list[onnx.TensorProto],
    inputs: list[onnx.ValueInfoProto],
    outputs: list[onnx.ValueInfoProto],
    name: str,
) -> bytes:
    """A complete model, checked against the ONNX specification."""
    graph = helper.make_graph(nodes, name, inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    onnx.checker.check_model(model)
    return model.SerializeToString()
