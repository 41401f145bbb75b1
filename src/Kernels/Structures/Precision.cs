namespace Fleet.Kernels.Structures;

/// <summary>How the weights of a model are stored and multiplied. Biases and the like are fp32 in any case.</summary>
public enum Precision
{
    Fp32,

    /// <summary>Bytes with a scale a row, w = q s; the vectors that they multiply are quantised step by step. See <see cref="Models.Quantiser"/>.</summary>
    Int8,
}
