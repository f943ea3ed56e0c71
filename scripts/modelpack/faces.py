"""Face detection and face embedding: block-quantised ONNX in, plain float32 ONNX out.

OpenCV's zoo stores the weights as int8 blocks with a scale each. ONNX Runtime refuses those files (some scales are
scalars although a block size is given, and SFace lists its weights as inputs of the graph), and OpenCV, which reads
them, is far too large to ship. Multiplying the blocks out once gives graphs that run anywhere with the same numbers.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import numpy_helper

from .graph import Array, attributes, serialise, stored


def plain(quantised: bytes, name: str) -> bytes:
    """The same network with float32 weights, batch normalisation folded into the layers before it, and no dead nodes."""
    graph = onnx.load_from_string(quantised).graph
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    nodes = fold_constants(list(graph.node), constants)
    fold_batch_normalisation(nodes, constants)
    used = {tensor for node in nodes for tensor in node.input}
    return serialise(
        nodes,
        [stored(value, key) for key, value in constants.items() if key in used],
        [tensor for tensor in graph.input if tensor.name in used and tensor.name not in constants],
        list(graph.output),
        name,
    )


def fold_constants(nodes: list[onnx.NodeProto], constants: dict[str, Array]) -> list[onnx.NodeProto]:
    """Works out every node that depends on weights alone and drops Dropout; `constants` receives the results."""
    kept: list[onnx.NodeProto] = []
    renamed: dict[str, str] = {}
    for node in nodes:
        for position, tensor in enumerate(node.input):
            node.input[position] = renamed.get(tensor, tensor)
        reads_constant = len(node.input) > 0 and node.input[0] in constants
        match node.op_type:
            case "Constant":
                constants[node.output[0]] = numpy_helper.to_array(attributes(node)["value"])
            case "DequantizeLinear" if reads_constant:
                constants[node.output[0]] = dequantised(node, constants)
            case "Reshape" if reads_constant:
                constants[node.output[0]] = constants[node.input[0]].reshape(constants[node.input[1]])
            case "Dropout":  # does nothing outside training
                renamed[node.output[0]] = node.input[0]
            case _:
                kept.append(node)
    return kept


def dequantised(node: onnx.NodeProto, constants: dict[str, Array]) -> Array:
    """(value − zero point) × scale, where scale and zero point are one number, one per channel, or one per block.

    A block is a run of `block_size` neighbours along `axis`; the last one may be cut short (ONNX operator
    DequantizeLinear, version 21).
    """
    values = constants[node.input[0]].astype(np.float32)
    scales = constants[node.input[1]]
    has_zeros = len(node.input) > 2 and node.input[2] in constants
    zeros = constants[node.input[2]].astype(np.float32) if has_zeros else np.zeros_like(scales)
    settings = attributes(node)
    block, axis = settings.get("block_size", 0), settings.get("axis", 1)
    if scales.size == 1:
        return (values - zeros.item()) * np.float32(scales.item())
    axis %= values.ndim
    if scales.ndim == 1 and block == 0:
        per_channel = [-1 if dimension == axis else 1 for dimension in range(values.ndim)]
        return ((values - zeros.reshape(per_channel)) * scales.reshape(per_channel)).astype(np.float32)
    inside = tuple(slice(0, length) for length in values.shape)
    return ((values - np.repeat(zeros, block, axis)[inside]) * np.repeat(scales, block, axis)[inside]).astype(np.float32)


def fold_batch_normalisation(nodes: list[onnx.NodeProto], constants: dict[str, Array]) -> None:
    """Merges every BatchNormalization into the Conv or Gemm whose only reader it is.

    y = γ·(Wx + b − μ)/√(σ² + ε) + β is again a linear layer, with W' = W·s and b' = (b − μ)·s + β for s = γ/√(σ² + ε).
    """
    readers: dict[str, list[onnx.NodeProto]] = {}
    for node in nodes:
        for tensor in node.input:
            readers.setdefault(tensor, []).append(node)
    for layer in list(nodes):
        if layer.op_type not in ("Conv", "Gemm"):
            continue
        following = readers.get(layer.output[0], [])
        if len(following) != 1 or following[0].op_type != "BatchNormalization":
            continue
        normalisation = following[0]
        merge(layer, normalisation, constants)
        nodes.remove(normalisation)


def merge(layer: onnx.NodeProto, normalisation: onnx.NodeProto, constants: dict[str, Array]) -> None:
    """Gives `layer` the weights of itself followed by `normalisation`, and the latter's output name."""
    gamma, beta, mean, variance = (constants[name] for name in normalisation.input[1:5])
    scale = gamma / np.sqrt(variance + attributes(normalisation).get("epsilon", 1e-5))
    weight = constants[layer.input[1]]
    bias = constants[layer.input[2]].reshape(-1) if len(layer.input) > 2 else np.zeros_like(mean)
    outputs_last = layer.op_type == "Gemm" and not attributes(layer).get("transB", 0)
    along_outputs = [1] * (weight.ndim - 1) + [-1] if outputs_last else [-1] + [1] * (weight.ndim - 1)
    name = layer.output[0]
    constants[f"{name}_weight"] = (weight * scale.reshape(along_outputs)).astype(np.float32)
    constants[f"{name}_bias"] = ((bias - mean) * scale + beta).astype(np.float32)
    source = layer.input[0]
    del layer.input[:]
    layer.input.extend([source, f"{name}_weight", f"{name}_bias"])
    layer.output[0] = normalisation.output[0]
