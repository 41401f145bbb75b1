using Fleet.Interchange.Arrays;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Fleet.Interchange.Tests.Support;

/// <summary>ONNX Runtime on one thread: what exported files are held against.</summary>
internal static class Peer
{
    public static IReadOnlyList<NumericArray> Run(byte[] model, params (string Name, NumericArray Value)[] inputs)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(model, options);
        using var results = session.Run([.. inputs.Select(input => Value(input.Name, input.Value))]);
        return [.. results.Select(result =>
            result.AsTensor<float>() is var tensor ? new NumericArray(tensor.Dimensions.ToArray(), tensor.ToArray()) : throw new InvalidOperationException())];
    }

    private static NamedOnnxValue Value(string name, NumericArray array) => array.Data switch
    {
        float[] floats => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(floats, [.. array.Shape])),
        long[] longs => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<long>(longs, [.. array.Shape])),
        int[] ints => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<int>(ints, [.. array.Shape])),
        _ => throw new NotSupportedException($"{array.Data.GetType()}"),
    };
}
