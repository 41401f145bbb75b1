"""One training step of a recurrent classifier in PyTorch, in double precision.

Reads one JSON document from standard input: cell (lstm | gru), features, hidden, layers, bidirectional, classes, x [samples][steps]
[features], labels, learning_rate, clip_norm and weights, by PyTorch's names (flat lists; those that are missing stay zero and are not
learnt). Writes one to standard output: logits, loss, and the weights after a step of Adam.
"""
import json
import sys

import torch


def main():
    case = json.load(sys.stdin)
    torch.set_default_dtype(torch.float64)
    kind = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[case["cell"]]
    directions = 2 if case["bidirectional"] else 1
    cell = kind(case["features"], case["hidden"], case["layers"], batch_first=True, bidirectional=case["bidirectional"])
    head = torch.nn.Linear(case["hidden"] * directions, case["classes"])
    parameters = dict(cell.named_parameters(), **{"head." + name: one for name, one in head.named_parameters()})
    with torch.no_grad():
        for name, parameter in parameters.items():
            values = case["weights"].get(name)
            # null in a list: this value is zero and is not learnt.
            flat = [0.0 if value is None else value for value in values] if values else [0.0] * parameter.numel()
            parameter.copy_(torch.tensor(flat).reshape(parameter.shape))
    for name, parameter in parameters.items():
        values = case["weights"].get(name)
        learnt = [0.0 if value is None else 1.0 for value in values] if values else [0.0] * parameter.numel()
        mask = torch.tensor(learnt).reshape(parameter.shape)
        parameter.register_hook(lambda gradient, mask=mask: gradient * mask)

    optimiser = torch.optim.Adam(parameters.values(), lr=case["learning_rate"])
    _, state = cell(torch.tensor(case["x"]))
    hidden = state[0] if case["cell"] == "lstm" else state
    last = torch.cat(tuple(hidden[-directions:]), 1)
    logits = head(last)
    loss = torch.nn.functional.cross_entropy(logits, torch.tensor(case["labels"]))
    loss.backward()
    torch.nn.utils.clip_grad_norm_(parameters.values(), case["clip_norm"])
    optimiser.step()
    json.dump(
        {
            "logits": logits.flatten().tolist(),
            "loss": loss.item(),
            "weights": {name: parameter.detach().flatten().tolist() for name, parameter in parameters.items()},
        },
        sys.stdout,
    )


main()
