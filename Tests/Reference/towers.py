"""Vectors of a model pack, computed with onnxruntime's own Python binding: what the Swift towers must agree with.

    python towers.py PACK < request.json > answer.json

The request has "texts" (strings) and "pictures" (files of raw 8-bit RGB, row by row, of the pack's size).
"""
import json
import re
import sys
import unicodedata

import numpy
import onnxruntime


def words(text):
    """The text's words: NFD without accents, in lower case, punctuation and ideographs standing alone."""
    spaced = []
    for character in unicodedata.normalize("NFD", text.lower()):
        category = unicodedata.category(character)
        if character in "\t\n\r" or category[0] == "Z":
            spaced.append(" ")
        elif category in ("Mn", "Cc", "Cf") or character == "\ufffd":
            continue
        elif category[0] == "P" or re.match(r"[!-/:-@\[-`{-~]", character) or "CJK" in unicodedata.name(character, ""):
            spaced.append(f" {character} ")
        else:
            spaced.append(character)
    return "".join(spaced).split()


def pieces(word, vocabulary):
    """The ids of a word's pieces, the longest first match winning."""
    if len(word) > 100:
        return [vocabulary["[UNK]"]]
    found, start = [], 0
    while start < len(word):
        prefix = "##" if start else ""
        end = next((end for end in range(len(word), start, -1) if prefix + word[start:end] in vocabulary), None)
        if end is None:
            return [vocabulary["[UNK]"]]
        found.append(vocabulary[prefix + word[start:end]])
        start = end
    return found


def ids(text, vocabulary, context):
    inner = [piece for word in words(text) for piece in pieces(word, vocabulary)]
    return [vocabulary["[CLS]"], *inner[: context - 2], vocabulary["[SEP]"]]


def main():
    folder = sys.argv[1]
    manifest = json.load(open(f"{folder}/manifest.json"))
    request = json.load(sys.stdin)
    text, image = manifest["text"], manifest["image"]
    vocabulary = {piece: number for number, piece in enumerate(open(f"{folder}/{text['vocabulary']}", encoding="utf-8").read().split("\n"))}
    answer = {"ids": [ids(query, vocabulary, text["context"]) for query in request["texts"]], "texts": [], "pictures": []}
    tower = onnxruntime.InferenceSession(f"{folder}/{text['file']}")
    for query in answer["ids"]:
        tokens = numpy.array([query], numpy.int64)
        given = dict(zip(text["inputs"], (tokens, numpy.ones_like(tokens), numpy.zeros_like(tokens))))
        answer["texts"].append(tower.run([text["output"]], given)[0][0].tolist())
    tower = onnxruntime.InferenceSession(f"{folder}/{image['file']}")
    for picture in request["pictures"]:
        pixels = numpy.fromfile(picture, numpy.uint8).reshape(image["size"], image["size"], 3)
        planes = ((pixels / 255 - image["mean"]) / image["std"]).astype(numpy.float32).transpose(2, 0, 1)[None]
        vector, features, tags = tower.run([image["output"], image["features"], image["tags"]], {image["input"]: planes})
        answer["pictures"].append({"vector": vector[0].tolist(), "features": features[0].tolist(), "tags": tags[0].tolist()})
    json.dump(answer, sys.stdout)


main()
