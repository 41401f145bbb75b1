using Fleet.Kernels.Methods;
using Fleet.Training.Methods;

namespace Fleet.Training.Tests.Matrices;

public sealed class MatrixTrainingsTests
{
    public static TheoryData<string> Methods => [.. WeightMethods.All.Select(method => method.Name)];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_method_that_a_recipe_can_ask_for_can_be_trained(string method)
    {
        var known = WeightMethods.Find(method)!;
        var none = new Dictionary<string, string>();
        var structure = known.Fit(2, 12, 10, known.Range(2, 12, 10, none).Max, none)!;
        using var matrix = MatrixTrainings.Create<float>(structure);
        Assert.Equal((2, 12, 10), (matrix.Gates, matrix.Rows, matrix.Columns));
        Assert.Equal(matrix.ParameterCount, MatrixTrainings.Of(structure).Compress(structure, new double[2 * 12 * 10]).Length);
    }
}
