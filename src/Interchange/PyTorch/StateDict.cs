using System.Globalization;
using System.Text.RegularExpressions;
using Fleet.Interchange.Networks;
using Fleet.Kernels.Models;
using Fleet.Kernels.Tensors;

namespace Fleet.Interchange.PyTorch;

/// <summary>What a state dict does not tell.</summary>
/// <param name="Nonlinearity"><c>tanh</c> or <c>relu</c>, of a plain RNN.</param>
/// <param name="PerStep">Whether the linear layer reads every step; without it, only a language model's does.</param>
/// <param name="Head">Name of the linear layer where more than one could be it.</param>
/// <param name="Embedding">Name of the embedding where more than one could be it.</param>
public sealed record StateDictHints(string? Nonlinearity = null, bool? PerStep = null, string? Head = null, string? Embedding = null);

/// <summary>
/// The tensors of a PyTorch module in a safetensors file: one <c>torch.nn.LSTM</c>, <c>GRU</c> or <c>RNN</c> under any name, an
/// <c>Embedding</c> before it and a <c>Linear</c> behind it. The cell follows from the shapes: weight_ih_l0 has 4, 3 or 1 times as
/// many rows as there are hidden units.
/// </summary>
internal sealed partial class StateDict
{
    private readonly string file;
    private readonly StateDictHints hints;
    private readonly Dictionary<string, Tensor> rest;

    private StateDict(SafetensorsFile tensors, string file, StateDictHints hints)
    {
        this.file = file;
        this.hints = hints;
        rest = new Dictionary<string, Tensor>(tensors.Tensors, StringComparer.Ordinal);
    }

    /// <summary>Whether a file looks like one.</summary>
    public static bool Matches(SafetensorsFile file) => file.Tensors.Keys.Any(name => RecurrentName().IsMatch(name));

    /// <exception cref="FileFormatException">The tensors are not those of such a module, or a hint is needed; the message says which.</exception>
    public static ImportedNetwork Read(SafetensorsFile tensors, string file, StateDictHints hints) => new StateDict(tensors, file, hints).Read();

    private ImportedNetwork Read()
    {
        var layers = Layers();
        var head = Head(layers[^1].Outputs, layers[0].Input);
        var embedding = Embedding(layers[0].Input);
        if (rest.Keys.Order(StringComparer.Ordinal).FirstOrDefault() is { } surplus)
        {
            throw Wrong(
                $"tensor '{surplus}'",
                $"it ({rest[surplus].Type} {Text(rest[surplus])}) belongs to a layer that Fleet does not know.",
                "An LSTM, a GRU or an RNN can be imported, with an Embedding before it and a Linear behind it.");
        }

        if (head is null)
        {
            return new ImportedNetwork(embedding, null, layers, null);
        }

        // A language model tells the next token at every step.
        var perStep = hints.PerStep ?? head.Value.Weight.Rows == embedding?.Rows;
        return new ImportedNetwork(embedding, null, layers, new ImportedHead(head.Value.Weight, head.Value.Bias, perStep));
    }

