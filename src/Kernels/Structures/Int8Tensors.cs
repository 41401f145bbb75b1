using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Structures;

/// <summary>The tensors of a matrix in int8.</summary>
/// <param name="tensor">Gives a tensor by its name within the matrix.</param>
internal readonly struct Int8Tensors(Func<string, Tensor> tensor)
{
    private readonly Func<string, Tensor> tensor = tensor;

    public ReadOnlySpan<sbyte> Bytes(string name) => tensor(name).Bytes;

    /// <summary>Those of a tensor's rows.</summary>
    public ReadOnlySpan<float> Scales(string name) => tensor(TensorSpec.ScaleName(name)).Floats;

    public ReadOnlySpan<ushort> Words16(string name) => tensor(name).Words16;

    public ReadOnlySpan<uint> Words32(string name) => tensor(name).Words32;

    /// <summary>What the bytes of a tensor stand for, where a product takes them as floats.</summary>
    public float[] Dequantised(MatrixStructure structure, string name) => RowQuantisation.Dequantise(
        Bytes(name), Scales(name), structure.ScaleIndex(structure.Tensors.Single(spec => spec.Name == name), tensor));
}
