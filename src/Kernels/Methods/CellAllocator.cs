using System.Globalization;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Methods;

/// <summary>
/// Shares a cell's parameters out over its two matrices: never more than dense / CF, and as many as fit.
/// Both matrices are compressed by the asked factor, except that an input matrix of fewer than 32 columns stays dense and the
/// recurrent one makes up for it; the argument <c>input: dense | compressed</c> says otherwise.
/// </summary>
public static class CellAllocator
{
    /// <summary>Below this many columns an input matrix stays dense unless told: there is little to win in it.</summary>
    public const int NarrowInput = 32;

    private const double Rounding = 1e-9;

    public static MethodParameter InputPolicy { get; } =
        new("input", "auto", "auto | dense | compressed", $"whether the input matrix is compressed too; auto: from {NarrowInput} columns on");

    /// <summary>All that a method takes in a recipe.</summary>
    public static IReadOnlyList<MethodParameter> Parameters(ICellMethod method) =>
        method is IWeightMethod ? [.. method.Parameters, InputPolicy] : method.Parameters;

    /// <exception cref="CompressionRangeException">The factor cannot be reached; the message names the least and the greatest possible.</exception>
    /// <exception cref="MethodArgumentException">An argument is unknown or out of range.</exception>
    /// <returns>Of method small, a cell of another shape; every other method's has the asked one.</returns>
    public static CellStructure Allocate(CellShape shape, ICellMethod method, double compression, IReadOnlyDictionary<string, string> arguments)
    {
        CheckNames(method, arguments);
        var (min, max) = Range(shape, method, arguments);
        if (method is DenseMethod)
        {
            return compression == 1
                ? CellStructure.Dense(shape)
                : throw new CompressionRangeException(method.Name, shape, compression, 1, 1);
        }

        // NaN fails every comparison, so the good case is the one spelled out. The greatest is a quotient that may have been rounded down.
        if (!(compression >= min && compression <= max * (1 + Rounding)))
        {
            throw new CompressionRangeException(method.Name, shape, compression, min, max);
        }

        var budget = (long)Math.Floor(shape.DenseParameters / compression);
        return (method is IWeightMethod weights ? Share(shape, weights, compression, budget, arguments) : Shrink(shape, budget))
            ?? throw new CompressionRangeException(method.Name, shape, compression, min, max);
    }

    /// <summary>The least and the greatest compression factor that the method can reach for this cell.</summary>
    public static (double Min, double Max) Range(CellShape shape, ICellMethod asked, IReadOnlyDictionary<string, string> arguments)
    {
        CheckNames(asked, arguments);
        if (asked is not IWeightMethod method)
        {
            return (1, (double)shape.DenseParameters / (shape with { Hidden = 1 }).DenseParameters);
        }

        // The recurrent matrix and the candidate's share what is left for them by their gates, so each bounds it by itself.
        var (recurrentMin, recurrentMax) = (0.0, 0L);
        foreach (var gates in (int[])[shape.RecurrentGates, shape.CandidateGates])
        {
            if (gates > 0)
            {
                var part = method.Range(gates, shape.Hidden, shape.Hidden, arguments);
                recurrentMin = Math.Max(recurrentMin, (double)part.Min * shape.Gates / gates);
                recurrentMax += part.Max;
            }
        }

        var denseInput = (long)shape.Gates * shape.Hidden * shape.Input;
        var total = (double)shape.DenseParameters;
        if (!CompressesInput(shape, arguments))
        {
            return (Math.Max(1, total / (denseInput + recurrentMax)), total / (denseInput + recurrentMin));
        }

        var input = method.Range(shape.Gates, shape.Hidden, shape.Input, arguments);
        // Each matrix is held to the asked factor, so each bounds it by itself.
        var max = Math.Min(denseInput / (double)input.Min, (total - denseInput) / recurrentMin);
        return (Math.Max(1, total / (input.Max + recurrentMax)), max);
    }

    private static CellStructure? Share(CellShape shape, IWeightMethod method, double compression, long budget, IReadOnlyDictionary<string, string> arguments)
    {
        var dense = new DenseStructure(shape.Gates, shape.Hidden, shape.Input);
        var input = CompressesInput(shape, arguments)
            ? method.Fit(shape.Gates, shape.Hidden, shape.Input, (long)Math.Floor(dense.Parameters / compression), arguments)
            : dense;
        budget -= input?.Parameters ?? 0;
        var candidate = Recurrent(shape.CandidateGates, budget * shape.CandidateGates / shape.Gates);
        budget -= candidate?.Parameters ?? 0;
        var recurrent = Recurrent(shape.RecurrentGates, budget);
        return input is not null && recurrent is not null && (candidate is not null || shape.CandidateGates == 0)
            ? new CellStructure(shape, input, recurrent, candidate)
            : null;

        MatrixStructure? Recurrent(int gates, long max) =>
            gates > 0 && max > 0 ? method.Fit(gates, shape.Hidden, shape.Hidden, max, arguments) : null;
    }

    private static CellStructure? Shrink(CellShape shape, long budget)
    {
        var hidden = SmallMethod.Hidden(shape.Hidden, budget, units => (shape with { Hidden = units }).DenseParameters);
        return hidden > 0 ? CellStructure.Dense(shape with { Hidden = hidden }) : null;
    }

    private static bool CompressesInput(CellShape shape, IReadOnlyDictionary<string, string> arguments) =>
        arguments.GetValueOrDefault(InputPolicy.Name, InputPolicy.Default) switch
        {
            "dense" => false,
            "compressed" => true,
            "auto" => shape.Input >= NarrowInput,
            var other => throw new MethodArgumentException(InputPolicy.Name, $"input is '{other}', but must be {InputPolicy.Values}."),
        };

    private static void CheckNames(ICellMethod method, IReadOnlyDictionary<string, string> arguments)
    {
        var known = Parameters(method);
        foreach (var name in arguments.Keys)
        {
            if (known.All(parameter => parameter.Name != name))
            {
                throw new MethodArgumentException(
                    name,
                    $"{method.Name} takes no argument '{name}'."
                        + $" {(known.Count == 0 ? "It takes none." : $"It takes: {string.Join(", ", known.Select(parameter => parameter.Name))}.")}");
            }
        }
    }
}

/// <summary>A method cannot compress a cell by the factor that was asked.</summary>
public sealed class CompressionRangeException(string method, CellShape shape, double asked, double min, double max)
    : ArgumentException(Text(method, shape, asked, min, max))
{
    public double Min { get; } = min;

    /// <summary>Below <see cref="Min"/> where the method has no form of this cell that is smaller than the dense one.</summary>
    public double Max { get; } = max;

    // Rounded inwards, so that the factors it names can be asked for.
    private static string Text(string method, CellShape shape, double asked, double min, double max)
    {
        var range = max < min
            ? "it cannot compress this cell at all: its smallest form takes more weights than the dense one"
            : string.Create(
                CultureInfo.InvariantCulture, $"the minimum factor is {Math.Ceiling(min * 100) / 100:0.##}, the maximum {Math.Floor(max * 100) / 100:0.##}");
        return string.Create(CultureInfo.InvariantCulture, $"{method} cannot compress {shape.Kind} {shape.Input} -> {shape.Hidden} by {asked:0.##}: {range}.");
    }
}
