#!/usr/bin/python3
"""Trains the PyTorch model of the sample and saves it as TorchScript, with a few inputs and what PyTorch itself makes of them.

    apt-get install python3-torch python3-sklearn
    /usr/bin/python3 async-batcher-sample-app/models/train_pytorch.py

The data set comes with scikit-learn: handwritten digits, 8 x 8 pixels, each from 0 (paper) to 16 (ink). The model is a small
convolutional network. What a call of it costs is mostly the way there: through JNI, and from operation to operation.
"""

import json
from pathlib import Path

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

SAMPLES = 100
EPOCHS = 30
RESOURCES = Path(__file__).resolve().parent.parent / "src"
MODEL = RESOURCES / "main/resources/pytorch/digits.pt"
PREDICTIONS = RESOURCES / "test/resources/pytorch/predictions.json"


class Digits(nn.Module):
    """Features [n, 64] in, probabilities [n, 10] out."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(16, 32, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 32, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(128, 64),
            nn.ReLU(),
            nn.Linear(64, 10),
        )

    def scores(self, features):
        return self.layers((features / 16).reshape(-1, 1, 8, 8))

    def forward(self, features):
        return torch.softmax(self.scores(features), 1)


def train(features, labels):
    torch.manual_seed(0)
    model = Digits()
    optimizer = torch.optim.Adam(model.parameters())
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(features)).split(32):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model.scores(features[rows]), labels[rows]).backward()
            optimizer.step()
    return model.eval()


def main():
    features, labels = load_digits(return_X_y=True)
    known, unknown, known_labels, unknown_labels = train_test_split(
        torch.tensor(features, dtype=torch.float32),
        torch.tensor(labels),
        test_size=300,
        random_state=0,
        stratify=labels,
    )
    model = train(known, known_labels)
    MODEL.parent.mkdir(exist_ok=True)
    torch.jit.trace(model, known[:2]).save(str(MODEL))

    with torch.no_grad():
        probabilities = model(unknown)
    right = (probabilities.argmax(1) == unknown_labels).float().mean().item()
    print(f"right about {right:.2f} of the digits that it was not trained with")

    rows = [
        {
            "features": [int(pixel) for pixel in pixels],
            "digit": int(row.argmax()),
            "probabilities": [float(f"{p:.9g}") for p in row.tolist()],
        }
        for pixels, row in zip(unknown[:SAMPLES], probabilities)
    ]
    PREDICTIONS.parent.mkdir(exist_ok=True)
    PREDICTIONS.write_text("[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "\n]\n")
    for file in (MODEL, PREDICTIONS):
        print(file.relative_to(RESOURCES), file.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
