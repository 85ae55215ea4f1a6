#!/usr/bin/env python3
"""Makes tests/golden/tfjs.json: what networks of TensorFlow.js say about a picture of waves, computed without any
inference library and without any code of Vultus.

  python3 -m venv venv && venv/bin/pip install numpy
  vultus models fetch human_iris human_emotion human_faceres
  venv/bin/python tests/golden/make_tfjs_golden.py >tests/golden/tfjs.json

The graph in model.json is walked node by node with numpy in double precision: convolutions as sums over the kernel, fused
operations as what they stand for. The picture: byte i is 128 + 100 sin(0.011 (i mod 9973)), cut to a whole number.
"""
import argparse
import base64
import json
import math
import os
import pathlib
import sys

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PLAIN = {"float32": "<f4", "int32": "<i4", "bool": "u1", "uint8": "u1"}
PACKED = {"float16": "<f2", "uint8": "u1", "uint16": "<u2"}


def text(attribute):
    return base64.b64decode(attribute["s"]).decode()


def weights_of(model, shards):
    values, at = {}, 0
    for group in model["weightsManifest"]:
        for row in group["weights"]:
            packed = row.get("quantization")
            kind = PACKED[packed["dtype"]] if packed else PLAIN[row["dtype"]]
            count = math.prod(row["shape"])
            numbers = np.frombuffer(shards, kind, count, at).reshape(row["shape"])
            at += count * np.dtype(kind).itemsize
            if packed and packed["dtype"] != "float16":
                numbers = numbers * packed["scale"] + packed["min"]
            values[row["name"]] = numbers.astype(float if row["dtype"] == "float32" else int)
    if at != len(shards):
        sys.exit("bytes are left over")
    return values


def padded(x, kernel, strides, attributes, fill):
    if text(attributes["padding"]) != "SAME":
        return x
    pads = [(0, 0)]
    for axis in (0, 1):
        size = x.shape[axis + 1]
        total = max((math.ceil(size / strides[axis]) - 1) * strides[axis] + kernel[axis] - size, 0)
        pads.append((total // 2, total - total // 2))
    return np.pad(x, pads + [(0, 0)], constant_values=fill)


def window(x, i, j, rows, columns, strides):
    return x[:, i:i + (rows - 1) * strides[0] + 1:strides[0], j:j + (columns - 1) * strides[1] + 1:strides[1]]


def pairs(attributes, key):
    return [int(number) for number in attributes[key]["list"]["i"]][1:3]


def convolved(x, weights, attributes, depthwise):
    strides, kernel = pairs(attributes, "strides"), weights.shape[:2]
    if "dilations" in attributes and pairs(attributes, "dilations") != [1, 1]:
        sys.exit("dilated convolutions are not written here")
    x = padded(x, kernel, strides, attributes, 0.0)
    rows, columns = [(x.shape[a + 1] - kernel[a]) // strides[a] + 1 for a in (0, 1)]
    total = 0
    for i in range(kernel[0]):
        for j in range(kernel[1]):
            part = window(x, i, j, rows, columns, strides)
            total = total + ((part[..., None] * weights[i, j]).reshape(*part.shape[:3], -1) if depthwise
                             else part @ weights[i, j])
    return total


def pooled(x, attributes):
    strides, kernel = pairs(attributes, "strides"), pairs(attributes, "ksize")
    x = padded(x, kernel, strides, attributes, -np.inf)
    rows, columns = [(x.shape[a + 1] - kernel[a]) // strides[a] + 1 for a in (0, 1)]
    return np.max([window(x, i, j, rows, columns, strides) for i in range(kernel[0]) for j in range(kernel[1])], axis=0)


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


SIMPLE = {
    "AddV2": np.add, "Add": np.add, "Mul": np.multiply, "Minimum": np.minimum, "Maximum": np.maximum,
    "Relu": lambda x: np.maximum(x, 0), "Sigmoid": lambda x: 1 / (1 + np.exp(-x)), "Softmax": softmax,
    "Identity": lambda x: x, "Pad": lambda x, p: np.pad(x, [tuple(r) for r in p]), "BiasAdd": np.add,
    "Prelu": lambda x, slope: np.where(x > 0, x, slope * x),
    "ConcatV2": lambda *all: np.concatenate(all[:-1], int(all[-1])),
}


def run(model, weights, picture, wanted):
    values = {}
    for node in model["modelTopology"]["node"]:
        name, op, attributes = node["name"], node["op"], node.get("attr", {})
        inputs = [values[i.split(":")[0]] for i in node.get("input", [])]
        if op == "Placeholder":
            value = picture
        elif op == "Const":
            value = weights[name]
        elif op in ("_FusedConv2D", "Conv2D", "DepthwiseConv2dNative", "FusedDepthwiseConv2dNative"):
            value = convolved(inputs[0], inputs[1], attributes, "epthwise" in op)
        elif op == "_FusedMatMul":
            value = inputs[0] @ inputs[1]
        elif op == "MaxPool":
            value = pooled(inputs[0], attributes)
        elif op == "Mean":
            value = inputs[0].mean(tuple(inputs[1].ravel()), keepdims=attributes.get("keep_dims", {}).get("b", False))
        else:
            value = SIMPLE[op](*inputs)
        if op.startswith("_Fused") or op.startswith("Fused"):
            rest = inputs[2:]
            for fused in [base64.b64decode(s).decode() for s in attributes["fused_ops"]["list"]["s"]]:
                value = SIMPLE[fused](value, *([rest.pop(0)] if fused in ("BiasAdd", "Prelu") else []))
        values[name] = value
    return {name: values[tensor.split(":")[0]].ravel() for name, tensor in wanted.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=pathlib.Path,
                        default=pathlib.Path(os.environ.get("VULTUS_CACHE", pathlib.Path.home() / ".cache" / "vultus")))
    cache = parser.parse_args().cache
    result = {}
    for name in ("human_emotion", "human_faceres", "human_iris"):
        row = json.loads((ROOT / "models" / f"{name}.json").read_text())
        files = [(cache / "models" / f"{name}-{file['sha256'][:16]}.tfjs").read_bytes() for file in row["files"]]
        model, spec = json.loads(files[0]), row["input"]
        count = math.prod(spec["shape"])
        bytes_ = np.floor(128 + 100 * np.sin(0.011 * (np.arange(count) % 9973))).reshape(spec["shape"])
        if spec["colour"] == "bgr":
            bytes_ = bytes_[..., ::-1]
        answer = run(model, weights_of(model, b"".join(files[1:])), (bytes_ - spec["mean"]) / spec["scale"],
                     row["outputs"])
        result[name] = {output: [float(f"{v:.6g}") for v in numbers[:228]] for output, numbers in answer.items()}
    json.dump(result, sys.stdout, indent=None, separators=(",", ":"))
    print()


if __name__ == "__main__":
    main()
