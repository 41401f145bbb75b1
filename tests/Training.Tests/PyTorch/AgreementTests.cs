using System.Text.Json.Nodes;
using Fleet.Training.Arithmetic;
using Fleet.Training.Data;
using Fleet.Training.Networks;
using Fleet.Training.Optimisation;
using Fleet.Training.Tests.Networks;

namespace Fleet.Training.Tests.PyTorch;

/// <summary>The outputs, the loss and one training step on fixed weights are PyTorch's.</summary>
public sealed class AgreementTests
{
    private const double Tolerance = 1e-5;
    private const double LearningRate = 0.01;
    private const double ClipNorm = 0.1;

    [Theory]
    [InlineData("lstm", 1, false)]
    [InlineData("lstm", 2, true)]
    [InlineData("gru", 1, false)]
    [InlineData("gru", 2, true)]
    public async Task Outputs_and_a_training_step_agree_with_PyTorch(string cell, int layers, bool bidirectional)
    {
        using var network = SmallNetworks.Create(SmallNetworks.Structure(cell, "dense", 1, "", layers, bidirectional), BatchArithmetic<double>.Best);
        GradientCheck.Perturb(network);
        var data = SmallNetworks.Data<double>(GradientCheck.Samples);
        var tensors = Tensors(network).ToList();
        var theirs = await PyTorchStep.RunAsync(new JsonObject
        {
            ["cell"] = cell,
            ["features"] = SmallNetworks.Features,
            ["hidden"] = SmallNetworks.Hidden,
            ["layers"] = layers,
            ["bidirectional"] = bidirectional,
            ["classes"] = SmallNetworks.Classes,
            ["x"] = Inputs(data),
            ["labels"] = new JsonArray([.. data.Labels.Select(label => JsonValue.Create((int)label))]),
            ["learning_rate"] = LearningRate,
            ["clip_norm"] = ClipNorm,
            ["weights"] = new JsonObject(tensors.Select(tensor => KeyValuePair.Create(tensor.Name, (JsonNode?)Values(network, tensor)))),
        });

        var (logits, loss) = Step(network, data);

        Agree("logits", Doubles(theirs["logits"]!), logits);
        Agree("loss", [(double)theirs["loss"]!], [loss]);
        foreach (var tensor in tensors)
        {
            var stepped = Doubles(theirs["weights"]![tensor.Name]!);
            Agree(tensor.Name, stepped[tensor.Skipped..], network.Parameters.Slice(tensor.Start, tensor.Length).ToArray());
        }
    }

    private static unsafe (double[] Logits, double Loss) Step(Network<double> network, Sequences<double> data)
    {
        using var microBatch = new NetworkMicroBatch<double>(network, SmallNetworks.Steps);
        var gradient = GradientCheck.Gradient(network, microBatch, data);
        var loss = GradientCheck.Loss(microBatch, data);
        // [classes, samples] to [samples, classes].
        var logits = microBatch.Logits.ToArray();
        var bySample =
            from sample in SmallNetworks.All(GradientCheck.Samples)
            from label in SmallNetworks.All(SmallNetworks.Classes)
            select logits[(label * MicroBatch.Samples) + sample];
        using var adam = new AdamOptimiser<double>(network.Arithmetic, network.Layout.Padded, ClipNorm);
        fixed (double* pointer = gradient)
        {
            var norm = adam.Step(network.ParameterPointer, pointer, LearningRate);
            Assert.True(norm > ClipNorm, "The gradient was not clipped: half of the step went unseen.");
        }

        return ([.. bySample], loss);
    }

    /// <summary>Where each of PyTorch's tensors lies among our parameters.</summary>
    /// <remarks>We have one bias a gate; PyTorch has two, of which only the candidate's second one of a GRU makes a difference.</remarks>
    private static IEnumerable<(string Name, int Start, int Length, int Skipped)> Tensors(Network<double> network)
    {
        for (var layer = 0; layer < network.Layers.Count; layer++)
        {
            for (var place = 0; place < network.Layers[layer].Count; place++)
            {
                var cell = network.Layers[layer][place];
                var suffix = $"l{layer}{(network.Structure.Layers[layer].IsReverse(place) ? "_reverse" : "")}";
                yield return ($"weight_ih_{suffix}", cell.Input.Start, cell.Input.Matrix.ParameterCount, 0);
                yield return ($"weight_hh_{suffix}", cell.Recurrent.Start, cell.Recurrent.Matrix.ParameterCount, 0);
                yield return ($"bias_ih_{suffix}", cell.BiasStart, cell.Shape.Gates * cell.Shape.Hidden, 0);
                if (cell.Shape.Kind == Kernels.Structures.CellShape.Gru)
                {
                    yield return ($"bias_hh_{suffix}", cell.CandidateBiasStart, cell.Shape.Hidden, 2 * cell.Shape.Hidden);
                }
            }
        }

        yield return ("head.weight", network.HeadWeight.Start.Value, network.Head.ParameterCount, 0);
        yield return ("head.bias", network.HeadBiases.Start.Value, network.Head.Outputs, 0);
    }

    // Null is what is zero and not learnt.
    private static JsonArray Values(Network<double> network, (string Name, int Start, int Length, int Skipped) tensor) =>
        new([.. Enumerable.Repeat<JsonNode?>(null, tensor.Skipped), .. network.Parameters.Slice(tensor.Start, tensor.Length).ToArray().Select(value =>
            JsonValue.Create(value))]);

    private static JsonArray Inputs(Sequences<double> data) => new([.. data.Inputs.Chunk(data.Features).Chunk(data.Steps).Select(sample =>
        new JsonArray([.. sample.Select(step => new JsonArray([.. step.Select(value => JsonValue.Create(value))]))]))]);

    private static double[] Doubles(JsonNode node) => [.. node.AsArray().Select(value => (double)value!)];

    private static void Agree(string name, double[] theirs, double[] ours)
    {
        Assert.Equal(theirs.Length, ours.Length);
        for (var index = 0; index < ours.Length; index++)
        {
            Assert.True(
                Math.Abs(ours[index] - theirs[index]) <= Tolerance * Math.Max(Math.Abs(theirs[index]), LearningRate),
                $"{name}[{index}] is {ours[index]} here and {theirs[index]} with PyTorch.");
        }
    }
}