    private List<ImportedLayer> Layers()
    {
        var names = rest.Keys.Select(name => RecurrentName().Match(name)).Where(match => match.Success).ToList();
        var modules = names.Select(match => match.Groups["module"].Value).Distinct().Order(StringComparer.Ordinal).ToList();
        if (modules.Count > 1)
        {
            throw Wrong(
                "whole file",
                $"it holds {modules.Count} recurrent modules ({string.Join(", ", modules.Select(module => $"'{module.TrimEnd('.')}'"))}),"
                    + " and not in which order they stand.",
                "Make them one module of several layers (num_layers), or save one of them.");
        }

        if (names.Find(match => match.Groups["part"].Value == "weight_hr") is { } projection)
        {
            throw Wrong($"tensor '{projection.Value}'", "projected LSTMs (proj_size) are not supported.", "Train it without proj_size.");
        }

        var bidirectional = names.Exists(match => match.Groups["reverse"].Success);
        var count = names.Select(match => int.Parse(match.Groups["layer"].ValueSpan, CultureInfo.InvariantCulture)).Max() + 1;
        var layers = new List<ImportedLayer>();
        for (var layer = 0; layer < count; layer++)
        {
            string[] suffixes = bidirectional ? [$"_l{layer}", $"_l{layer}_reverse"] : [$"_l{layer}"];
            var hidden = Take(modules[0] + "weight_hh" + suffixes[0], remove: false).Shape[^1];
            var directions = suffixes.Select(suffix => Direction(modules[0], suffix, hidden)).ToList();
            var (cell, input) = (directions[0].Cell, directions[0].Input);
            if (layer > 0 && (cell != layers[0].Cell || hidden != layers[0].Hidden || input != layers[^1].Outputs))
            {
                throw Wrong(
                    $"tensor '{modules[0]}weight_ih_l{layer}'", $"its shape does not fit layer {layer - 1}, which has {layers[^1].Outputs} outputs.", Damaged);
            }

            if (directions.Exists(direction => direction.Cell != cell || direction.Input != input))
            {
                throw Wrong($"tensor '{modules[0]}weight_ih_l{layer}_reverse'", "its shape is not that of the other direction.", Damaged);
            }

            layers.Add(new ImportedLayer(cell, input, hidden, [.. directions.Select(direction => direction.Weights)]));
        }

        return layers;
    }

    private (ImportedCell Cell, int Input, ImportedDirection Weights) Direction(string module, string suffix, int hidden)
    {
        var name = $"{module}weight_hh{suffix}";
        var recurrent = Matrix(name, null, hidden);
        var rows = recurrent.Shape[0];
        var cell = hidden == 0 || rows % hidden != 0 ? (ImportedCell?)null : (rows / hidden) switch
        {
            4 => ImportedCell.Lstm,
            // PyTorch's GRU multiplies with the state before the reset gate acts.
            3 => ImportedCell.GruResetAfter,
            1 => Nonlinearity(name),
            _ => null,
        };
        if (cell is not { } known)
        {
            throw Wrong(
                $"tensor '{name}'", $"its shape {Text(recurrent)} is of no known cell: an LSTM has 4 rows for each column, a GRU 3, an RNN 1.", Damaged);
        }

        var input = Matrix($"{module}weight_ih{suffix}", rows, null);
        var order = GateOrder.OfPyTorch(known);
        var biased = rest.ContainsKey($"{module}bias_ih{suffix}") || rest.ContainsKey($"{module}bias_hh{suffix}");
        return (known, input.Shape[1], new ImportedDirection(
            GateOrder.Take((float[])input.Data, order),
            GateOrder.Take((float[])recurrent.Data, order),
            biased ? GateOrder.Take(Vector($"{module}bias_ih{suffix}", rows), order) : new float[rows],
            biased ? GateOrder.Take(Vector($"{module}bias_hh{suffix}", rows), order) : new float[rows]));
    }

    private ImportedCell Nonlinearity(string name) => hints.Nonlinearity switch
    {
        "tanh" => ImportedCell.RnnTanh,
        "relu" => ImportedCell.RnnRelu,
        null => throw Wrong(
            $"tensor '{name}'",
            "this is a plain RNN, and the tensors do not say whether of tanh or relu.",
            "Say it: --nonlinearity tanh, or --nonlinearity relu."),
        _ => throw Wrong("--nonlinearity", $"'{hints.Nonlinearity}' is unknown.", "Give tanh or relu."),
    };

    private (ImportedTable Weight, float[] Bias)? Head(int outputs, int input)
    {
        var fitting = Weights(outputs).FindAll(name => hints.Embedding is null || name != Told(hints.Embedding));
        // What could be either is the head if it has a bias: an Embedding has none.
        var candidates = fitting.FindAll(name => rest.ContainsKey(Bias(name)) || outputs != input || hints.Embedding is not null);
        if (candidates.Count == 0 && fitting.Count > 0 && hints.Head is null)
        {
            throw Wrong(
                "whole file",
                $"{string.Join(", ", fitting)} could be an Embedding before the layers, or a Linear without a bias behind them.",
                "Say which: --embedding NAME, or --head NAME.");
        }

        var chosen = Choose("head", "Linear", hints.Head, fitting, candidates);
        if (chosen is null)
        {
            return null;
        }

        var weight = Matrix(chosen, null, outputs);
        var bias = rest.ContainsKey(Bias(chosen)) ? Vector(Bias(chosen), weight.Shape[0]).ToArray() : new float[weight.Shape[0]];
        return (new ImportedTable(weight.Shape[0], outputs, (float[])weight.Data), bias);
    }

