using Fleet.Interchange.Arrays;
using Fleet.Interchange.Networks;
using Fleet.Interchange.Onnx.Files;
using Fleet.Interchange.Onnx.Graphs;
using static Fleet.Interchange.Onnx.Wire.TensorProto.Types;

namespace Fleet.Interchange.Onnx.Import;

/// <summary>
/// What nodes that compute with the model's input mean: the layers of a network, found one after the other. One instance follows one
/// run through the graph with a probe of <c>first x second</c> sequences and steps, in whichever order.
/// </summary>
/// <param name="known">Layers that an earlier probe found, by node: their weights are not taken twice.</param>
internal sealed class NetworkRules(Dictionary<string, ImportedLayer> known)
{
    private readonly List<ImportedLayer> layers = [];
    private InputStage? read;

    /// <summary>Layers so far, from the input up.</summary>
    public IReadOnlyList<ImportedLayer> Layers => layers;

    /// <summary>What the first layer reads; null before there is one.</summary>
    public InputStage? Input => read;

    /// <summary>Whether the second axis of the graph's input is time.</summary>
    public bool BatchFirst { get; private set; }

    /// <summary>The results of a node with atoms among its operands; null leaves it to the layout operators.</summary>
    public NumericArray[]? Apply(NodeCall call) => call.Operator switch
    {
        "LSTM" or "GRU" or "RNN" => Recurrent(call),
        "Gather" when call.Input(1).Data is Atom[] => [Embed(call)],
        "Cast" => [Cast(call)],
        "Add" or "Sub" or "Mul" or "Div" => [Scale(call)],
        "Gemm" or "MatMul" => [Linear(call)],
        "Softmax" or "LogSoftmax" => [Softmax(call)],
        _ => null,
    };

    private NumericArray[] Recurrent(NodeCall call)
    {
        var node = RecurrentNode.Of(call, known.GetValueOrDefault(call.Place));
        known[call.Place] = node.Layer;
        var (layer, steps, batch) = (node.Layer, node.Steps, node.Batch);
        if (node.SequenceLengths().Any(length => length != steps))
        {
            throw call.Unsupported("sequence_lens shortens some of the sequences.", "Import it without; a model of Fleet reads sequences whole.");
        }

        if ((node.InitialHidden() ?? []).Concat(node.InitialMemory() ?? []).Any(value => value != 0))
        {
            throw call.Unsupported("it does not start from zero.", "Fleet's models do; fleet model run can run such a graph, its inputs given by name.");
        }

        Connect(call, node);
        call.Result(steps, batch, layer.Directions.Count, layer.Hidden);
        layers.Add(layer);
        var stage = new LayerStage(layer, steps, batch);
        var (directions, hidden) = (layer.Directions.Count, layer.Hidden);
        var y = new List<Atom>();
        for (var step = 0; step < steps; step++)
        {
            for (var direction = 0; direction < directions; direction++)
            {
                for (var sequence = 0; sequence < batch; sequence++)
                {
                    y.AddRange(Enumerable.Range(stage.Place(step, sequence, direction), hidden).Select(index => new Atom(stage, index)));
                }
            }
        }

        Atom[] last =
        [
            .. from direction in Enumerable.Range(0, directions)
               from sequence in Enumerable.Range(0, batch)
               from unit in Enumerable.Range(0, hidden)
               select new Atom(stage, stage.Place(stage.LastStep(direction), sequence, direction) + unit),
        ];
        return RecurrentOperators.Arrange(node, [.. y], last, layer.Cell == ImportedCell.Lstm ? new MemoryStage().Atoms(last.Length) : []);
    }

