using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Models;

/// <summary>
/// Models between fp32 and int8: every row of weights has a scale of its own, see <see cref="RowQuantisation"/>. Rows: of a dense
/// weight, hmd's rich, b and c, lmf's u and v, embedding and head their last dimension; of pruned values the matrix's rows. Biases,
/// peepholes, scalars and normalisation stay as they are.
/// </summary>
public static class Quantiser
{
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
            RowQuantisation.Quantise(weights, greatest?.GetValueOrDefault(spec.Name), scaleIndex, bytes, scales);
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
            tensors[spec.Name] = new Tensor(spec.Name, spec.Shape, RowQuantisation.Dequantise(tensors[spec.Name].Bytes, scales!.Floats, scaleIndex));
        }

        return document with { Structure = document.Structure with { Precision = Precision.Fp32 }, Tensors = tensors };
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
            var spec = new TensorSpec(ModelDocument.Embedding, ElementType.F32, embedding.Vocabulary, embedding.Width);
            yield return (spec, [embedding.Vocabulary], element => element / embedding.Width);
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
