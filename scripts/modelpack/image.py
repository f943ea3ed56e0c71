"""The image tower: what an ImageNet classifier sees, said in the words of the sentence model.

No registry package carries a trained pair of image and text towers, so the pack joins two public models. The classifier
gives probabilities over 1,000 labels; each label is a point in the sentence model's space (the mean of a few sentences
about it); a picture is the mean of the labels weighted by their probabilities. A query is embedded by the same sentence
model, so query and picture meet in one space and their similarity is a dot product.

Three things make that usable:

- Softened probabilities. At temperature 1 the winner takes all and a picture is one label. At 2 (whole picture) and 1.5
  (windows) the runners-up count, and a picture becomes a scene.
- Windows. A classifier names the main thing. Run once more at double size, its 17×17 feature map is averaged over 3×3
  overlapping windows, and each label keeps the best window, so small things are found too.
- The centre off. What all labels share says nothing about a picture, see `text.tower`.
"""

from __future__ import annotations

import numpy as np

from .efficientnet import Backbone
from .graph import Array, Graph, floats, serialise
from .text import Sentences, unit

SIDE = 520
"""Input in pixels, both ways; the picture is squashed, since windows at the border matter as much as the middle."""
FEATURES = 1280
WINDOW, WINDOW_STRIDE, WINDOWS = 9, 4, 9
"""Cells of a window in the 17×17 map, their distance, and how many there are (3×3)."""
TEMPERATURE_WHOLE, TEMPERATURE_WINDOW = 2.0, 1.5

SENTENCES_ABOUT = (
    "a photo of a {}",
    "{}",
    "a picture of a {} in the scene",
    "there is a {} in the photo",
    "photos of {}s",
    "a person with a {}",
    "a close up of a {}",
)
"""How people speak of a thing in a picture. Their mean is less about wording than any one of them."""


def label_vectors(labels: list[str], sentences: Sentences) -> Array:
    """One unit vector a label."""
    return unit(np.sum([sentences.embed([form.format(label) for label in labels]) for form in SENTENCES_ABOUT], axis=0))


def tower(weights: dict[str, Array], labels: Array) -> bytes:
    """The whole tower as one model.

    - Parameter weights: the classifier's checkpoint.
    - Parameter labels: one unit vector per class, in the classifier's order.
    - Returns: a model from `input`, 1×3×520×520 RGB scaled as (x − 127)/128, to

      - `image_embedding`, the unit vector to search by;
      - `features`, the mean of the last feature map, for finding near-duplicates;
      - `tag_scores`, per label the better of whole picture and windows at temperature 1;
      - `probabilities`, what `image_embedding` is made from.
    """
    graph = Graph()
    classifier = _Classifier(graph, weights)
    backbone = Backbone(graph, weights)

    half = graph.add("AveragePool", ["input"], "half_size", kernel_shape=[2, 2], strides=[2, 2])
    whole_map = backbone.features(half, SIDE // 2, "whole/")
    pooled = graph.add("GlobalAveragePool", [whole_map.tensor], "whole_pooled")
    features = graph.add("Flatten", [pooled], "features")
    whole = classifier.logits(features, "whole")

    window_map = backbone.features("input", SIDE, "windows/")
    averaged = graph.add(
        "AveragePool", [window_map.tensor], "window_means", kernel_shape=[WINDOW] * 2, strides=[WINDOW_STRIDE] * 2
    )
    by_channel = graph.add(
        "Reshape", [averaged, graph.constant("window_shape", np.array([FEATURES, WINDOWS], np.int64))], "window_columns"
    )
    windows = classifier.logits(graph.add("Transpose", [by_channel], "window_rows", perm=[1, 0]), "window")

    p_whole = classifier.softened(whole, TEMPERATURE_WHOLE, "p_whole")
    best_window = best_of_rows(graph, classifier.softened(windows, TEMPERATURE_WINDOW, "p_windows"), "p_window_best")
    total = graph.add("ReduceSum", [best_window], "p_window_total", keepdims=1)
    p_window = graph.add("Div", [best_window, total], "p_window")
    both = graph.add("Add", [p_whole, p_window], "p_sum")
    probabilities = graph.add("Mul", [both, graph.constant("one_half", np.float32(0.5))], "probabilities")

    tags_window = best_of_rows(graph, graph.add("Softmax", [windows], "tags_windows", axis=1), "tags_window")
    graph.add("Max", [graph.add("Softmax", [whole], "tags_whole", axis=1), tags_window], "tag_scores")

    words = graph.add("MatMul", [probabilities, graph.constant("label_vectors", labels)], "words")
    centre = graph.constant("label_centre", labels.mean(axis=0)[None].astype(np.float32))
    graph.unit(graph.add("Sub", [words, centre], "words_centred"), "image_embedding")

    count, width = labels.shape
    outputs = {"image_embedding": width, "features": FEATURES, "tag_scores": count, "probabilities": count}
    return serialise(
        graph.nodes,
        graph.initialisers(),
        [floats("input", [1, 3, SIDE, SIDE])],
        [floats(name, [1, length]) for name, length in outputs.items()],
        "image",
    )


def best_of_rows(graph: Graph, rows: str, output: str) -> str:
    """Per column the largest value of all rows."""
    return graph.add("ReduceMax", [rows], output, axes=[0], keepdims=1)


class _Classifier:
    """The last layer, applied to pooled features: one row for the whole picture or one per window."""

    def __init__(self, graph: Graph, weights: dict[str, Array]) -> None:
        self._graph = graph
        self._matrix = graph.constant("classifier_matrix", weights["_fc.weight"].T.astype(np.float32))
        self._bias = graph.constant("classifier_bias", weights["_fc.bias"].astype(np.float32))

    def logits(self, rows: str, name: str) -> str:
        product = self._graph.add("MatMul", [rows, self._matrix], f"{name}_product")
        return self._graph.add("Add", [product, self._bias], f"{name}_logits")

    def softened(self, logits: str, temperature: float, output: str) -> str:
        divisor = self._graph.constant(f"temperature_{temperature:g}", np.float32(temperature))
        cooled = self._graph.add("Div", [logits, divisor], f"{output}_cooled")
        return self._graph.add("Softmax", [cooled], output, axis=1)