    // X must be what the layer before outputs at each step, or the graph's input.
    private void Connect(NodeCall call, RecurrentNode node)
    {
        var x = call.Input(0);
        var (steps, batch, width) = (node.Steps, node.Batch, node.Layer.Input);
        var (stepStride, sequenceStride) = node.BatchFirst ? (width, steps * width) : (batch * width, width);
        var atoms = x.Data as Atom[] ?? throw call.Unsupported("its input does not depend on what the model is fed.");
        var source = atoms.Length > 0 ? atoms[0].Source : null;
        switch (source)
        {
            case LayerStage before when before.Layer == layers[^1] && before.Layer.Outputs == width && before.Steps == steps && Follows(before.Place):
                return;
            case InputStage { Tokens: false } input when layers.Count == 0 && input.Width == width:
                BatchFirst = !Matches(input, steps, batch, batchFirst: false);
                if (BatchFirst && !Matches(input, steps, batch, batchFirst: true))
                {
                    break;
                }

                read = input;
                return;
        }

        throw call.Unsupported(
            $"its input {x.ShapeText} is not, step by step, what the layer before it outputs.",
            "Layers have to follow one another, each reading all outputs of the one before, in order.");

        bool Matches(InputStage input, int firstExtent, int secondExtent, bool batchFirst) =>
            (input.First, input.Second) == (batchFirst ? (secondExtent, firstExtent) : (firstExtent, secondExtent))
            && Follows((step, sequence, _) => (batchFirst ? (sequence * input.Second) + step : (step * input.Second) + sequence) * width);

        bool Follows(Func<int, int, int, int> place)
        {
            for (var step = 0; step < steps; step++)
            {
                for (var sequence = 0; sequence < batch; sequence++)
                {
                    var row = atoms.AsSpan((step * stepStride) + (sequence * sequenceStride), width);
                    if (!Rows.IsRun(row, source!, place(step, sequence, 0)))
                    {
                        return false;
                    }
                }
            }

            return true;
        }
    }

    private static NumericArray Embed(NodeCall call)
    {
        var tokens = call.Input(1);
        if (call.Input(0) is not { Rank: 2, Data: not Atom[] } table || call.Axis(call.Int("axis", 0), 2) != 0)
        {
            throw call.Unsupported("tokens can only take rows of a constant matrix.");
        }

        if (Rows.SourceOf(tokens) is not InputStage { Tokens: true } input)
        {
            throw call.Unsupported("its indices are not the model's input.");
        }

        var width = table.Shape[1];
        var stage = new InputStage(input.First, input.Second, width, tokens: false) { Embedding = new ImportedTable(table.Shape[0], width, call.Floats(0)) };
        return new NumericArray(
            call.Result([.. tokens.Shape.Append(width).Select(extent => (long)extent)]),
            ((Atom[])tokens.Data).SelectMany(token => Enumerable.Range(token.Index * width, width).Select(index => new Atom(stage, index))).ToArray());
    }

    // Tokens stay tokens whichever integers they are held in, and floats stay floats.
    private static NumericArray Cast(NodeCall call)
    {
        var integer = ConstantOperators.Target(call) is DataType.Int32 or DataType.Int64;
        var tokens = Rows.SourceOf(call.Input(0)) is InputStage { Tokens: true };
        return integer == tokens ? call.Input(0) : throw call.Unsupported(integer ? "it rounds what the model computes." : "it takes tokens for features.");
    }

    // With one constant a feature: normalisation of the input, or the bias of a linear layer.
    private static NumericArray Scale(NodeCall call)
    {
        var left = call.Input(0).Data is Atom[];
        var atoms = call.Input(left ? 0 : 1);
        var constant = call.Input(left ? 1 : 0);
        if (constant.Data is Atom[] || (!left && call.Operator is "Sub" or "Div") || Rows.SourceOf(atoms) is not { } source)
        {
            throw call.Unsupported(
                "it puts together two things that depend on the input.",
                "Of what the model is fed, features can be normalised by constants, and a linear layer's bias be added.");
        }

        switch (source)
        {
            case InputStage { Tokens: false, Embedding: null } input when Rows.OnePerFeature(atoms, constant, input.Width) is { } factors:
                var normalised = new InputStage(
                    input.First, input.Second, input.Width, tokens: false) { Normalisation = Normalise(call, input.Normalisation, factors) };
                return Rows.Move(atoms, normalised);
            case HeadStage { Head: { Softmax: false } head, Logarithm: false } stage
                when call.Operator == "Add" && Rows.OnePerFeature(atoms, constant, head.Weight.Rows) is { } bias:
                return Rows.Move(atoms, new HeadStage(head with { Bias = [.. head.Bias.Zip(bias, (one, other) => one + other)] }, stage.Rows));
            default:
                throw call.Unsupported(
                    "Fleet knows no layer that computes it there.",
                    "Features can be normalised before the first recurrent layer, and a bias be added to the linear layer behind the last.");
        }
    }

