"""Builds Banksia's default model pack out of models that registry packages carry.

`sources` says what comes from where; `faces`, `image` and `text` turn it into plain float32 ONNX graphs; `pack` writes
the folder with its manifest. The entry point is `scripts/prepare_models.py`.
"""
