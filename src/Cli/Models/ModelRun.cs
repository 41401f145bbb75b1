using Fleet.Cli.Terminals;
using Fleet.Interchange;
using Fleet.Interchange.Arrays;
using Fleet.Interchange.Onnx;
using Fleet.Interchange.PyTorch;
using Fleet.Kernels.Models;

namespace Fleet.Cli.Models;

/// <summary>
/// Feeds a model file with arrays: as a model of Fleet where it is one; an ONNX graph that is not, that does more than the model, or
/// whose inputs are given by name, node by node.
/// </summary>
/// <param name="path">Of the model file.</param>
internal sealed class ModelRun(string path, StateDictHints hints, bool batchFirst, bool last, Output output)
{
    /// <param name="inputs">One array's path, or <c>NAME=PATH</c> for each input of a graph.</param>
    /// <returns>The outputs, and what gave them: <c>model</c> or <c>graph</c>.</returns>
    /// <exception cref="CommandFailedException">A file is wrong, or the arrays do not fit the model.</exception>
    public (NumericArray Outputs, string Engine) Run(IReadOnlyList<string> inputs)
    {
        var named = inputs.Count > 1 || (!File.Exists(inputs[0]) && inputs[0].Contains('=', StringComparison.Ordinal));
        if (named)
        {
            return (Graph(inputs.Select(Named).GroupBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last().Value)), "graph");
        }

        var input = ModelFiles.Guard(() => NpyFile.Read(inputs[0]));
        var (model, failure) = ModelFiles.Guard(Read);
        if (model is not null && model.LeftOut.All(what => what.StartsWith("output ", StringComparison.Ordinal)))
        {
            try
            {
                return (SequenceRun.Run(model.Document, input, batchFirst, last), "model");
            }
            catch (ArgumentException misfit)
            {
                throw CommandFailedException.Usage(misfit.Message.Split(" (Parameter", 2)[0]);
            }
        }

        var names = ModelFiles.Guard(() => OnnxModelFile.Inputs(path));
        if (failure is not null && names.Count != 1)
        {
            throw CommandFailedException.Usage($"{path}: the graph wants {names.Count} inputs: {string.Join(", ", names)}.", "Give each by name: --input NAME=X.npy, as often as there are inputs.");
        }

        // The graph's own order of axes is known where its network is.
        var swap = model is not null && model.BatchFirst != batchFirst && input.Rank >= 2;
        return (Graph(new() { [names[0]] = swap ? Swapped(input) : input }), "graph");
    }

    private (ExchangedModel? Model, FileFormatException? Failure) Read()
    {
        if (ModelExchange.IsSafetensors(path))
        {
            return (ModelExchange.Read(path, hints), null);
        }

        try
        {
            return (OnnxModelFile.Read(path), null);
        }
        catch (FileFormatException failure)
        {
            return (null, failure);
        }
    }

    private NumericArray Graph(Dictionary<string, NumericArray> inputs)
    {
        if (last)
        {
            throw CommandFailedException.Usage("--last is for models that Fleet can import; of other graphs the output is written as it comes.", "Leave it out.");
        }

        if (ModelExchange.IsSafetensors(path))
        {
            throw CommandFailedException.Usage("Inputs are given by name to ONNX graphs only.", "Give the one array: --input X.npy");
        }

        return ModelFiles.Guard(() =>
        {
            var outputs = OnnxModelFile.Run(path, inputs);
            output.Progress($"The graph was run node by node; its output '{outputs[0].Key}' is written as it comes.");
            return outputs[0].Value;
        });
    }

    private static KeyValuePair<string, NumericArray> Named(string given)
    {
        var parts = given.Split('=', 2);
        return parts.Length == 2
            ? KeyValuePair.Create(parts[0], ModelFiles.Guard(() => NpyFile.Read(parts[1])))
            : throw CommandFailedException.Usage($"--input {given}: which input this is, is not said.", "Give each by name: --input NAME=X.npy");
    }

    private static NumericArray Swapped(NumericArray array)
    {
        int[] shape = [array.Shape[1], array.Shape[0], .. array.Shape.Skip(2)];
        var width = array.Shape.Skip(2).Aggregate(1, (product, extent) => product * extent);
        int[] from =
        [
            .. from row in Enumerable.Range(0, shape[0])
               from column in Enumerable.Range(0, shape[1])
               from element in Enumerable.Range(0, width)
               select (((column * shape[0]) + row) * width) + element,
        ];
        return array.Pick(shape, from);
    }
}
