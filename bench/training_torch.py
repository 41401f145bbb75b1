"""One training step in PyTorch, as a peer of Fleet.Bench: see bench/README.md.

A step is forward, cross-entropy, backward, clipping of the gradient's norm and Adam, on one thread, for an LSTM 9 -> 128 that tells
the class of 128-step sequences, 64 of them at a time. Each line of standard input is "CASE REPETITIONS"; the answer is the
nanoseconds that so many steps took. Cases: dense (torch.nn.LSTM), hmd RICH BLOCKS (the recurrent matrix as hybrid matrix
decomposition, a cell written with eager operations).
"""
import sys
import time

import torch

FEATURES, HIDDEN, CLASSES, STEPS, BATCH = 9, 128, 6, 128, 64
GATES = 4


class DenseNetwork(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(FEATURES, HIDDEN, batch_first=True)
        self.head = torch.nn.Linear(HIDDEN, CLASSES)

    def forward(self, x):
        outputs, _ = self.lstm(x)
        return self.head(outputs[:, -1])


class HmdNetwork(torch.nn.Module):
    """The upper rich rows of each gate are free; the lower ones are blocks of rank 1 side by side."""

    def __init__(self, rich, blocks):
        super().__init__()
        if HIDDEN % blocks:
            raise ValueError(f"{HIDDEN} columns cannot be cut into {blocks} equal blocks")
        self.blocks = blocks
        self.width = HIDDEN // blocks
        self.input = torch.nn.Linear(FEATURES, GATES * HIDDEN)
        self.rich = torch.nn.Linear(HIDDEN, GATES * rich, bias=False)
        self.b = torch.nn.Parameter(torch.randn(GATES, blocks, HIDDEN - rich) / blocks)
        self.c = torch.nn.Parameter(torch.randn(GATES, blocks, self.width) / self.width)
        self.head = torch.nn.Linear(HIDDEN, CLASSES)

    def forward(self, x):
        batch = x.shape[0]
        # One unbind, not a slice a step: the gradient of a slice is a whole tensor of zeros.
        inputs = self.input(x).view(batch, -1, GATES, HIDDEN).unbind(1)
        h = x.new_zeros(batch, HIDDEN)
        state = x.new_zeros(batch, HIDDEN)
        for now in inputs:
            upper = self.rich(h).view(batch, GATES, -1)
            s = torch.einsum("bkw,gkw->bgk", h.view(batch, self.blocks, self.width), self.c)
            lower = torch.einsum("bgk,gkl->bgl", s, self.b)
            sums = now + torch.cat((upper, lower), 2)
            i, f, g, o = sums.unbind(1)
            state = torch.sigmoid(f) * state + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(state)
        return self.head(h)


class Training:
    def __init__(self, network):
        self.network = network
        self.optimiser = torch.optim.Adam(network.parameters(), lr=1e-3)
        self.x = torch.randn(BATCH, STEPS, FEATURES)
        self.labels = torch.randint(CLASSES, (BATCH,))

    def step(self):
        self.optimiser.zero_grad()
        torch.nn.functional.cross_entropy(self.network(self.x), self.labels).backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()


def main():
    torch.set_num_threads(1)
    torch.manual_seed(1)
    trainings = {}
    for line in sys.stdin:
        *case, repetitions = line.split()
        key = " ".join(case)
        if key not in trainings:
            network = DenseNetwork() if case[0] == "dense" else HmdNetwork(int(case[1]), int(case[2]))
            trainings[key] = Training(network)
        start = time.perf_counter_ns()
        for _ in range(int(repetitions)):
            trainings[key].step()
        print(time.perf_counter_ns() - start, flush=True)


main()
