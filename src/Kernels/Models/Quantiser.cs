using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Models;

/// <summary>
/// Weights between fp32 and int8: w = q s, with q an integer in [-127, 127] and one scale s for each row of a tensor, symmetric,
/// without a zero point: s = max |w| / 127 over the row, q = w / s rounded to the nearest, half to even. A row of zeros has s = 1.
/// </summary>
/// <remarks>
/// Error: |w - q s| is at most s / 2 for every weight that is not clipped, exactly; that is, max |w| / 254 of its row. Rows: of a dense weight, hmd's
/// rich, b and c, lmf's u and v, embedding and head their last dimension; of pruned values the matrix's rows. Biases, peepholes,
/// scalars and normalisation stay as they are.
/// </remarks>
public static class Quantiser
{
    private const int Greatest = 127;

    // The smallest number that has all its digits.
    private const float LeastScale = 1.17549435e-38f;

    /// <summary>The model in int8.</summary>
    /// <param name="greatest">
    /// Of tensors of weights, by their full names, the greatest magnitude that each row keeps: max |w| in the formula is no more than
    /// that, and what is greater is clipped to it. Of those that are not named every weight is kept.
    /// </param>
    /// <exception cref="ArgumentException">It is in int8 already.</exception>
    public static ModelDocument Quantise(ModelDocument document, IReadOnlyDictionary<string, float[]>? greatest = null)
    {
        Check(document, Precision.Fp32);
        var tensors = document.Tensors.ToDictionary();
        foreach (var (spec, scaleShape, scaleIndex) in Weights(document))
        {
            var weights = tensors[spec.Name].Floats;
            var bytes = new sbyte[weights.Length];
            var scales = new float[new TensorSpec(spec.Name, ElementType.F32, scaleShape).Elements];
            Quantise(weights, greatest?.GetValueOrDefault(spec.Name), scaleIndex, bytes, scales);
            var name = TensorSpec.ScaleName(spec.Name);
            tensors[spec.Name] = new Tensor(spec.Name, spec.Shape, bytes);
            tensors[name] = new Tensor(name, scaleShape, scales);
        }

        return document with { Structure = document.Structure with { Precision = Precision.Int8 }, Tensors = tensors };
    }

    /// <summary>The fp32 model whose weights are those that an int8 model stands for.</summary>
    /// <exception cref="ArgumentException">It is in fp32 already.</exception>
    public static ModelDocument Dequantise(ModelDocument document)
    {
        Check(document, Precision.Int8);
        var tensors = document.Tensors.ToDictionary();
        foreach (var (spec, _, scaleIndex) in Weights(document))
        {
            tensors.Remove(TensorSpec.ScaleName(spec.Name), out var scales);
            tensors[spec.Name] = new Tensor(spec.Name, spec.Shape, Dequantise(tensors[spec.Name].Bytes, scales!.Floats, scaleIndex));
        }

        return document with { Structure = document.Structure with { Precision = Precision.Fp32 }, Tensors = tensors };
    }

    /// <param name="scaleIndex">Which scale each element has.</param>
    internal static float[] Dequantise(ReadOnlySpan<sbyte> bytes, ReadOnlySpan<float> scales, Func<int, int> scaleIndex)
    {
        var weights = new float[bytes.Length];
        for (var element = 0; element < weights.Length; element++)
        {
            weights[element] = bytes[element] * scales[scaleIndex(element)];
        }

        return weights;
    }

    private static void Quantise(ReadOnlySpan<float> weights, float[]? greatest, Func<int, int> scaleIndex, Span<sbyte> bytes, Span<float> scales)
    {
        scales.Clear();
        for (var element = 0; element < weights.Length; element++)
        {
            ref var most = ref scales[scaleIndex(element)];
            most = Math.Max(most, Math.Abs(weights[element]));
        }

        for (var row = 0; greatest is not null && row < scales.Length; row++)
        {
            scales[row] = Math.Min(scales[row], greatest[row]);
        }

        foreach (ref var scale in scales)
        {
            scale = scale == 0 ? 1 : Math.Max(scale / Greatest, LeastScale);
        }

        for (var element = 0; element < weights.Length; element++)
        {
            // In double a quotient that is not half an integer does not round to one.
            bytes[element] = (sbyte)Math.Clamp(Math.Round((double)weights[element] / scales[scaleIndex(element)], MidpointRounding.ToEven), -Greatest, Greatest);
        }
    }

    /// <summary>Every tensor of weights: full name, shape, and how its scales are laid out.</summary>
    private static IEnumerable<(TensorSpec Spec, IReadOnlyList<int> ScaleShape, Func<int, int> ScaleIndex)> Weights(ModelDocument document)
    {
        var (structure, tensors) = (document.Structure, document.Tensors);
        var matrices = structure.Cells().SelectMany(pair => pair.Cell.Matrices.Select(matrix => ($"{pair.Prefix}{matrix.Name}.", matrix.Matrix)));
        if (structure.Head.Kind != HeadKind.None)
        {
            matrices = matrices.Append((ModelDocument.HeadPrefix, ModelDocument.HeadMatrix(structure)));
        }

        foreach (var (prefix, matrix) in matrices)
        {
            foreach (var spec in matrix.Tensors.Where(spec => spec.Type == ElementType.F32))
            {
                yield return (spec with { Name = prefix + spec.Name }, matrix.ScaleShape(spec), matrix.ScaleIndex(spec, part => tensors[prefix + part]));
            }
        }

        if (structure.Embedding is { } embedding)
        {
            yield return (new(ModelDocument.Embedding, ElementType.F32, embedding.Vocabulary, embedding.Width), [embedding.Vocabulary], element => element / embedding.Width);
        }
    }

    private static void Check(ModelDocument document, Precision precision)
    {
        if (document.Structure.Precision != precision)
        {
            throw new ArgumentException($"The model is in {document.Structure.Precision.ToString().ToLowerInvariant()} already.", nameof(document));
        }
    }
}
