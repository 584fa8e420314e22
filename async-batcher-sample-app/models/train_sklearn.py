#!/usr/bin/python3
"""Trains the scikit-learn model of the sample and exports it, with a few inputs and what scikit-learn itself makes of them.

    apt-get install python3-sklearn python3-onnx
    /usr/bin/python3 async-batcher-sample-app/models/train_sklearn.py

The data set comes with scikit-learn: handwritten digits, 8 x 8 pixels, each from 0 (paper) to 16 (ink). The model is a
hundred small neural networks that vote. Exported, that is six hundred nodes, and to call a node costs about as much for 64
rows as for one. A forest of as many trees is the opposite: one node, whose work grows with every row, so that a batch saves
next to nothing.
"""

import json
import warnings
from pathlib import Path

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import load_digits
from sklearn.ensemble import BaggingClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

SAMPLES = 200
RESOURCES = Path(__file__).resolve().parent.parent / "src"
MODEL = RESOURCES / "main/resources/sklearn/digits.onnx"
PREDICTIONS = RESOURCES / "test/resources/sklearn/predictions.json"


def train(features, labels):
    member = MLPClassifier(hidden_layer_sizes=(16, 8), max_iter=60, random_state=0)
    model = make_pipeline(StandardScaler(), BaggingClassifier(member, n_estimators=100, random_state=0))
    # A single member stops early, and is no great reader; together they are.
    warnings.simplefilter("ignore", ConvergenceWarning)
    return model.fit(features, labels)


def export(model):
    """The pipeline as an ONNX graph: features [n, 64] in, probabilities [n, 10] out."""
    scaler, ensemble = (step for _, step in model.steps)
    nodes, weights = [], []

    def weight(name, values):
        weights.append(numpy_helper.from_array(numpy.asarray(values, numpy.float32), name))
        return name

    def node(operator, inputs, output, **attributes):
        nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    centred = node("Sub", ["features", weight("mean", scaler.mean_)], "centred")
    scaled = node("Div", [centred, weight("scale", scaler.scale_)], "scaled")
    votes = []
    for member, network in enumerate(ensemble.estimators_):
        value, last = scaled, network.n_layers_ - 2
        for layer, (factors, bias) in enumerate(zip(network.coefs_, network.intercepts_)):
            name = f"{member}.{layer}"
            value = node("Gemm", [value, weight(f"w{name}", factors), weight(f"b{name}", bias)], f"sum{name}")
            value = node("Relu", [value], f"out{name}") if layer < last else node("Softmax", [value], f"vote{member}", axis=1)
        votes.append(value)
    node("Mean", votes, "probabilities")

    graph = helper.make_graph(
        nodes,
        "digits",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", 64])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["n", 10])],
        weights,
    )
    exported = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(exported, full_check=True)
    return exported


def main():
    features, labels = load_digits(return_X_y=True)
    features = features.astype(numpy.float32)
    known, unknown, known_labels, unknown_labels = train_test_split(
        features, labels, test_size=300, random_state=0, stratify=labels
    )
    model = train(known, known_labels)
    print("right about", model.score(unknown, unknown_labels), "of the digits that it was not trained with")

    onnx.save(export(model), MODEL)
    samples = unknown[:SAMPLES]
    rows = [
        {"features": [int(pixel) for pixel in pixels], "digit": int(digit), "probabilities": [float(f"{p:.9g}") for p in row]}
        for pixels, digit, row in zip(samples, model.predict(samples), model.predict_proba(samples))
    ]
    PREDICTIONS.write_text("[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "\n]\n")
    for file in (MODEL, PREDICTIONS):
        print(file.relative_to(RESOURCES), file.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
