namespace Fleet.Interchange.Onnx.Files;

/// <summary>Where a tensor's bytes lie in a file.</summary>
internal readonly record struct RawData(long Offset, long Length);
