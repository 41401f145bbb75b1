using System.Globalization;
using Fleet.Interchange.Onnx;

namespace Fleet.Interchange.Tests.Onnx;

/// <summary>
/// ONNX's own conformance cases for recurrent nodes: a folder each, with model.onnx and test_data_set_0 of serialised tensors. No test
/// framework is used here, so that a program for another architecture can include it.
/// </summary>
internal static class NodeCases
{
    // ONNX's own runner compares with these.
    private const double Relative = 1e-3;
    private const double Absolute = 1e-7;

    public static IReadOnlyList<string> In(string folder) =>
        [.. Directory.EnumerateDirectories(folder, "test_*").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <summary>Runs one case.</summary>
    /// <returns>How an output differs from what is specified, or null; and the largest difference, relative to the output's largest value.</returns>
    public static (string? Fault, double Difference) Run(string folder, string name)
    {
        var model = Path.Combine(folder, name, "model.onnx");
        var data = Path.Combine(folder, name, "test_data_set_0");
        // Inputs are numbered as the graph names them; those that are left out have no file and no name there.
        var inputs = OnnxModelFile.Inputs(model)
            .Select((input, index) => KeyValuePair.Create(input, OnnxModelFile.ReadTensor(Path.Combine(data, $"input_{index}.pb"))))
            .ToDictionary();
        var outputs = OnnxModelFile.Run(model, inputs);
        var largest = 0.0;
        foreach (var (index, (output, found)) in outputs.Index())
        {
            var expected = OnnxModelFile.ReadTensor(Path.Combine(data, $"output_{index}.pb"));
            if (!found.Shape.SequenceEqual(expected.Shape))
            {
                return ($"output '{output}' is {found.ShapeText}, not {expected.ShapeText}", double.PositiveInfinity);
            }

            var scale = expected.ToFloats().Max(MathF.Abs);
            foreach (var (place, (one, other)) in found.ToFloats().Zip(expected.ToFloats()).Index())
            {
                var difference = Math.Abs((double)one - other);
                largest = Math.Max(largest, difference / scale);
                if (!(difference <= Absolute + (Relative * Math.Abs(other))))
                {
                    return (string.Create(CultureInfo.InvariantCulture, $"output '{output}' is {one} at element {place}, not {other}"), largest);
                }
            }
        }

        return (outputs.Count == 0 ? "the graph has no outputs" : null, largest);
    }
}
