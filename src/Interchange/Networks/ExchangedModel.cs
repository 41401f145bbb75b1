using Fleet.Kernels.Models;

namespace Fleet.Interchange.Networks;

/// <summary>Where a model file comes from.</summary>
public enum ModelOrigin
{
    /// <summary>A safetensors file of Fleet.</summary>
    Fleet,

    /// <summary>An ONNX file.</summary>
    Onnx,

    /// <summary>A PyTorch state dict in safetensors.</summary>
    PyTorch,
}

/// <summary>A model that was read from a file of any kind.</summary>
/// <param name="BatchFirst">Of an ONNX file, whether its graph takes sequences x steps x features.</param>
/// <param name="LeftOut">What the file does beside it, in words.</param>
public sealed record ExchangedModel(ModelDocument Document, ModelOrigin Origin, bool BatchFirst, IReadOnlyList<string> LeftOut)
{
    /// <summary>Whether the file gives the LogSoftmax of what the model gives.</summary>
    public bool LogSoftmax { get; init; }
}
