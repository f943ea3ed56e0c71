"""A CLIP model with random weights, small but of the real structure, in the layout that is published for Immich; and what it
makes of inputs, computed by numpy: what the Swift towers must agree with.

    python clip_export.py make FOLDER SEED [plain | bytes | masked]     writes the export
    python clip_export.py vectors FOLDER < request.json > answer.json   the request has "ids" and "pictures" (files of raw RGB)

`plain` takes pictures as floats in planes and ids as int32; `bytes` takes pictures as bytes, pixel by pixel, and scales them
itself; `masked` takes ids as int64 beside an attention mask, and reads the last id that the mask shows.
"""
import json
import shutil
import sys
from pathlib import Path

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

SIZE, PATCH, WIDTH, HEADS, LAYERS, CONTEXT, DIMENSION = 32, 8, 32, 4, 2, 24, 16
MEAN, STD = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]
TOKENIZER = Path(__file__).parent.parent / "Goldens" / "tokenizers" / "clip-tokenizer.json"


class Graph:
    """Nodes in the order in which they are added, each named by its number; numpy runs along."""

    def __init__(self, weights):
        self.nodes, self.constants, self.weights = [], {}, weights

    def constant(self, value, kind=numpy.float32):
        name = f"c{len(self.constants)}"
        self.constants[name] = numpy_helper.from_array(numpy.array(value, kind, order="C"), name)
        return name

    def weight(self, name):
        return self.constant(self.weights[name])

    def add(self, kind, *inputs, **attributes):
        name = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def shape(self, value, *sizes):
        return self.add("Reshape", value, self.constant(sizes, numpy.int64))

    def linear(self, value, name):
        return self.add("Add", self.add("MatMul", value, self.weight(name + ".w")), self.weight(name + ".b"))

    def normal(self, value, name):
        return self.add("LayerNormalization", value, self.weight(name + ".w"), self.weight(name + ".b"), epsilon=1e-5)

    def blocks(self, value, length, name, mask=None):
        for layer in range(LAYERS):
            at = f"{name}.{layer}"
            parts = self.add("Transpose", self.shape(self.linear(self.normal(value, at + ".n1"), at + ".in"), length, 3, HEADS, -1), perm=[1, 2, 0, 3])
            query, key, content = (self.add("Gather", parts, self.constant(i, numpy.int64), axis=0) for i in range(3))
            scores = self.add("Mul", self.add("MatMul", query, self.add("Transpose", key, perm=[0, 2, 1])), self.constant((WIDTH // HEADS) ** -0.5))
            if mask:
                scores = self.add("Add", scores, mask)
            mixed = self.add("Transpose", self.add("MatMul", self.add("Softmax", scores, axis=-1), content), perm=[1, 0, 2])
            value = self.add("Add", value, self.linear(self.shape(mixed, length, WIDTH), at + ".out"))
            inner = self.linear(self.normal(value, at + ".n2"), at + ".up")
            quick = self.add("Mul", inner, self.add("Sigmoid", self.add("Mul", inner, self.constant(1.702))))
            value = self.add("Add", value, self.linear(quick, at + ".down"))
        return value

    def unit(self, value, name):
        length = self.add("ReduceL2", value, axes=[-1], keepdims=1)
        self.nodes.append(helper.make_node("Div", [value, length], [name]))

    def save(self, path, inputs, name):
        output = helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, DIMENSION])
        graph = helper.make_graph(self.nodes, "tower", inputs, [output], list(self.constants.values()))
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.checker.check_model(model)
        path.parent.mkdir(parents=True, exist_ok=True)
        onnx.save(model, path)


def weights(seed, words):
    random = numpy.random.default_rng(seed)
    made = {}

    def linear(name, height, width):
        made[name + ".w"], made[name + ".b"] = random.normal(0, height**-0.5, (height, width)), random.normal(0, 0.1, width)

    def normal(name):
        made[name + ".w"], made[name + ".b"] = random.normal(1, 0.1, WIDTH), random.normal(0, 0.1, WIDTH)

    for tower, length in (("visual", (SIZE // PATCH) ** 2 + 1), ("textual", CONTEXT)):
        for layer in range(LAYERS):
            at = f"{tower}.{layer}"
            linear(at + ".in", WIDTH, 3 * WIDTH)
            linear(at + ".out", WIDTH, WIDTH)
            linear(at + ".up", WIDTH, 4 * WIDTH)
            linear(at + ".down", 4 * WIDTH, WIDTH)
            normal(at + ".n1")
            normal(at + ".n2")
        made[tower + ".places"] = random.normal(0, 1, (length, WIDTH))
        made[tower + ".project"] = random.normal(0, WIDTH**-0.5, (WIDTH, DIMENSION))
        normal(tower + ".last")
    normal("visual.first")
    made["visual.patch"] = random.normal(0, 1 / PATCH, (WIDTH, 3, PATCH, PATCH))
    made["visual.class"] = random.normal(0, 1, (1, WIDTH))
    made["textual.words"] = random.normal(0, 1, (words, WIDTH))
    return {name: value.astype(numpy.float32) for name, value in made.items()}


def image_tower(made, path, form):
    graph, picture = Graph(made), "image"
    inputs = [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, SIZE, SIZE])]
    if form == "bytes":
        inputs = [helper.make_tensor_value_info("image", TensorProto.UINT8, [1, SIZE, SIZE, 3])]
        scaled = graph.add("Div", graph.add("Cast", picture, to=TensorProto.FLOAT), graph.constant(255))
        scaled = graph.add("Div", graph.add("Sub", scaled, graph.constant(MEAN)), graph.constant(STD))
        picture = graph.add("Transpose", scaled, perm=[0, 3, 1, 2])
    patches = graph.add("Conv", picture, graph.weight("visual.patch"), kernel_shape=[PATCH] * 2, strides=[PATCH] * 2)
    patches = graph.add("Transpose", graph.shape(patches, WIDTH, -1), perm=[1, 0])
    value = graph.add("Add", graph.add("Concat", graph.weight("visual.class"), patches, axis=0), graph.weight("visual.places"))
    value = graph.blocks(graph.normal(value, "visual.first"), (SIZE // PATCH) ** 2 + 1, "visual")
    first = graph.add("Gather", value, graph.constant([0], numpy.int64), axis=0)
    graph.unit(graph.add("MatMul", graph.normal(first, "visual.last"), graph.weight("visual.project")), "embedding")
    graph.save(path, inputs, "embedding")


def text_tower(made, path, form):
    graph = Graph(made)
    kind, name = (TensorProto.INT64, "input_ids") if form == "masked" else (TensorProto.INT32, "text")
    inputs = [helper.make_tensor_value_info(name, kind, [1, CONTEXT])]
    ids = graph.shape(name, CONTEXT)
    if form == "masked":
        inputs.append(helper.make_tensor_value_info("attention_mask", kind, [1, CONTEXT]))
        length = graph.add("ReduceSum", graph.shape("attention_mask", CONTEXT), keepdims=0)
        last = graph.add("Sub", length, graph.constant(1, numpy.int64))
    else:
        last = graph.add("ArgMax", ids, axis=0, keepdims=0)
    value = graph.add("Add", graph.add("Gather", graph.weight("textual.words"), ids, axis=0), graph.weight("textual.places"))
    causal = numpy.triu(numpy.full((CONTEXT, CONTEXT), -1e9), 1)
    value = graph.normal(graph.blocks(value, CONTEXT, "textual", graph.constant(causal)), "textual.last")
    read = graph.shape(graph.add("Gather", value, last, axis=0), 1, WIDTH)
    graph.unit(graph.add("MatMul", read, graph.weight("textual.project")), "embedding")
    graph.save(path, inputs, "embedding")


def make(folder, seed, form):
    tokenizer = json.loads(TOKENIZER.read_text())
    made = weights(seed, len(tokenizer["model"]["vocab"]))
    image_tower(made, folder / "visual" / "model.onnx", form)
    text_tower(made, folder / "textual" / "model.onnx", form)
    shutil.copy(TOKENIZER, folder / "textual" / "tokenizer.json")
    settings = {"embed_dim": DIMENSION, "vision_cfg": {"image_size": SIZE}, "text_cfg": {"context_length": CONTEXT}}
    cut = {"size": [SIZE, SIZE], "mode": "RGB", "mean": MEAN, "std": STD, "interpolation": "bicubic", "resize_mode": "shortest", "fill_color": 0}
    (folder / "config.json").write_text(json.dumps(settings))
    (folder / "visual" / "preprocess_cfg.json").write_text(json.dumps(cut))
    (folder / "textual" / "tokenizer_config.json").write_text(json.dumps({"pad_token": "<|endoftext|>"}))
    numpy.savez(folder / "weights.npz", **made)


# ---- the same in numpy


def normal(made, value, name):
    centred = value - value.mean(-1, keepdims=True)
    return centred / numpy.sqrt(centred.var(-1, keepdims=True) + 1e-5) * made[name + ".w"] + made[name + ".b"]


def blocks(made, value, tower, mask=0.0):
    for layer in range(LAYERS):
        at = f"{tower}.{layer}"
        linear = lambda x, name: x @ made[f"{at}.{name}.w"] + made[f"{at}.{name}.b"]  # noqa: E731
        parts = linear(normal(made, value, at + ".n1"), "in").reshape(len(value), 3, HEADS, -1).transpose(1, 2, 0, 3)
        scores = parts[0] @ parts[1].transpose(0, 2, 1) * (WIDTH // HEADS) ** -0.5 + mask
        scores = numpy.exp(scores - scores.max(-1, keepdims=True))
        mixed = (scores / scores.sum(-1, keepdims=True)) @ parts[2]
        value = value + linear(mixed.transpose(1, 0, 2).reshape(len(value), WIDTH), "out")
        inner = linear(normal(made, value, at + ".n2"), "up")
        value = value + linear(inner / (1 + numpy.exp(-1.702 * inner)), "down")
    return value


def unit(value):
    return (value / numpy.linalg.norm(value)).tolist()


def picture_vector(made, pixels):
    planes = ((pixels / 255 - MEAN) / STD).transpose(2, 0, 1)
    count = SIZE // PATCH
    patches = planes.reshape(3, count, PATCH, count, PATCH).transpose(1, 3, 0, 2, 4).reshape(count * count, -1)
    value = numpy.concatenate([made["visual.class"], patches @ made["visual.patch"].reshape(WIDTH, -1).T]) + made["visual.places"]
    value = blocks(made, normal(made, value, "visual.first"), "visual")
    return unit(normal(made, value[0], "visual.last") @ made["visual.project"])


def text_vector(made, ids):
    padded = numpy.array(ids + [max(ids)] * (CONTEXT - len(ids)))
    value = blocks(made, made["textual.words"][padded] + made["textual.places"], "textual", numpy.triu(numpy.full((CONTEXT, CONTEXT), -1e9), 1))
    return unit(normal(made, value[len(ids) - 1], "textual.last") @ made["textual.project"])


def vectors(folder):
    made = {name: value.astype(numpy.float64) for name, value in numpy.load(folder / "weights.npz").items()}
    request = json.load(sys.stdin)
    pictures = [numpy.fromfile(path, numpy.uint8).reshape(SIZE, SIZE, 3) for path in request["pictures"]]
    json.dump({"texts": [text_vector(made, ids) for ids in request["ids"]], "pictures": [picture_vector(made, p) for p in pictures]}, sys.stdout)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4] if len(sys.argv) > 4 else "plain")
    else:
        vectors(Path(sys.argv[2]))