    private static ImportedNormalisation Normalise(NodeCall call, ImportedNormalisation? before, float[] factors)
    {
        var (mean, scale) = before is null
            ? (new float[factors.Length], Enumerable.Repeat(1f, factors.Length).ToArray())
            : (before.Mean, before.Scale);
        // (x - mean) * scale: nothing can be subtracted any more once it is scaled.
        if (call.Operator is "Add" or "Sub" && scale.Any(factor => factor != 1))
        {
            throw call.Unsupported("features are scaled first and shifted then.", "Subtract the mean first, then scale: (x - mean) * scale.");
        }

        return call.Operator switch
        {
            "Add" => new([.. mean.Zip(factors, (old, value) => old - value)], scale),
            "Sub" => new([.. mean.Zip(factors, (old, value) => old + value)], scale),
            "Mul" => new(mean, [.. scale.Zip(factors, (old, value) => old * value)]),
            _ => new(mean, [.. scale.Zip(factors, (old, value) => old / value)]),
        };
    }

    private NumericArray Linear(NodeCall call)
    {
        var a = call.Input(0);
        if (a.Data is not Atom[] || call.Int("transA", 0) != 0 || call.Input(1) is not { Rank: 2, Data: not Atom[] } matrix)
        {
            throw call.Unsupported("a linear layer must multiply what the model computes with a constant matrix, from the right.");
        }

        var transposed = call.Operator == "Gemm" && call.Int("transB", 0) != 0;
        var (inputs, outputs) = transposed ? (matrix.Shape[1], matrix.Shape[0]) : (matrix.Shape[0], matrix.Shape[1]);
        var perStep = Rows.Find(a, layers.Count > 0 ? layers[^1] : null, inputs)
            ?? throw call.Unsupported(
                $"its operand {a.ShapeText} is neither what the last recurrent layer outputs at every step, nor the state that it ends with.",
                "Of a bidirectional layer, that is the forward state after the last step beside the backward state after the first (ONNX's Y_h),"
                    + " not the output of the last step.");

        var weights = transposed ? matrix.ToFloats() : GraphWriter.Transposed<float>(matrix.ToFloats(), inputs, outputs);
        if (call.Float("alpha", 1) is not 1f and var alpha)
        {
            weights = Array.ConvertAll(weights, weight => alpha * weight);
        }

        var bias = new float[outputs];
        if (call.Operator == "Gemm" && call.Optional(2) is { } c)
        {
            var beta = call.Float("beta", 1);
            bias = c.Data is not Atom[] && c.Rank <= 2 && c.Shape.SkipLast(1).All(extent => extent == 1)
                && c.Data.Length is var length && (length == outputs || length == 1)
                ? [.. (length == 1 ? Enumerable.Repeat(c.ToFloats()[0], outputs) : c.ToFloats()).Select(value => beta * value)]
                : throw call.Unsupported($"C is {c.ShapeText}; a bias of {outputs} constants is expected.");
        }

        var rows = a.Data.Length / inputs;
        var order = perStep ? Rows.OrderOf(a, inputs) : null;
        var stage = new HeadStage(new ImportedHead(new ImportedTable(outputs, inputs, weights), bias, perStep), rows);
        var shape = call.Result([.. a.Shape.Take(a.Rank - 1).Append(outputs).Select(extent => (long)extent)]);
        Atom[] atoms =
        [
            .. from row in Enumerable.Range(0, rows)
               from output in Enumerable.Range(0, outputs)
               select new Atom(stage, ((order is null ? row : order[row]) * outputs) + output),
        ];
        return new NumericArray(shape, atoms);
    }

    private static NumericArray Softmax(NodeCall call)
    {
        var atoms = call.Input(0);
        var (before, classes, after) = ArithmeticOperators.ClassAxis(call);
        if (Rows.SourceOf(atoms) is not HeadStage { Head: { Softmax: false } head, Logarithm: false } stage || classes != head.Weight.Rows || after != 1
            || !Enumerable.Range(0, (int)before).All(row => AreAnswers((Atom[])atoms.Data, row * classes)))
        {
            throw call.Unsupported("it must be taken over the answers of the linear layer at the end, each for itself.");
        }

        var logarithm = call.Operator == "LogSoftmax";
        return Rows.Move(atoms, new HeadStage(head with { Softmax = !logarithm }, stage.Rows) { Logarithm = logarithm });

        // All answers of one row, from their first on.
        bool AreAnswers(Atom[] all, int start) => Rows.IsRun(all.AsSpan(start, classes), stage, all[start].Index / classes * classes);
    }
}
