using System.Numerics;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;
using Fleet.Tasks.Numerics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Quantisation;

namespace Fleet.Training.Matrices;

/// <summary>
/// A structured weight matrix that learns: y = W x for all gates at once. It holds the weights of one training step in the
/// layouts that products want; what differs between micro-batches lives in <see cref="MatrixMicroBatch{T}"/>.
/// </summary>
internal abstract unsafe class TrainableMatrix<T>(MatrixStructure structure) : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public int Gates => structure.Gates;

    /// <summary>Outputs of one gate.</summary>
    public int Rows => structure.Rows;

    public int Columns => structure.Columns;

    /// <summary>Products are to be those of int8: their operands are quantised, as its weights are before <see cref="Load"/>.</summary>
    public bool IsQuantised { get; set; }

    /// <summary>Takes in what the matrix reads, while that is looked at; null else.</summary>
    public SecondMoments? Reads { get; set; }

    /// <summary>The parameters as rows that in int8 have a scale each, in their order.</summary>
    public virtual IEnumerable<(int Rows, int Length)> ScaledRows =>
        structure.Tensors.Select(spec => (spec.Shape.SkipLast(1).Aggregate(1, (product, extent) => product * extent), spec.Shape[^1]));

    /// <summary>So much of x has a scale of its own in int8.</summary>
    public virtual int OperandLength => Columns;

    /// <summary>Numbers that are learnt, in the order of the structure's tensors. What is pruned is learnt in its dense form.</summary>
    public abstract int ParameterCount { get; }

    /// <summary>What is left of the weights that are learnt in dense form and pruned on the way; null where there are none.</summary>
    public virtual PruningMask<T>? Pruning => null;

    /// <summary>Rows of what the forward product leaves for the gradient, a time step.</summary>
    public virtual int TraceRows => 0;

    /// <summary>Rows of what the backward product leaves for the gradient, a time step.</summary>
    public virtual int SensitivityRows => 0;

    /// <summary>First weights, so that y has about the variance of x.</summary>
    public abstract void Initialise(Span<double> parameters, Xoshiro256 random);

    /// <summary>Takes new weights.</summary>
    public abstract void Load(T* parameters);

    public abstract MatrixMicroBatch<T> CreateMicroBatch(BatchArithmetic<T> arithmetic);

    /// <summary>The same with the products of int8: x is quantised, and whatever else they quantise on the way.</summary>
    public virtual MatrixMicroBatch<T> CreateQuantisedMicroBatch(BatchArithmetic<T> arithmetic) =>
        new QuantisedMicroBatch<T>(CreateMicroBatch(arithmetic), Columns, OperandLength);

    /// <summary>The tensors that a model file has for this matrix.</summary>
    public abstract IEnumerable<Tensor> Export(string prefix, ReadOnlySpan<float> parameters);

    public abstract void Dispose();

    /// <summary>The structure's tensors that are segments of the parameters one after the other.</summary>
    protected List<Tensor> Segments(string prefix, ReadOnlySpan<float> parameters)
    {
        var tensors = new List<Tensor>();
        var start = 0;
        foreach (var spec in structure.Tensors)
        {
            var length = (int)spec.Elements;
            tensors.Add(new Tensor(prefix + spec.Name, spec.Shape, parameters.Slice(start, length).ToArray()));
            start += length;
        }

        return tensors;
    }
}

/// <summary>One micro-batch's products with a <see cref="TrainableMatrix{T}"/> and the sum of its gradients. Used by one thread at a time.</summary>
internal abstract unsafe class MatrixMicroBatch<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>y[gates * rows, samples] += W x[columns, samples]; leaves the trace of this step.</summary>
    public abstract void Forward(T* x, T* y, T* trace);

    /// <summary>dx = W' dy, unless <paramref name="dx"/> is null; leaves the sensitivity of this step either way.</summary>
    public abstract void Backward(T* dy, T* dx, T* sensitivity);

    /// <summary>Adds a few steps' gradients to the sum. Backward has seen these steps.</summary>
    public abstract void AddGradient(in GradientBlock<T> block);

    /// <summary>gradient[parameters] += the sum, which is zero again then.</summary>
    public abstract void Collect(T* gradient);

    public abstract void Dispose();
}

/// <summary>What a few time steps left for the weight gradients. Strides may be negative: time runs backwards.</summary>
internal readonly unsafe ref struct GradientBlock<T>
    where T : unmanaged
{
    public required int Steps { get; init; }

    /// <summary>[step][columns, samples].</summary>
    public required T* X { get; init; }

    public required long XStride { get; init; }

    /// <summary>The same sample by sample.</summary>
    public required BatchMajor<T> XBySample { get; init; }

    /// <summary>[step][gates * rows, samples], with readable memory behind it as <see cref="BatchArithmetic{T}.AddOuter"/> wants.</summary>
    public required T* Dy { get; init; }

    public required long DyStride { get; init; }

    public required T* Trace { get; init; }

    public required long TraceStride { get; init; }

    /// <summary>With readable memory behind it, too.</summary>
    public required T* Sensitivity { get; init; }

    public required long SensitivityStride { get; init; }
}
