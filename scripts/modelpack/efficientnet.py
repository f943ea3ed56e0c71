"""EfficientNet-Lite's convolutions as ONNX nodes (Tan and Le 2019; the Lite family has no squeeze-and-excite and uses ReLU6)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .graph import Array, Graph

STAGE_STRIDES = (1, 2, 2, 2, 1, 2, 1)
"""Stride of the first block of each of the seven stages; every other block has stride one."""
EPSILON = 1e-3
"""Added to the variance in batch normalisation, TensorFlow's value for this family."""


@dataclass(frozen=True)
class Plane:
    """An activation: its tensor and the length of its square side, which "same" padding depends on."""

    tensor: str
    side: int


class Backbone:
    """One trained network that can be run several times, at several sizes, in one graph with one copy of its weights."""

    def __init__(self, graph: Graph, weights: dict[str, Array]) -> None:
        self._graph = graph
        self._weights = weights
        self._blocks = 1 + max(int(name.split(".")[1]) for name in weights if name.startswith("_blocks."))

    def features(self, image: str, side: int, run: str) -> Plane:
        """The last 1,280-channel map for a square `image` of `side` pixels. `run` keeps the names of two runs apart."""
        plane = self._convolution(Plane(image, side), "_conv_stem", "_bn0", run, stride=2)
        stage, width = -1, 0
        for block in range(self._blocks):
            outputs = self._weights[f"_blocks.{block}._project_conv.weight"].shape[0]
            starts_stage = outputs != width
            stage, width = stage + starts_stage, outputs
            plane = self._block(plane, f"_blocks.{block}.", STAGE_STRIDES[stage] if starts_stage else 1, starts_stage, run)
        return self._convolution(plane, "_conv_head", "_bn1", run)

    def _block(self, before: Plane, name: str, stride: int, widens: bool, run: str) -> Plane:
        """An inverted residual: expand (not in the first stage), convolve per channel, project, add the input back."""
        plane = before
        if f"{name}_expand_conv.weight" in self._weights:
            plane = self._convolution(plane, f"{name}_expand_conv", f"{name}_bn0", run)
        plane = self._convolution(plane, f"{name}_depthwise_conv", f"{name}_bn1", run, stride=stride, depthwise=True)
        plane = self._convolution(plane, f"{name}_project_conv", f"{name}_bn2", run, activates=False)
        if widens:
            return plane
        return Plane(self._graph.add("Add", [plane.tensor, before.tensor], f"{run}{name}sum"), plane.side)

    def _convolution(
        self, source: Plane, layer: str, normalisation: str, run: str,
        stride: int = 1, depthwise: bool = False, activates: bool = True,
    ) -> Plane:  # fmt: skip
        """A convolution with its batch normalisation folded in, TensorFlow's "same" padding, and ReLU6 unless it projects."""
        weights, graph = self._weights, self._graph
        kernel = weights[f"{layer}.weight"]
        scale = weights[f"{normalisation}.weight"] / np.sqrt(weights[f"{normalisation}.running_var"] + EPSILON)
        bias = weights[f"{normalisation}.bias"] - weights[f"{normalisation}.running_mean"] * scale
        size = kernel.shape[2]
        side = -(-source.side // stride)
        missing = max((side - 1) * stride + size - source.side, 0)
        before, after = missing // 2, missing - missing // 2  # an odd pixel goes right and below, unlike PyTorch's habit
        output = graph.add(
            "Conv",
            [
                source.tensor,
                graph.constant(f"{layer}.folded_weight", (kernel * scale[:, None, None, None]).astype(np.float32)),
                graph.constant(f"{layer}.folded_bias", bias.astype(np.float32)),
            ],
            f"{run}{layer}",
            kernel_shape=[size, size],
            strides=[stride, stride],
            pads=[before, before, after, after],
            group=kernel.shape[0] if depthwise else 1,
        )
        if activates:
            bounds = [graph.constant("zero", np.float32(0)), graph.constant("six", np.float32(6))]
            output = graph.add("Clip", [output, *bounds], f"{run}{layer}_relu6")
        return Plane(output, side)
