using System.Numerics;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;
using Fleet.Tasks.Numerics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Matrices;
using Fleet.Training.Quantisation;

namespace Fleet.Training.Networks;

/// <summary>
/// What is learnt of a model: an embedding where it reads tokens; recurrent layers one upon the other; and a head,
/// logits = W_head h + bias_head. Its parameters are one vector: the embedding; for each layer and direction the matrices, then
/// biases and scalars; the head's weights and biases.
/// </summary>
internal sealed unsafe class Network<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // Uniform within +-0.1.
    private const double EmbeddingVariance = 0.1 * 0.1 / 3;

    private readonly AlignedBuffer<T> parameters;

    // What the products read: the parameters, or what they are in int8.
    private readonly AlignedBuffer<T> loaded;

    /// <param name="quantised">Its answers are those of the model in int8; what is learnt stays in floats. See <see cref="FakeQuantiser{T}"/>.</param>
    /// <exception cref="NotSupportedException">A part of the model cannot be trained.</exception>
    public Network(ModelStructure structure, BatchArithmetic<T> arithmetic, bool quantised = false)
    {
        if (structure.Head.Kind != (structure.Embedding is null ? HeadKind.Sequence : HeadKind.Language)
            || (structure.Embedding is not null && !structure.CanStream))
        {
            throw new NotSupportedException("Two kinds of models can be trained: ones that tell the class of a sequence of features,"
                + " and ones that tell the next token of a stream and read it from its beginning only.");
        }

        Structure = structure;
        Arithmetic = arithmetic;
        Layout = new ParameterLayout();
        EmbeddingWeights = Layout.Add(structure.Embedding?.Parameters ?? 0);
        Layers = [.. structure.Layers.Select(layer => layer.Cells.Select(cell => new TrainableCell<T>(cell, Layout, arithmetic)).ToArray())];
        Head = new HeadMatrix<T>(structure.Head.Outputs, structure.Layers[^1].Outputs);
        HeadWeight = Layout.Add(Head.ParameterCount);
        HeadBiases = Layout.Add(structure.Head.Outputs);
        parameters = new AlignedBuffer<T>(Layout.Padded);
        loaded = quantised ? new AlignedBuffer<T>(Layout.Padded) : parameters;
        foreach (var placed in Matrices)
        {
            placed.Matrix.IsQuantised = quantised;
        }
    }

    public bool IsQuantised => loaded != parameters;

    public ModelStructure Structure { get; }

    public BatchArithmetic<T> Arithmetic { get; }

    /// <summary>For each layer its cells, forward before reverse.</summary>
    public IReadOnlyList<IReadOnlyList<TrainableCell<T>>> Layers { get; }

    /// <summary>All matrices but the head's.</summary>
    public IEnumerable<PlacedMatrix<T>> Matrices => Layers.SelectMany(cells => cells.SelectMany(cell => cell.Matrices));

    public HeadMatrix<T> Head { get; }

    public ParameterLayout Layout { get; }

    public Range EmbeddingWeights { get; }

    public Range HeadWeight { get; }

    public Range HeadBiases { get; }

    /// <summary>All that is learnt, [<see cref="ParameterLayout.Padded"/>]. After a change, <see cref="Load"/>.</summary>
    public Span<T> Parameters => parameters.Span;

    public T* ParameterPointer => parameters.Pointer;

    /// <summary>[vocabulary, width].</summary>
    public T* Embedding => loaded.Pointer;

    public T* HeadBias => loaded.Pointer + HeadBiases.Start.Value;

    /// <summary>
    /// First weights from a seed. The embedding's are uniform within -0.1 and 0.1 (Zaremba et al. 2014); the head's biases begin at 0.
    /// </summary>
    public void Initialise(long seed)
    {
        var values = new double[Layout.Count];
        Initialisation.Uniform(values.AsSpan(EmbeddingWeights), EmbeddingVariance, new Xoshiro256(seed, Streams.Embedding));
        var number = 0;
        foreach (var cell in Layers.SelectMany(cells => cells))
        {
            cell.Initialise(values, seed, number++);
        }

        Head.Initialise(values.AsSpan(HeadWeight), new Xoshiro256(seed, Streams.Head));
        Take(values);
    }

    /// <summary>First weights from those of another model.</summary>
    /// <param name="weights">All of them, by the names that <see cref="Compression.ModelCompression"/> gives them.</param>
    /// <exception cref="ArgumentException">One cannot be learnt from; the message says which.</exception>
    public void Begin(IReadOnlyDictionary<string, double[]> weights)
    {
        var values = new double[Layout.Count];
        if (Structure.Embedding is not null)
        {
            weights[ModelDocument.Embedding].CopyTo(values.AsSpan(EmbeddingWeights));
        }

        for (var layer = 0; layer < Layers.Count; layer++)
        {
            for (var place = 0; place < Layers[layer].Count; place++)
            {
                Layers[layer][place].Begin(values, ModelDocument.CellPrefix(layer, Structure.Layers[layer].IsReverse(place)), weights);
            }
        }

        weights[ModelDocument.HeadWeight].CopyTo(values.AsSpan(HeadWeight));
        weights[ModelDocument.HeadBias].CopyTo(values.AsSpan(HeadBiases));
        Take(values);
    }

    /// <summary>Brings the parameters into the layouts that the products read.</summary>
    public void Load()
    {
        if (IsQuantised)
        {
            Quantise();
        }

        foreach (var cell in Layers.SelectMany(cells => cells))
        {
            cell.Load(loaded.Pointer);
        }

        Head.Load(loaded.Pointer + HeadWeight.Start.Value);
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
            .. Structure.Embedding is { } table
                ? (Tensor[])[new Tensor(ModelDocument.Embedding, [table.Vocabulary, table.Width], values[EmbeddingWeights])]
                : [],
            .. Layers.SelectMany((cells, layer) => cells.SelectMany((cell, place) =>
                cell.Export(ModelDocument.CellPrefix(layer, Structure.Layers[layer].IsReverse(place)), values))),
            new Tensor(ModelDocument.HeadWeight, [Head.Outputs, Head.Columns], values[HeadWeight]),
            new Tensor(ModelDocument.HeadBias, [Head.Outputs], values[HeadBiases]),
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
        loaded.Dispose();
    }

    private void Quantise()
    {
        Parameters.CopyTo(loaded.Span);
        if (Structure.Embedding is { } table)
        {
            FakeQuantiser<T>.Weights(loaded.Pointer, table.Vocabulary, table.Width);
        }

        foreach (var placed in Matrices)
        {
            var own = loaded.Pointer + placed.Start;
            foreach (var (rows, length) in placed.Matrix.ScaledRows)
            {
                FakeQuantiser<T>.Weights(own, rows, length);
                own += (long)rows * length;
            }
        }

        FakeQuantiser<T>.Weights(loaded.Pointer + HeadWeight.Start.Value, Head.Outputs, Head.Columns);
    }

    private void Take(double[] values)
    {
        for (var index = 0; index < values.Length; index++)
        {
            Parameters[index] = T.CreateTruncating(values[index]);
        }

        Load();
    }
}