    private ImportedTable? Embedding(int input)
    {
        var fitting = Weights(input);
        var chosen = Choose("embedding", "Embedding", hints.Embedding, fitting, fitting.FindAll(name => !rest.ContainsKey(Bias(name))));
        if (chosen is null)
        {
            return null;
        }

        var table = Matrix(chosen, null, input);
        return new ImportedTable(table.Shape[0], input, (float[])table.Data);
    }

    private string? Choose(string flag, string what, string? hint, List<string> fitting, List<string> candidates)
    {
        if (hint is not null)
        {
            var told = Told(hint);
            return fitting.Contains(told) ? told : throw Wrong(
                $"--{flag}", $"there is no '{told}' of a fitting shape.", fitting.Count > 0 ? $"There are: {string.Join(", ", fitting)}." : "Leave it out.");
        }

        return candidates.Count <= 1
            ? candidates.FirstOrDefault()
            : throw Wrong("whole file", $"the {what} could be any of {string.Join(", ", candidates)}.", $"Say which: --{flag} NAME.");
    }

    private List<string> Weights(int columns) =>
    [
        .. rest.Where(pair => pair.Key.EndsWith("weight", StringComparison.Ordinal) && pair.Value.Shape.Count == 2 && pair.Value.Shape[1] == columns)
            .Select(pair => pair.Key)
            .Order(StringComparer.Ordinal),
    ];

    private static string Told(string hint) => hint.EndsWith(".weight", StringComparison.Ordinal) ? hint : hint + ".weight";

    private static string Bias(string weight) => weight[..^"weight".Length] + "bias";

    private Tensor Matrix(string name, int? rows, int? columns)
    {
        var tensor = Take(name, remove: true);
        return tensor.Shape is [var height, var width] && (rows ?? height) == height && (columns ?? width) == width && tensor.Data is float[]
            ? tensor
            : throw Wrong(
                $"tensor '{name}'",
                $"it is {tensor.Type} {Text(tensor)}, but must be F32 [{rows?.ToString(CultureInfo.InvariantCulture) ?? "?"},"
                    + $" {columns?.ToString(CultureInfo.InvariantCulture) ?? "?"}].",
                Damaged);
    }

    private ReadOnlySpan<float> Vector(string name, int length)
    {
        var tensor = Take(name, remove: true);
        return tensor.Shape is [var extent] && extent == length && tensor.Data is float[]
            ? tensor.Floats
            : throw Wrong($"tensor '{name}'", $"it is {tensor.Type} {Text(tensor)}, but must be F32 [{length}].", Damaged);
    }

    private Tensor Take(string name, bool remove)
    {
        var tensor = rest.GetValueOrDefault(name) ?? throw Wrong($"tensor '{name}'", "it is missing.", Damaged);
        if (tensor.Shape.Count == 0)
        {
            throw Wrong($"tensor '{name}'", "it is a single number.", Damaged);
        }

        if (remove)
        {
            rest.Remove(name);
        }

        return tensor;
    }

    private const string Damaged = "Save the module's state_dict again, whole.";

    private static string Text(Tensor tensor) => $"[{string.Join(", ", tensor.Shape)}]";

    private FileFormatException Wrong(string place, string cause, string remedy) => new(file, place, cause, remedy);

    [GeneratedRegex(
        """^(?<module>(.*\.)?)(?<part>weight_ih|weight_hh|weight_hr|bias_ih|bias_hh)_l(?<layer>\d{1,4})(?<reverse>_reverse)?$""", RegexOptions.ExplicitCapture)]
    private static partial Regex RecurrentName();
}
