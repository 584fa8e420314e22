#!/usr/bin/env python3
"""Trains the TensorFlow model of the sample and saves it, with a few inputs and what TensorFlow itself makes of them.

    apt-get install python3-venv
    python3 -m venv tensorflow && tensorflow/bin/pip install tensorflow-cpu scikit-learn
    tensorflow/bin/python async-batcher-sample-app/models/train_tensorflow.py

The data set comes with scikit-learn: handwritten digits, 8 x 8 pixels, each from 0 (paper) to 16 (ink). The model is a
network of three layers; its weights are constants of the graph, so that the saved model is a single file.
"""

import json
import shutil
from pathlib import Path

import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

SAMPLES = 100
EPOCHS = 30
RATE = 0.1
SIZES = [64, 256, 128, 10]
RESOURCES = Path(__file__).resolve().parent.parent / "src"
MODEL = RESOURCES / "main/resources/tensorflow"
PREDICTIONS = RESOURCES / "test/resources/tensorflow/predictions.json"


class Digits(tf.Module):
    """Features [n, 64] in, probabilities [n, 10] out."""

    def __init__(self):
        super().__init__()
        self.layers = [
            (tf.Variable(tf.random.normal([rows, columns]) * (2 / rows) ** 0.5), tf.Variable(tf.zeros([columns])))
            for rows, columns in zip(SIZES, SIZES[1:])
        ]

    def scores(self, features):
        value = features / 16
        for factors, bias in self.layers[:-1]:
            value = tf.nn.relu(value @ factors + bias)
        factors, bias = self.layers[-1]
        return value @ factors + bias

    @tf.function(input_signature=[tf.TensorSpec([None, 64], tf.float32, "features")])
    def predict(self, features):
        return tf.nn.softmax(self.scores(features))


def train(features, labels):
    tf.random.set_seed(0)
    model = Digits()
    rows = tf.data.Dataset.from_tensor_slices((features, labels)).shuffle(2_000, seed=0).batch(32).repeat(EPOCHS)
    for batch, expected in rows:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(expected, model.scores(batch)))
        for variable, gradient in zip(model.trainable_variables, tape.gradient(loss, model.trainable_variables)):
            variable.assign_sub(RATE * gradient)
    return model


def save(model):
    frozen = convert_variables_to_constants_v2(model.predict.get_concrete_function())
    graph = tf.Module()
    graph.predict = tf.function(
        lambda features: {"probabilities": frozen(features)[0]},
        input_signature=[tf.TensorSpec([None, 64], tf.float32, "features")],
    )
    shutil.rmtree(MODEL, ignore_errors=True)
    options = tf.saved_model.SaveOptions(save_debug_info=False)
    tf.saved_model.save(graph, str(MODEL), signatures=graph.predict.get_concrete_function(), options=options)
    # What a graph without variables has no use for.
    for file in MODEL.rglob("*"):
        if file.is_file() and file.name != "saved_model.pb":
            file.unlink()
    for directory in ("variables", "assets"):
        (MODEL / directory).rmdir()


def main():
    features, labels = load_digits(return_X_y=True)
    known, unknown, known_labels, unknown_labels = train_test_split(
        features.astype("float32"), labels, test_size=300, random_state=0, stratify=labels
    )
    model = train(known, known_labels)
    save(model)

    probabilities = model.predict(unknown).numpy()
    print("right about", (probabilities.argmax(1) == unknown_labels).mean(), "of the digits it was not trained with")
    rows = [
        {
            "features": [int(pixel) for pixel in pixels],
            "digit": int(row.argmax()),
            "probabilities": [float(f"{p:.9g}") for p in row.tolist()],
        }
        for pixels, row in zip(unknown[:SAMPLES], probabilities)
    ]
    PREDICTIONS.parent.mkdir(parents=True, exist_ok=True)
    PREDICTIONS.write_text("[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "\n]\n")
    for file in (MODEL / "saved_model.pb", PREDICTIONS):
        print(file.relative_to(RESOURCES), file.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
