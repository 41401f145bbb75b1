using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Methods;

/// <summary>
/// A dense cell with fewer hidden units: what any other method has to be better than. Its factor is counted against the cell of
/// the asked size; its weights are those of any dense cell.
/// </summary>
public sealed class SmallMethod : ICellMethod
{
    public const string MethodName = "small";

    public string Name => MethodName;

    public IReadOnlyList<MethodParameter> Parameters => [];

    /// <summary>The most hidden units, at most the asked ones, with which the weights keep within a budget; 0 where even one has more.</summary>
    /// <param name="weights">Of all that has so many hidden units; grows with them.</param>
    public static int Hidden(int asked, long budget, Func<int, long> weights)
    {
        var (fits, tooMany) = (0, asked + 1);
        while (tooMany - fits > 1)
        {
            var middle = fits + ((tooMany - fits) / 2);
            (fits, tooMany) = weights(middle) <= budget ? (middle, tooMany) : (fits, middle);
        }

        return fits;
    }
}
