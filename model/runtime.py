"""The ONNX runtime, told to report nothing to its maker before it is loaded; the one module that imports it."""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime as ort  # noqa: E402

__all__ = ["ort"]
