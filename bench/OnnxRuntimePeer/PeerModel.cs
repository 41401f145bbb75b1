using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Fleet.OnnxRuntimePeer;

/// <summary>A model loaded by ONNX Runtime.</summary>
internal sealed class PeerModel : IDisposable
{
    private readonly InferenceSession session;

    private PeerModel(Func<SessionOptions, InferenceSession> open, int threads)
    {
        using var settings = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        session = open(settings);
    }

    /// <summary>A file, with the files that its weights lie in.</summary>
    public static PeerModel Load(string path, int threads) => new(settings => new InferenceSession(path, settings), threads);

    public static PeerModel Load(byte[] model, int threads) => new(settings => new InferenceSession(model, settings), threads);

    public string Input => session.InputNames[0];

    public string Output => session.OutputNames[0];

    public bool ReadsInt32 => session.InputMetadata[Input].ElementDataType == TensorElementType.Int32;

    /// <summary>Whether an array of this shape may be given as the input: extents that the model leaves open are -1.</summary>
    public bool Takes(IReadOnlyList<long> shape) =>
        session.InputMetadata[Input].Dimensions is var extents && extents.Length == shape.Count && extents.Zip(shape)
            .All(pair => pair.First < 1 || pair.First == pair.Second);

    /// <summary>The extents of the output when it is fed like this.</summary>
    public long[] OutputShape(PeerBinding binding)
    {
        using var options = new RunOptions();
        using var outputs = session.Run(options, binding.InputNames, binding.Inputs, [Output]);
        return outputs[0].GetTensorTypeAndShape().Shape;
    }

    public void Run(RunOptions options, PeerBinding binding) => session.Run(options, binding.InputNames, binding.Inputs, binding.OutputNames, binding.Outputs);

    public void Dispose() => session.Dispose();
}

/// <summary>Arrays that a run reads and writes where they are, so that it copies nothing.</summary>
internal sealed class PeerBinding : IDisposable
{
    public List<string> InputNames { get; } = [];

    public List<OrtValue> Inputs { get; } = [];

    public List<string> OutputNames { get; } = [];

    public List<OrtValue> Outputs { get; } = [];

    public void Input<T>(string name, T[] data, params long[] shape)
        where T : unmanaged
    {
        InputNames.Add(name);
        Inputs.Add(OrtValue.CreateTensorValueFromMemory(data, shape));
    }

    public void Output(string name, float[] data, params long[] shape)
    {
        OutputNames.Add(name);
        Outputs.Add(OrtValue.CreateTensorValueFromMemory(data, shape));
    }

    public void Dispose()
    {
        foreach (var value in Inputs.Concat(Outputs))
        {
            value.Dispose();
        }
    }
}
