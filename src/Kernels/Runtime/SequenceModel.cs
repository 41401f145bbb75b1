using System.Runtime.Intrinsics.X86;
using Fleet.Kernels.Matrices;
using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime.Cells;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Runtime;

/// <summary>
/// A model ready to run: weights packed for one vector width. Immutable, so any number of runners, each on its own thread, share one.
/// </summary>
public sealed class SequenceModel
{
    private SequenceModel(ModelDocument document, SimdLevel level, IReadOnlyList<IReadOnlyList<RecurrentCell>> layers, ModelHead? head)
    {
        Metadata = document.Metadata;
        Structure = document.Structure;
        Level = level;
        Layers = layers;
        Head = head;
        Embedding = EmbeddingTable.Of(document);
        Mean = Floats(ModelDocument.Mean);
        Scale = Floats(ModelDocument.Scale);

        float[] Floats(string name) => document.Tensors.TryGetValue(name, out var tensor) ? tensor.Floats.ToArray() : [];
    }

    public ModelMetadata Metadata { get; }

    public ModelStructure Structure { get; }

    public SimdLevel Level { get; }

    /// <summary>All trained numbers: weights as stored, and biases.</summary>
    public long Parameters => Structure.Parameters;

    /// <summary>Multiply-accumulates of one streaming step: all matrices and the head.</summary>
    public long MacsPerStep => Structure.MacsPerStep;

    /// <summary>What weights and biases take in memory. A runner takes <see cref="ModelRunner.ResidentBytes"/> beside it.</summary>
    public long ResidentBytes =>
        Layers.Sum(cells => cells.Sum(cell => cell.ResidentBytes)) + (Head?.ResidentBytes ?? 0) + (Embedding?.ResidentBytes ?? 0)
            + (sizeof(float) * ((long)Mean.Length + Scale.Length));

    /// <summary>Of each layer its cells: one, or forward and reverse.</summary>
    internal IReadOnlyList<IReadOnlyList<RecurrentCell>> Layers { get; }

    /// <summary>None where the model's outputs are those of the last layer.</summary>
    internal ModelHead? Head { get; }

    /// <summary>None where the model reads features.</summary>
    internal EmbeddingTable? Embedding { get; }

    /// <summary>Empty where features are not normalised.</summary>
    internal float[] Mean { get; }

    internal float[] Scale { get; }

    /// <summary>Packs a model.</summary>
    /// <param name="document">As <see cref="ModelFile"/> reads it, that is, checked.</param>
    /// <param name="forced">The vector width to use; without it, the best of this processor.</param>
    /// <exception cref="PlatformNotSupportedException">This processor does not have the forced width.</exception>
    public static SequenceModel Create(ModelDocument document, SimdLevel? forced = null)
    {
        var level = forced ?? SimdLevels.Best;
        if (!SimdLevels.IsSupported(level))
        {
            throw new PlatformNotSupportedException($"This processor has no {level} vectors; its best are {SimdLevels.Best}.");
        }

        // Asked of the instructions by name, a binary made ahead of time leaves out the widths that its processors never have.
        return level switch
        {
            SimdLevel.V512 when Avx512F.IsSupported => Create<V512>(document, level),
            SimdLevel.V256 when Avx2.IsSupported => Create<V256>(document, level),
            SimdLevel.Scalar => Create<ScalarVector>(document, level),
            _ => Create<V128>(document, level),
        };
    }

    /// <summary>What runs this model on one thread.</summary>
    /// <param name="maxSteps">The longest window that it will be given: 1 to <see cref="ModelRunner.StepLimit"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">It cannot be so long; the message says how long it may be.</exception>
    public ModelRunner CreateRunner(int maxSteps) => new(this, maxSteps);

    /// <summary>What runs this model over several sequences at once, on one thread.</summary>
    /// <param name="maxSequences">The most sequences that it will be given; they may have <see cref="ModelRunner.StepLimit"/> together.</param>
    /// <param name="maxSteps">The most steps of a sequence.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are none, or they are too long.</exception>
    public BatchRunner CreateBatch(int maxSequences, int maxSteps) => new(this, maxSequences, maxSteps);

    private static SequenceModel Create<V>(ModelDocument document, SimdLevel level)
        where V : unmanaged, IVector<V>
    {
        var (structure, tensors) = (document.Structure, document.Tensors);
        var layers = structure.Layers
            .Select((layer, index) => layer.Cells
                .Select((cell, place) =>
                    Cells<V>.Pack(cell, structure.Precision, name => tensors[ModelDocument.CellPrefix(index, layer.IsReverse(place)) + name]))
                .ToArray())
            .ToArray();
        var head = structure.Head.Kind == HeadKind.None ? null : new ModelHead(
            [.. HeadParts<V>(structure, tensors)], WeightMatrix.Pad(tensors[ModelDocument.HeadBias].Floats), structure.Head.Softmax);
        return new SequenceModel(document, level, layers, head);
    }

    private static IEnumerable<WeightMatrix> HeadParts<V>(ModelStructure structure, IReadOnlyDictionary<string, Tensor> tensors)
        where V : unmanaged, IVector<V>
    {
        var outputs = structure.Head.Outputs;
        for (var first = 0; first < outputs; first += ModelHead.PartRows)
        {
            var (start, count) = (first, Math.Min(ModelHead.PartRows, outputs - first));
            yield return WeightMatrices<V>.Pack(
                new DenseStructure(1, count, structure.Layers[^1].Outputs),
                structure.Precision,
                part => tensors[ModelDocument.HeadPrefix + part].Rows(start, count));
        }
    }
}
