using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Tests.Runtime;

/// <summary>A model run as its formulas read, in double and with every matrix written out in full: what kernels are held against.</summary>
internal sealed class ReferenceModel(ModelDocument stored)
{
    private readonly Precision precision = stored.Structure.Precision;
    private readonly ModelDocument document = stored.Structure.Precision == Precision.Int8 ? Quantiser.Dequantise(stored) : stored;

    /// <summary>Outputs after each step of a sequence from the zero state: [steps][outputs]; of a head for sequences one row.</summary>
    /// <param name="sequence">Features, or tokens.</param>
    public double[][] Run(ReadOnlySpan<float> sequence)
    {
        var structure = document.Structure;
        var steps = sequence.Length / structure.Features;
        var x = new double[steps][];
        for (var step = 0; step < steps; step++)
        {
            x[step] = Read(sequence.Slice(step * structure.Features, structure.Features));
        }

        double[] last = [];
        for (var index = 0; index < structure.Layers.Count; index++)
        {
            var layer = structure.Layers[index];
            var outputs = Enumerable.Range(0, layer.Cells.Count).Select(_ => new double[steps][]).ToArray();
            var ends = new double[layer.Cells.Count][];
            for (var place = 0; place < layer.Cells.Count; place++)
            {
                var prefix = ModelDocument.CellPrefix(index, layer.IsReverse(place));
                var cell = new ReferenceCell(layer.Cells[place], name => document.Tensors[prefix + name], precision);
                for (var turn = 0; turn < steps; turn++)
                {
                    var step = layer.IsReverse(place) ? steps - 1 - turn : turn;
                    ends[place] = outputs[place][step] = cell.Step(x[step]);
                }
            }

            x = [.. Enumerable.Range(0, steps).Select(step => outputs.SelectMany(direction => direction[step]).ToArray())];
            last = [.. ends.SelectMany(end => end)];
        }

        return structure.Head.Kind switch
        {
            HeadKind.None => x,
            HeadKind.Sequence => [Head(last)],
            _ => [.. x.Select(Head)],
        };
    }

    private double[] Read(ReadOnlySpan<float> x)
    {
        var (structure, tensors) = (document.Structure, document.Tensors);
        if (structure.Embedding is { } embedding)
        {
            return [.. tensors[ModelDocument.Embedding].Floats.Slice((int)x[0] * embedding.Width, embedding.Width).ToArray().Select(value => (double)value)];
        }

        var read = new double[x.Length];
        for (var feature = 0; feature < x.Length; feature++)
        {
            read[feature] = structure.Normalised
                ? ((double)x[feature] - tensors[ModelDocument.Mean].Floats[feature]) * tensors[ModelDocument.Scale].Floats[feature]
                : x[feature];
        }

        return read;
    }

    private double[] Head(double[] state)
    {
        var head = new DenseStructure(1, document.Structure.Head.Outputs, state.Length);
        var bias = document.Tensors[ModelDocument.HeadBias].Floats.ToArray();
        var product = ReferenceMatrix.Product(head, _ => document.Tensors[ModelDocument.HeadWeight], precision)(state);
        double[] logits = [.. product.Select((value, row) => value + bias[row])];
        if (!document.Structure.Head.Softmax)
        {
            return logits;
        }

        var powers = logits.Select(logit => Math.Exp(logit - logits.Max())).ToArray();
        return [.. powers.Select(power => power / powers.Sum())];
    }
}
