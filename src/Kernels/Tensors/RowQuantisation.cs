namespace Fleet.Kernels.Tensors;

/// <summary>
/// Weights between fp32 and int8: w = q s, with q an integer in [-127, 127] and one scale s for each row of a tensor, symmetric,
/// without a zero point: s = max |w| / 127 over the row, q = w / s rounded to the nearest, half to even. A row of zeros has s = 1.
/// </summary>
/// <remarks>Error: |w - q s| is at most s / 2 for every weight that is not clipped, exactly; that is, max |w| / 254 of its row.</remarks>
internal static class RowQuantisation
{
    private const int MaxByte = 127;

    // The smallest number that has all its digits.
    private const float MinScale = 1.17549435e-38f;

    /// <param name="scaleIndex">Which scale each element has.</param>
    public static float[] Dequantise(ReadOnlySpan<sbyte> bytes, ReadOnlySpan<float> scales, Func<int, int> scaleIndex)
    {
        var weights = new float[bytes.Length];
        for (var element = 0; element < weights.Length; element++)
        {
            weights[element] = bytes[element] * scales[scaleIndex(element)];
        }

        return weights;
    }

    public static void Quantise(ReadOnlySpan<float> weights, float[]? greatest, Func<int, int> scaleIndex, Span<sbyte> bytes, Span<float> scales)
    {
        scales.Clear();
        for (var element = 0; element < weights.Length; element++)
        {
            ref var max = ref scales[scaleIndex(element)];
            max = Math.Max(max, Math.Abs(weights[element]));
        }

        for (var row = 0; greatest is not null && row < scales.Length; row++)
        {
            scales[row] = Math.Min(scales[row], greatest[row]);
        }

        foreach (ref var scale in scales)
        {
            scale = scale == 0 ? 1 : Math.Max(scale / MaxByte, MinScale);
        }

        for (var element = 0; element < weights.Length; element++)
        {
            // In double a quotient that is not half an integer does not round to one.
            bytes[element] = (sbyte)Math.Clamp(Math.Round((double)weights[element] / scales[scaleIndex(element)], MidpointRounding.ToEven), -MaxByte, MaxByte);
        }
    }
}
