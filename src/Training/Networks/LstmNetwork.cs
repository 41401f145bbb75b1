using System.Numerics;
using Fleet.Kernels.Structures;
using Fleet.Tasks.Numerics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Matrices;

namespace Fleet.Training.Networks;

/// <summary>
/// One LSTM layer and a head that tells the class of the whole sequence from the last output:
/// [i f g o] = W_x x + W_h h + bias; i, f, o through the logistic function, g through tanh; c = f c + i g; h = o tanh(c);
/// logits = W_head h_last + bias_head.
/// </summary>
internal sealed unsafe class LstmNetwork<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T> parameters;

    public LstmNetwork(CellStructure structure, int classes, BatchArithmetic<T> arithmetic)
    {
        Structure = structure;
        Classes = classes;
        Arithmetic = arithmetic;
        Input = TrainableMatrix<T>.Create(structure.Input);
        Recurrent = TrainableMatrix<T>.Create(structure.Recurrent);
        Head = new DenseMatrix<T>(new DenseStructure(1, classes, Hidden));
        Layout = new ParameterLayout(Input.ParameterCount, Recurrent.ParameterCount, 4 * Hidden, Head.ParameterCount, classes);
        parameters = new AlignedBuffer<T>(Layout.Padded);
    }

    public CellStructure Structure { get; }

    public BatchArithmetic<T> Arithmetic { get; }

    public int Classes { get; }

    public int Hidden => Structure.Shape.Hidden;

    public int Features => Structure.Shape.Input;

    public TrainableMatrix<T> Input { get; }

    public TrainableMatrix<T> Recurrent { get; }

    public TrainableMatrix<T> Head { get; }

    public ParameterLayout Layout { get; }

    /// <summary>All that is learnt, [<see cref="ParameterLayout.Padded"/>]. After a change, <see cref="Load"/>.</summary>
    public Span<T> Parameters => parameters.Span;

    public T* ParameterPointer => parameters.Pointer;

    public T* Bias => parameters.Pointer + Layout.Bias.Start.Value;

    public T* HeadBias => parameters.Pointer + Layout.HeadBias.Start.Value;

    /// <summary>
    /// First weights from a seed. The forget gate's bias begins at 1, so that the cell remembers before it has learnt to
    /// (Jozefowicz et al. 2015); all other biases at 0.
    /// </summary>
    public void Initialise(long seed)
    {
        var values = new double[Layout.Count];
        Input.Initialise(values.AsSpan(Layout.Input), new Xoshiro256(seed, Streams.InputMatrix));
        Recurrent.Initialise(values.AsSpan(Layout.Recurrent), new Xoshiro256(seed, Streams.RecurrentMatrix));
        Head.Initialise(values.AsSpan(Layout.HeadWeight), new Xoshiro256(seed, Streams.Head));
        values.AsSpan(Layout.Bias).Slice(Hidden, Hidden).Fill(1);
        for (var index = 0; index < values.Length; index++)
        {
            Parameters[index] = T.CreateTruncating(values[index]);
        }

        Load();
    }

    /// <summary>Brings the parameters into the layouts that the products read.</summary>
    public void Load()
    {
        Input.Load(parameters.Pointer);
        Recurrent.Load(parameters.Pointer + Layout.Recurrent.Start.Value);
        Head.Load(parameters.Pointer + Layout.HeadWeight.Start.Value);
    }

    public void Dispose()
    {
        Input.Dispose();
        Recurrent.Dispose();
        Head.Dispose();
        parameters.Dispose();
    }
}

/// <summary>Streams of the seed, one for each use, so that a change in one leaves the others.</summary>
internal static class Streams
{
    public const long InputMatrix = 1;
    public const long RecurrentMatrix = 2;
    public const long Head = 3;
    /// <summary>Plus the epoch: the order of an epoch depends on no other.</summary>
    public const long FirstEpoch = 1000;
}
