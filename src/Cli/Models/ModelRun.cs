using Fleet.Cli.Failures;
using Fleet.Cli.Terminals;
using Fleet.Interchange;
using Fleet.Interchange.Arrays;
using Fleet.Interchange.Networks;
using Fleet.Interchange.Onnx;
using Fleet.Interchange.PyTorch;
using Fleet.Kernels.Models;

namespace Fleet.Cli.Models;

/// <summary>
/// Feeds a model file with arrays: as a model of Fleet where it is one; an ONNX graph that is not, or whose inputs are given by name,
/// node by node.
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
        if (inputs is [var only] && named && OnlyInput() is { } sole && Split(only) is var (name, file))
        {
            // With one input there is nothing to tell apart; its name is checked, and the rest is as without it.
            inputs = name == sole
                ? [file]
                : throw CommandFailedException.Usage(
                    $"--input {only}: {path} has no input '{name}'; its one input is '{sole}'.", $"Give it: --input {sole}={file}");
            named = false;
        }

        if (named)
        {
            return (
                Graph(inputs.Select(Named).GroupBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last().Value)),
                "graph");
        }

        var input = ModelFiles.Guard(inputs[0], () => NpyFile.Read(inputs[0]));
        var model = ModelFiles.Guard(path, Read);
        if (model is not null)
        {
            try
            {
                var outputs = SequenceRun.Run(model.Document, input, batchFirst, last);
                return (model.LogSoftmax ? LogSoftmax.Of(outputs) : outputs, "model");
            }
            catch (ArgumentException misfit)
            {
                throw CommandFailedException.Usage(misfit.Message.Split(" (Parameter", 2)[0]);
            }
        }

        var names = ModelFiles.Guard(() => OnnxModelFile.Inputs(path));
        return names.Count == 1
            ? (Graph(new() { [names[0]] = input }), "graph")
            : throw CommandFailedException.Usage(
                $"{path}: the graph wants {names.Count} inputs: {string.Join(", ", names)}.",
                "Give each by name: --input NAME=X.npy, as often as there are inputs.");
    }

    // Null for a graph that is no model of Fleet; whether it can be run at all, running it says.
    private ExchangedModel? Read()
    {
        if (ModelExchange.IsSafetensors(path))
        {
            return ModelExchange.Read(path, hints);
        }

        try
        {
            return OnnxModelFile.Read(path);
        }
        catch (FileFormatException)
        {
            return null;
        }
    }

    private NumericArray Graph(Dictionary<string, NumericArray> inputs)
    {
        if (last || batchFirst)
        {
            throw CommandFailedException.Usage(
                $"{(last ? "--last" : "--batch-first")} is for models that Fleet can import, fed with one array; other"
                    + " graphs take and give arrays as they are.",
                "Leave it out.");
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
        var (name, file) = Split(given)
            ?? throw CommandFailedException.Usage($"--input {given}: it does not say which input this is.", "Give each by name: --input NAME=X.npy");
        return KeyValuePair.Create(name, ModelFiles.Guard(file, () => NpyFile.Read(file)));
    }

    // Names of inputs may hold '=' themselves, and so may paths: the first part that leaves a file behind is the name.
    private static (string Name, string File)? Split(string given)
    {
        var signs = given.Index().Where(letter => letter.Item == '=').Select(letter => letter.Index).ToArray();
        foreach (var sign in signs)
        {
            if (Path.Exists(given[(sign + 1)..]))
            {
                return (given[..sign], given[(sign + 1)..]);
            }
        }

        return signs.Length > 0 ? (given[..signs[^1]], given[(signs[^1] + 1)..]) : null;
    }

    // Null of a file that is no ONNX graph, or has several inputs.
    private string? OnlyInput() =>
        ModelFiles.Guard(path, () => ModelExchange.IsSafetensors(path) ? null : OnnxModelFile.Inputs(path) is [var only] ? only : null);
}
