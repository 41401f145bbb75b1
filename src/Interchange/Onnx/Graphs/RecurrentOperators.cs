using Fleet.Interchange.Arrays;
using Fleet.Interchange.Networks;
using Fleet.Kernels.Runtime;

namespace Fleet.Interchange.Onnx.Graphs;

/// <summary>The recurrent operators, computed by Fleet's own runtime: a model of one layer, run once for each sequence.</summary>
internal static class RecurrentOperators
{
    /// <summary>Y, Y_h, and of an LSTM Y_c.</summary>
    public static NumericArray[] Run(NodeCall call)
    {
        var node = RecurrentNode.Of(call);
        var layer = node.Layer;
        var (steps, batch, directions, hidden) = (node.Steps, node.Batch, layer.Directions.Count, layer.Hidden);
        var lengths = node.SequenceLengths();
        var (initialHidden, initialMemory) = (node.InitialHidden(), node.InitialMemory());
        var x = call.Floats(0);
        var y = new float[Extents.Elements(call.Result(steps, directions, batch, hidden))];
        var lastHidden = new float[Extents.Elements(call.Result(directions, batch, hidden))];
        var lastMemory = new float[layer.Cell == ImportedCell.Lstm ? lastHidden.Length : 0];

        var document = NetworkDocument.Create(new ImportedNetwork(null, null, [layer], null), "onnx", call.Place);
        var runner = SequenceModel.Create(document).CreateRunner(Math.Max(steps, 1));
        var sequence = new float[steps * layer.Input];
        var outputs = new float[steps * layer.Outputs];
        for (var one = 0; one < batch; one++)
        {
            var length = lengths[one];
            for (var step = 0; step < length; step++)
            {
                var from = (node.BatchFirst ? (one * steps) + step : (step * batch) + one) * layer.Input;
                x.AsSpan(from, layer.Input).CopyTo(sequence.AsSpan(step * layer.Input));
            }

            runner.Reset();
            for (var direction = 0; direction < directions; direction++)
            {
                var state = ((direction * batch) + one) * hidden;
                initialHidden?.AsSpan(state, hidden).CopyTo(runner.Hidden(0, IsReverse(direction)));
                initialMemory?.AsSpan(state, hidden).CopyTo(runner.Memory(0, IsReverse(direction)));
            }

            // Steps behind a sequence's end stay zero.
            if (length > 0)
            {
                runner.RunAll(sequence.AsSpan(0, length * layer.Input), length, outputs.AsSpan(0, length * layer.Outputs));
            }

            for (var direction = 0; direction < directions; direction++)
            {
                for (var step = 0; step < length; step++)
                {
                    outputs.AsSpan(((step * directions) + direction) * hidden, hidden)
                        .CopyTo(y.AsSpan(((((step * directions) + direction) * batch) + one) * hidden));
                }

                var state = ((direction * batch) + one) * hidden;
                runner.Hidden(0, IsReverse(direction)).CopyTo(lastHidden.AsSpan(state));
                runner.Memory(0, IsReverse(direction)).CopyTo(lastMemory.AsSpan(lastMemory.Length > 0 ? state : 0));
            }
        }

        return Arrange(node, y, lastHidden, lastMemory);

        bool IsReverse(int direction) => layer.Reverse || direction == 1;
    }

    /// <summary>Results as the node's layout asks for them.</summary>
    /// <param name="y">[steps, directions, batch, hidden]</param>
    /// <param name="states">Each [directions, batch, hidden], or empty where the cell has no such state.</param>
    public static NumericArray[] Arrange<T>(RecurrentNode node, T[] y, params IEnumerable<T[]> states)
    {
        var (steps, batch, directions, hidden) = (node.Steps, node.Batch, node.Layer.Directions.Count, node.Layer.Hidden);
        var all = new NumericArray([steps, directions, batch, hidden], y);
        var last = states.Where(state => state.Length > 0).Select(state => new NumericArray([directions, batch, hidden], state));
        if (!node.BatchFirst)
        {
            return [all, .. last];
        }

        int[] first = [batch, steps, directions, hidden];
        int[] state = [batch, directions, hidden];
        return
        [
            all.Pick(first, Extents.Walk(first, [hidden, directions * batch * hidden, batch * hidden, 1])),
            .. last.Select(one => one.Pick(state, Extents.Walk(state, [hidden, batch * hidden, 1]))),
        ];
    }
}
