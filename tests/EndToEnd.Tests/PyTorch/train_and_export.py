"""A recurrent classifier that is trained in PyTorch, as a person would bring it: on data of their own and their own scaling.

Writes into the folder that it is given: training.npy and test.npy [samples, steps, channels] with their labels, task.yaml that describes
them, model.onnx, and told.json: the accuracy on the test part, and mean and deviation of each channel, by which the model was fed.
"""
import json
import pathlib
import sys

import numpy
import torch

STEPS, CHANNELS, HIDDEN, CLASSES = 32, 6, 32, 3
OFFSETS = numpy.array([20, -3, 0, 7, 100, 0], dtype=numpy.float64)
SPREADS = numpy.array([5, 0.2, 1, 3, 40, 0.05], dtype=numpy.float64)


class Classifier(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(CHANNELS, HIDDEN, batch_first=True)
        self.head = torch.nn.Linear(HIDDEN, CLASSES)

    def forward(self, x):
        outputs, _ = self.lstm(x)
        return self.head(outputs[:, -1])


def draw(random, samples):
    """Three rates of turning, in two channels of six; the others are noise."""
    labels = numpy.arange(samples) % CLASSES
    turns = random.random((samples, 1)) + numpy.arange(STEPS) * (0.05 + 0.05 * labels[:, None])
    inputs = random.normal(size=(samples, STEPS, CHANNELS)) * 0.6
    inputs[:, :, 0] += numpy.sin(2 * numpy.pi * turns)
    inputs[:, :, 3] += numpy.cos(2 * numpy.pi * turns)
    return (inputs * SPREADS + OFFSETS).astype(numpy.float32), labels.astype(numpy.int64)


def main():
    folder = pathlib.Path(sys.argv[1])
    torch.manual_seed(1)
    torch.set_num_threads(1)
    random = numpy.random.default_rng(1)
    training, test = draw(random, 600), draw(random, 300)
    for name, (inputs, labels) in (("training", training), ("test", test)):
        numpy.save(folder / f"{name}.npy", inputs)
        numpy.save(folder / f"{name}-labels.npy", labels)
    mean, deviation = training[0].mean((0, 1)), training[0].std((0, 1))

    def feed(inputs):
        return torch.tensor((inputs - mean) / deviation)

    model = Classifier()
    optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
    inputs, labels = feed(training[0]), torch.tensor(training[1])
    for _ in range(12):
        order = torch.randperm(len(labels))
        for batch in order.split(50):
            optimiser.zero_grad()
            torch.nn.functional.cross_entropy(model(inputs[batch]), labels[batch]).backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()

    model.eval()
    with torch.no_grad():
        right = (model(feed(test[0])).argmax(1) == torch.tensor(test[1])).double().mean().item()
    torch.onnx.export(
        model, inputs[:1], str(folder / "model.onnx"), opset_version=13, input_names=["x"], output_names=["y"],
        dynamic_axes={"x": {0: "batch", 1: "steps"}, "y": {0: "batch"}})
    channels = ", ".join(f"c{index}" for index in range(CHANNELS))
    (folder / "task.yaml").write_text(
        f"task: turning\nchannels: [{channels}]\nlabels: [slow, middle, fast]\n"
        "training: { inputs: training.npy, labels: training-labels.npy }\ntest: { inputs: test.npy, labels: test-labels.npy }\n")
    (folder / "told.json").write_text(json.dumps({"accuracy": right, "mean": [float(v) for v in mean], "deviation": [float(v) for v in deviation]}))


main()
