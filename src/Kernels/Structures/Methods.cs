using System.Globalization;

namespace Fleet.Kernels.Structures;

/// <summary>The methods by name.</summary>
public static class WeightMethods
{
    public static IReadOnlyList<IWeightMethod> All { get; } = [new DenseMethod(), new HmdMethod(), new LmfMethod(), new PrunedMethod()];

    public static IWeightMethod? Find(string name) => All.FirstOrDefault(method => method.Name == name);
}

/// <summary>A method's argument is unknown or out of range; the message says which and what may be given.</summary>
public sealed class MethodArgumentException(string argument, string message) : ArgumentException(message)
{
    /// <summary>Name of the argument, as the recipe writes it.</summary>
    public string Argument { get; } = argument;
}

internal sealed class DenseMethod : IWeightMethod
{
    public string Name => DenseStructure.Name;

    public IReadOnlyList<MethodParameter> Parameters => [];

    public MatrixStructure? Fit(int gates, int rows, int columns, long budget, IReadOnlyDictionary<string, string> arguments)
    {
        var dense = new DenseStructure(gates, rows, columns);
        return dense.Parameters <= budget ? dense : null;
    }

    public (long Least, long Most) Range(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments)
    {
        var parameters = new DenseStructure(gates, rows, columns).Parameters;
        return (parameters, parameters);
    }

    public MatrixStructure Restore(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments) =>
        new DenseStructure(gates, rows, columns);
}

internal sealed class HmdMethod : IWeightMethod
{
    private static readonly MethodParameter Blocks = new("k", "2", "1 to 16, at most the columns", "rank-1 blocks side by side in the lower rows");

    public string Name => HmdStructure.Name;

    public IReadOnlyList<MethodParameter> Parameters => [Blocks];

    // r n + k (m - r) + n <= P, solved for r.
    public MatrixStructure? Fit(int gates, int rows, int columns, long budget, IReadOnlyDictionary<string, string> arguments)
    {
        var k = Arguments.Integer(arguments, Blocks, 1, Math.Min(16, columns));
        var smallest = new HmdStructure(gates, rows, columns, 0, k);
        var left = (budget - smallest.Parameters) / gates;
        if (budget < smallest.Parameters)
        {
            return null;
        }

        var rich = columns > k ? Math.Min(left / (columns - k), rows - 1) : rows - 1;
        return smallest with { Rich = (int)rich };
    }

    public (long Least, long Most) Range(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments)
    {
        var k = Arguments.Integer(arguments, Blocks, 1, Math.Min(16, columns));
        return (new HmdStructure(gates, rows, columns, 0, k).Parameters, new HmdStructure(gates, rows, columns, rows - 1, k).Parameters);
    }

    public MatrixStructure Restore(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments) => new HmdStructure(
        gates,
        rows,
        columns,
        Arguments.Required(arguments, "r", 0, rows - 1),
        Arguments.Required(arguments, "k", 1, Math.Min(16, columns)));
}

internal sealed class LmfMethod : IWeightMethod
{
    private static readonly MethodParameter Shared = new("shared", "false", "true | false", "one V for all gates");

    public string Name => LmfStructure.Name;

    public IReadOnlyList<MethodParameter> Parameters => [Shared];

    public MatrixStructure? Fit(int gates, int rows, int columns, long budget, IReadOnlyDictionary<string, string> arguments)
    {
        var one = One(gates, rows, columns, arguments);
        var rank = Math.Min(budget / one.Parameters, MaxRank(one));
        return rank >= 1 ? one with { Rank = (int)rank } : null;
    }

    public (long Least, long Most) Range(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments)
    {
        var one = One(gates, rows, columns, arguments);
        return (one.Parameters, (one with { Rank = MaxRank(one) }).Parameters);
    }

    public MatrixStructure Restore(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments)
    {
        var one = One(gates, rows, columns, arguments);
        return one with { Rank = Arguments.Required(arguments, "d", 1, MaxRank(one)) };
    }

    private static LmfStructure One(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments) =>
        new(gates, rows, columns, 1, Arguments.Boolean(arguments, Shared));

    private static int MaxRank(LmfStructure one) => Math.Min(one.Shared ? one.Gates * one.Rows : one.Rows, one.Columns);
}

internal sealed class PrunedMethod : IWeightMethod
{
    public string Name => PrunedStructure.Name;

    public IReadOnlyList<MethodParameter> Parameters => [];

    public MatrixStructure? Fit(int gates, int rows, int columns, long budget, IReadOnlyDictionary<string, string> arguments)
    {
        var (least, most) = Range(gates, rows, columns, arguments);
        return budget >= least ? new PrunedStructure(gates, rows, columns, (int)Math.Min(budget, most)) : null;
    }

    // A weight a row, or the row has nothing to say.
    public (long Least, long Most) Range(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments) =>
        ((long)gates * rows, Math.Min((long)gates * rows * columns, int.MaxValue));

    public MatrixStructure Restore(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments) => new PrunedStructure(
        gates,
        rows,
        columns,
        Arguments.Required(arguments, "non_zeros", 0, (int)Math.Min((long)gates * rows * columns, int.MaxValue)));
}

internal static class Arguments
{
    public static int Integer(IReadOnlyDictionary<string, string> arguments, MethodParameter parameter, int least, int most)
    {
        var text = arguments.GetValueOrDefault(parameter.Name, parameter.Default);
        return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw Wrong(parameter, text, $"{least} to {most}");
    }

    public static bool Boolean(IReadOnlyDictionary<string, string> arguments, MethodParameter parameter)
    {
        var text = arguments.GetValueOrDefault(parameter.Name, parameter.Default);
        return bool.TryParse(text, out var value) ? value : throw Wrong(parameter, text, parameter.Values);
    }

    /// <summary>An argument of a stored structure, which has no default.</summary>
    public static int Required(IReadOnlyDictionary<string, string> arguments, string name, int least, int most) =>
        arguments.TryGetValue(name, out var text)
            && int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw new MethodArgumentException(name, $"{name} is {(text is null ? "missing" : $"'{text}'")}, but must be {least} to {most}.");

    private static MethodArgumentException Wrong(MethodParameter parameter, string text, string values) =>
        new(parameter.Name, $"{parameter.Name} is '{text}', but must be {values} ({parameter.Description}).");
}
