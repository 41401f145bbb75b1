using System.Numerics;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;
using Fleet.Tasks.Numerics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Matrices;
using Fleet.Training.Methods;

namespace Fleet.Training.Networks;

/// <summary>A matrix of a network.</summary>
/// <param name="Name">Within its cell.</param>
/// <param name="Start">Where its parameters begin among all that is learnt.</param>
internal sealed record PlacedMatrix<T>(string Name, TrainableMatrix<T> Matrix, int Start)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public Range Range => Start..(Start + Matrix.ParameterCount);
}

/// <summary>The weights of one direction of one layer: matrices, biases and what else the kind of cell has, of one training step.</summary>
internal sealed unsafe class TrainableCell<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // Source: the authors' implementation of FastGRNN (EdgeML): zeta = s(1), nu = s(-4), b_z = 1.
    private const double FirstZeta = 1;
    private const double FirstNu = -4;

    private readonly Dictionary<string, (TensorSpec Spec, int Start)> vectors = [];
    private readonly AlignedBuffer<T> scalars = new(MicroBatch.Samples);
    private readonly BatchArithmetic<T> arithmetic;
    private T* parameters;

    /// <param name="layout">Takes the parameters of this cell: matrices, then vectors.</param>
    /// <exception cref="NotSupportedException">This kind of cell cannot be trained.</exception>
    public TrainableCell(CellStructure structure, ParameterLayout layout, BatchArithmetic<T> arithmetic)
    {
        if (structure.Shape.Peepholes)
        {
            throw new NotSupportedException("An LSTM with peepholes cannot be trained; it can be run.");
        }

        this.arithmetic = arithmetic;
        Structure = structure;
        Matrices = [.. structure.Matrices.Select(pair => Place(pair.Name, pair.Matrix, layout))];
        foreach (var spec in CellTensors.Vectors(structure.Shape))
        {
            vectors[spec.Name] = (spec, layout.Add(spec.Elements).Start.Value);
        }
    }

    public CellStructure Structure { get; }

    public CellShape Shape => Structure.Shape;

    public IReadOnlyList<PlacedMatrix<T>> Matrices { get; }

    public PlacedMatrix<T> Input => Matrices[0];

    public PlacedMatrix<T> Recurrent => Matrices[1];

    public int BiasStart => vectors[CellTensors.Bias].Start;

    /// <summary>[gates * hidden]; of FastGRNN b_z, b_h.</summary>
    public T* Bias => parameters + BiasStart;

    public int CandidateBiasStart => vectors[CellTensors.CandidateBias].Start;

    /// <summary>b_hn of a GRU that resets after the product.</summary>
    public T* CandidateBias => parameters + CandidateBiasStart;

    /// <summary>What zeta and nu are the logistic function of.</summary>
    public int ScalarsStart => vectors[CellTensors.Scalars].Start;

    public T Zeta => scalars.Pointer[0];

    public T Nu => scalars.Pointer[1];

    /// <summary>
    /// First weights. The forget gate's bias begins at 1, so that the cell remembers before it has learnt to (Jozefowicz et al.
    /// 2015), and so does FastGRNN's b_z; all other biases at 0.
    /// </summary>
    /// <param name="values">All of the network.</param>
    /// <param name="number">Which cell of the network it is: see <see cref="Streams.Matrix"/>.</param>
    public void Initialise(Span<double> values, long seed, int number)
    {
        foreach (var matrix in Matrices)
        {
            matrix.Matrix.Initialise(values[matrix.Range], new Xoshiro256(seed, Streams.Matrix(number, matrix.Name)));
        }

        switch (Shape.Kind)
        {
            case CellShape.Lstm:
                values.Slice(BiasStart + Shape.Hidden, Shape.Hidden).Fill(1);
                break;
            case CellShape.FastGrnn:
                values.Slice(BiasStart, Shape.Hidden).Fill(1);
                values[ScalarsStart] = FirstZeta;
                values[ScalarsStart + 1] = FirstNu;
                break;
        }
    }

    /// <summary>First weights from those of another model.</summary>
    /// <param name="values">All of the network.</param>
    /// <param name="prefix">Of this cell's names among the weights.</param>
    /// <exception cref="ArgumentException">FastGRNN's zeta or nu is not between 0 and 1.</exception>
    public void Begin(Span<double> values, string prefix, IReadOnlyDictionary<string, double[]> weights)
    {
        foreach (var matrix in Matrices)
        {
            weights[$"{prefix}{matrix.Name}."].CopyTo(values[matrix.Range]);
        }

        foreach (var (spec, start) in vectors.Values)
        {
            weights[prefix + spec.Name].CopyTo(values[start..]);
        }

        if (Shape.Kind == CellShape.FastGrnn)
        {
            foreach (ref var scalar in values.Slice(ScalarsStart, 2))
            {
                // What is learnt is what the logistic function makes the scalar of.
                scalar = scalar is > 0 and < 1
                    ? PortableMath.Log(scalar) - PortableMath.Log(1 - scalar)
                    : throw new ArgumentException($"{prefix}{CellTensors.Scalars} holds {scalar}; zeta and nu can be learnt between 0 and 1.");
            }
        }
    }

    /// <summary>Takes the weights of a training step.</summary>
    /// <param name="all">Of the whole network; it stays there.</param>
    public void Load(T* all)
    {
        parameters = all;
        foreach (var matrix in Matrices)
        {
            matrix.Matrix.Load(all + matrix.Start);
        }

        if (Shape.Kind == CellShape.FastGrnn)
        {
            new ReadOnlySpan<T>(all + ScalarsStart, 2).CopyTo(scalars.Span);
            arithmetic.SigmoidForward(1, scalars.Pointer);
        }
    }

    public CellMicroBatch<T> CreateMicroBatch(int steps) => Shape switch
    {
        { Kind: CellShape.Lstm } => new LstmMicroBatch<T>(this, arithmetic, steps),
        { Kind: CellShape.Gru, ResetBefore: true } => new ResetBeforeGruMicroBatch<T>(this, Matrices[2], arithmetic, steps),
        { Kind: CellShape.Gru } => new GruMicroBatch<T>(this, arithmetic, steps),
        { Kind: CellShape.Rnn } => new RnnMicroBatch<T>(this, arithmetic, steps),
        { Kind: CellShape.FastGrnn } => new FastGrnnMicroBatch<T>(this, arithmetic, steps),
        _ => throw new NotSupportedException($"Cell '{Shape.Kind}' cannot be trained."),
    };

    /// <summary>The tensors that a model file has for this cell.</summary>
    /// <param name="prefix">Of their names.</param>
    /// <param name="values">All of the network.</param>
    public IEnumerable<Tensor> Export(string prefix, float[] values)
    {
        foreach (var matrix in Matrices)
        {
            foreach (var tensor in matrix.Matrix.Export($"{prefix}{matrix.Name}.", values.AsSpan(matrix.Range)))
            {
                yield return tensor;
            }
        }

        foreach (var (spec, start) in vectors.Values)
        {
            float[] own = spec.Name == CellTensors.Scalars
                ? [float.CreateTruncating(Zeta), float.CreateTruncating(Nu)]
                : values[start..(start + (int)spec.Elements)];
            yield return new Tensor(prefix + spec.Name, spec.Shape, own);
        }
    }

    public void Dispose()
    {
        foreach (var matrix in Matrices)
        {
            matrix.Matrix.Dispose();
        }

        scalars.Dispose();
    }

    private static PlacedMatrix<T> Place(string name, MatrixStructure structure, ParameterLayout layout)
    {
        var matrix = MatrixTrainings.Create<T>(structure);
        return new PlacedMatrix<T>(name, matrix, layout.Add(matrix.ParameterCount).Start.Value);
    }
}
