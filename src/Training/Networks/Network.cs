using System.Numerics;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Tasks.Numerics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Matrices;

namespace Fleet.Training.Networks;

/// <summary>
/// What is learnt of a model: recurrent layers one upon the other, and a head, logits = W_head h + bias_head. Its parameters are
/// one vector: for each layer and direction the matrices, then biases and scalars; the head's weights and biases.
/// </summary>
internal sealed unsafe class Network<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T> parameters;

    /// <exception cref="NotSupportedException">A part of the model cannot be trained.</exception>
    public Network(ModelStructure structure, BatchArithmetic<T> arithmetic)
    {
        if (structure.Head.Kind != HeadKind.Sequence || structure.Embedding is not null)
        {
            throw new NotSupportedException($"Only models that tell the class of a sequence of features can be trained, not ones with a head '{structure.Head.Kind}'.");
        }

        Structure = structure;
        Arithmetic = arithmetic;
        Layout = new ParameterLayout();
        Layers = [.. structure.Layers.Select(layer => layer.Cells.Select(cell => new TrainableCell<T>(cell, Layout, arithmetic)).ToArray())];
        Head = new DenseMatrix<T>(new DenseStructure(1, structure.Head.Outputs, structure.Layers[^1].Outputs));
        HeadWeight = Layout.Add(Head.ParameterCount);
        HeadBiases = Layout.Add(structure.Head.Outputs);
        parameters = new AlignedBuffer<T>(Layout.Padded);
    }

    public ModelStructure Structure { get; }

    public BatchArithmetic<T> Arithmetic { get; }

    /// <summary>For each layer its cells, forward before reverse.</summary>
    public IReadOnlyList<IReadOnlyList<TrainableCell<T>>> Layers { get; }

    /// <summary>All matrices but the head's.</summary>
    public IEnumerable<PlacedMatrix<T>> Matrices => Layers.SelectMany(cells => cells.SelectMany(cell => cell.Matrices));

    public int Classes => Structure.Head.Outputs;

    public TrainableMatrix<T> Head { get; }

    public ParameterLayout Layout { get; }

    public Range HeadWeight { get; }

    public Range HeadBiases { get; }

    /// <summary>All that is learnt, [<see cref="ParameterLayout.Padded"/>]. After a change, <see cref="Load"/>.</summary>
    public Span<T> Parameters => parameters.Span;

    public T* ParameterPointer => parameters.Pointer;

    public T* HeadBias => parameters.Pointer + HeadBiases.Start.Value;

    /// <summary>First weights from a seed; the head's biases begin at 0.</summary>
    public void Initialise(long seed)
    {
        var values = new double[Layout.Count];
        var number = 0;
        foreach (var cell in Layers.SelectMany(cells => cells))
        {
            cell.Initialise(values, seed, number++);
        }

        Head.Initialise(values.AsSpan(HeadWeight), new Xoshiro256(seed, Streams.Head));
        for (var index = 0; index < values.Length; index++)
        {
            Parameters[index] = T.CreateTruncating(values[index]);
        }

        Load();
    }

    /// <summary>Brings the parameters into the layouts that the products read.</summary>
    public void Load()
    {
        foreach (var cell in Layers.SelectMany(cells => cells))
        {
            cell.Load(parameters.Pointer);
        }

        Head.Load(parameters.Pointer + HeadWeight.Start.Value);
    }

    /// <summary>The tensors that a model file has for all that is learnt.</summary>
    public IEnumerable<Tensor> Export()
    {
        var values = new float[Layout.Count];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = float.CreateTruncating(Parameters[index]);
        }

        return
        [
            .. Layers.SelectMany((cells, layer) => cells.SelectMany((cell, place) =>
                cell.Export(ModelDocument.CellPrefix(layer, Structure.Layers[layer].IsReverse(place)), values))),
            new Tensor(ModelDocument.HeadWeight, [Classes, Head.Columns], values[HeadWeight]),
            new Tensor(ModelDocument.HeadBias, [Classes], values[HeadBiases]),
        ];
    }

    public void Dispose()
    {
        foreach (var cell in Layers.SelectMany(cells => cells))
        {
            cell.Dispose();
        }

        Head.Dispose();
        parameters.Dispose();
    }
}
