namespace Fleet.Kernels.Structures;

/// <summary>A parameter that a method takes in a recipe.</summary>
/// <param name="Values">What may be given, for messages: <c>1 to 8</c>, <c>true | false</c>.</param>
public sealed record MethodParameter(string Name, string Default, string Values, string Description);

/// <summary>
/// A way to structure weights. A new one is a folder with its structure and a class that implements this, and its line in
/// <see cref="Methods.WeightMethods"/>: see docs/adding-a-method.md.
/// </summary>
public interface IWeightMethod : ICellMethod
{
    /// <summary>
    /// The structure with the most parameters that keeps within <paramref name="budget"/> for all gates together,
    /// or null where even the smallest has more.
    /// </summary>
    /// <exception cref="MethodArgumentException">An argument is unknown or out of range.</exception>
    MatrixStructure? Fit(int gates, int rows, int columns, long budget, IReadOnlyDictionary<string, string> arguments);

    /// <summary>Parameters of the smallest and of the largest structure for this shape.</summary>
    (long Min, long Max) Range(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments);

    /// <summary>The structure that has these <see cref="MatrixStructure.Arguments"/>.</summary>
    /// <exception cref="MethodArgumentException">An argument is missing or out of range.</exception>
    MatrixStructure Restore(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments);
}
