using Fleet.Kernels.Matrices;
using Fleet.Kernels.Models;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Runtime;

/// <summary>
/// A model ready to run: weights packed for one vector width. Immutable, so any number of runners, each on its own thread, share one.
/// </summary>
public sealed class SequenceModel
{
    private SequenceModel(ModelDocument document, SimdLevel level, WeightMatrix input, WeightMatrix recurrent, WeightMatrix head, Cell cell)
    {
        Metadata = document.Metadata;
        Structure = document.Structure;
        Level = level;
        Input = input;
        Recurrent = recurrent;
        Head = head;
        Cell = cell;
        Bias = Padded(document.Tensors[ModelDocument.Bias].Floats);
        HeadBias = Padded(document.Tensors[ModelDocument.HeadBias].Floats);
        Mean = document.Tensors[ModelDocument.Mean].Floats.ToArray();
        Scale = document.Tensors[ModelDocument.Scale].Floats.ToArray();
    }

    public ModelMetadata Metadata { get; }

    public CellStructure Structure { get; }

    public SimdLevel Level { get; }

    /// <summary>All trained numbers: weights as stored, and biases.</summary>
    public long Parameters => Structure.Parameters + Recurrent.Rows + ((long)Head.Rows * (Head.Columns + 1));

    /// <summary>Multiply-accumulates of one streaming step: both matrices and the head.</summary>
    public long MacsPerStep => Structure.MacsPerStep + ((long)Head.Rows * Head.Columns);

    /// <summary>What the packed weights and biases take in memory. A runner takes <see cref="ModelRunner.ResidentBytes"/> beside it.</summary>
    public long ResidentBytes => Input.ResidentBytes + Recurrent.ResidentBytes + Head.ResidentBytes + Bias.Bytes + HeadBias.Bytes;

    internal WeightMatrix Input { get; }

    internal WeightMatrix Recurrent { get; }

    internal WeightMatrix Head { get; }

    internal Cell Cell { get; }

    internal Aligned<float> Bias { get; }

    internal Aligned<float> HeadBias { get; }

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

        return level switch
        {
            SimdLevel.V512 => Create<V512>(document, level),
            SimdLevel.V256 => Create<V256>(document, level),
            SimdLevel.V128 => Create<V128>(document, level),
            _ => Create<ScalarVector>(document, level),
        };
    }

    /// <summary>What runs this model on one thread.</summary>
    /// <param name="maxSteps">The longest window that it will be given, at least 1.</param>
    public ModelRunner CreateRunner(int maxSteps) => new(this, maxSteps);

    private static SequenceModel Create<V>(ModelDocument document, SimdLevel level)
        where V : unmanaged, IVector<V>
    {
        var (structure, tensors) = (document.Structure, document.Tensors);
        return new SequenceModel(
            document,
            level,
            WeightMatrices<V>.Pack(structure.Input, name => tensors[ModelDocument.InputPrefix + name]),
            WeightMatrices<V>.Pack(structure.Recurrent, name => tensors[ModelDocument.RecurrentPrefix + name]),
            new DenseMatrix<V>(document.Metadata.Labels.Count, structure.Shape.Hidden, tensors[ModelDocument.HeadWeight].Floats),
            new LstmCell<V>(structure.Shape.Hidden));
    }

    private static Aligned<float> Padded(ReadOnlySpan<float> values)
    {
        var padded = new Aligned<float>(WeightMatrix.Padded(values.Length));
        values.CopyTo(padded.Span);
        return padded;
    }
}
