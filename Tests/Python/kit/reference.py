"""The towers of the model pack in Python: what the server's vectors are compared with."""

from __future__ import annotations

import json
import sys
from functools import cached_property
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

from .server import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
from modelpack.wordpiece import WordPiece  # noqa: E402

PACK = ROOT / "models" / "lite2-minilm-a2"


class Reference:
    """One pack, opened on first use."""

    def __init__(self, folder: Path = PACK) -> None:
        self.folder = folder
        self.manifest = json.loads((folder / "manifest.json").read_text())

    @cached_property
    def _image(self) -> onnxruntime.InferenceSession:
        return onnxruntime.InferenceSession(self.folder / "image.onnx")

    @cached_property
    def _text(self) -> onnxruntime.InferenceSession:
        return onnxruntime.InferenceSession(self.folder / "text.onnx")

    @cached_property
    def _tokeniser(self) -> WordPiece:
        tokens = (self.folder / "vocab.txt").read_text().split("\n")
        return WordPiece(json.dumps({"model": {"vocab": {token: number for number, token in enumerate(tokens)}}}).encode())

    def image(self, picture: Image.Image) -> np.ndarray:
        """The vector of a picture, squashed as the manifest says."""
        side = self.manifest["image"]["size"]
        pixels = np.asarray(picture.convert("RGB").resize((side, side), Image.Resampling.BICUBIC), np.float32) / 255
        mean, deviation = (np.array(self.manifest["image"][key], np.float32) for key in ("mean", "std"))
        tensor = np.ascontiguousarray(((pixels - mean) / deviation).transpose(2, 0, 1)[None])
        return self._image.run(["image_embedding"], {"input": tensor})[0][0]

    def text(self, words: str) -> np.ndarray:
        """The vector of a query."""
        ids = np.array([self._tokeniser.encode(words)], np.int64)
        feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        return self._text.run(["text_embedding"], feeds)[0][0]

    def distance(self, score: float, best: float) -> float:
        """A dot product on the contract's scale: straight lines through 1 → 0, good → 0.6, show → 0.8, −1 → 1, where show goes
        half the way to good as the best one does."""
        show, good = self.manifest["score"]["show"], self.manifest["score"]["good"]
        sureness = np.clip((best - show) / (good - show), 0, 1)
        scores = [-1, show + sureness * (good - show) / 2, good, 1]
        return float(np.interp(score, scores, [1, 0.8, 0.6, 0]))
