"""The text tower: all-MiniLM-L6-v2 with mean pooling and the labels' centre taken off, all inside one graph."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto

from .graph import Array, Graph, floats
from .wordpiece import WordPiece

WIDTH = 384
"""Numbers in a sentence vector."""


class Sentences:
    """The sentence model as it comes, for embedding the label sentences while the pack is built."""

    def __init__(self, model: bytes, tokeniser: WordPiece) -> None:
        self._session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
        self._tokeniser = tokeniser

    def embed(self, texts: list[str]) -> Array:
        """One unit vector a text: the mean of its token vectors. One text per run, so that nothing depends on padding."""
        return unit(np.stack([self._tokens(text).mean(axis=0) for text in texts]))

    def _tokens(self, text: str) -> Array:
        ids = np.array([self._tokeniser.encode(text)], np.int64)
        feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        (hidden,) = self._session.run(["last_hidden_state"], feeds)
        return hidden[0]


def unit(rows: Array) -> Array:
    """Rows of length one."""
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


def tower(sentence_model: bytes, centre: Array) -> bytes:
    """`sentence_model` with two more outputs' worth of arithmetic: pooled, `centre` removed, length one.

    The centre is what all label sentences have in common ("a photo of …"). The image tower takes off the same vector;
    without it every picture would be a little similar to every query.
    """
    model = onnx.load_from_string(sentence_model)
    tail = Graph()
    mask = tail.add("Cast", ["attention_mask"], "tail_mask", to=TensorProto.FLOAT)
    column = tail.add("Unsqueeze", [mask, tail.constant("tail_last_axis", np.array([2], np.int64))], "tail_mask_column")
    masked = tail.add("Mul", ["last_hidden_state", column], "tail_masked")
    # The mean over all positions instead of the unmasked ones differs by a factor only, which `unit` removes.
    pooled = tail.add("ReduceMean", [masked], "tail_pooled", axes=[1], keepdims=0)
    sentence = tail.unit(pooled, "sentence_embedding")
    centred = tail.add("Sub", [sentence, tail.constant("tail_centre", centre[None].astype(np.float32))], "tail_centred")
    tail.unit(centred, "text_embedding")
    model.graph.node.extend(tail.nodes)
    model.graph.initializer.extend(tail.initialisers())
    del model.graph.output[:]
    model.graph.output.append(floats("text_embedding", ["batch", WIDTH]))
    onnx.checker.check_model(model)
    return model.SerializeToString()
