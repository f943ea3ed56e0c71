"""Reading text in pictures: the models are used as they are, but what their classes mean stands inside one of them."""

from __future__ import annotations

import onnx


def characters(recogniser: bytes) -> bytes:
    """The characters that the recogniser knows, one a line, in the order of its classes from the second on.

    The first class means that no character stands there, the last one a space, which the list leaves out.
    """
    notes = {entry.key: entry.value for entry in onnx.load_from_string(recogniser).metadata_props}
    lines = notes["character"].split("\n")
    if not all(len(line) > 0 for line in lines):
        raise ValueError("an empty line among the recogniser's characters")
    return ("\n".join(lines) + "\n").encode()
