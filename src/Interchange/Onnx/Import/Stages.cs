using Fleet.Interchange.Arrays;
using Fleet.Interchange.Networks;

namespace Fleet.Interchange.Onnx.Import;

/// <summary>What a network has become at some place of the graph: the source of atoms. Element numbering is row-major in the axes named.</summary>
internal abstract class Stage
{
    /// <summary>All elements of this stage in their own order.</summary>
    protected NumericArray All(params IReadOnlyList<int> shape) =>
        new(shape, Array.ConvertAll(Enumerable.Range(0, (int)Extents.Elements(shape)).ToArray(), index => new Atom(this, index)));
}

/// <summary>
/// What the graph is fed, perhaps normalised or looked up in an embedding: [first, second, width], and only later is it seen which of the
/// two is time.
/// </summary>
internal sealed class InputStage(int first, int second, int width, bool tokens) : Stage
{
    public int First => first;

    public int Second => second;

    public int Width => width;

    /// <summary>Tokens as they come, which nothing but an embedding can read.</summary>
    public bool Tokens => tokens;

    public ImportedTable? Embedding { get; init; }

    public ImportedNormalisation? Normalisation { get; init; }

    public NumericArray Atoms(IReadOnlyList<int> shape) => All(shape);
}

/// <summary>All states of a recurrent layer: [steps, batch, directions, hidden].</summary>
/// <param name="steps">Of the probe.</param>
/// <param name="batch">Of the probe.</param>
internal sealed class LayerStage(ImportedLayer layer, int steps, int batch) : Stage
{
    public ImportedLayer Layer => layer;

    public int Steps => steps;

    public int Batch => batch;

    /// <summary>Where the state of a direction begins that it has after it has read <paramref name="step"/>.</summary>
    public int Place(int step, int sequence, int direction) => ((((step * batch) + sequence) * layer.Directions.Count) + direction) * layer.Hidden;

    /// <summary>The step after which a direction ends.</summary>
    public int LastStep(int direction) => layer.Reverse || direction == 1 ? 0 : steps - 1;
}

/// <summary>The memory c that an LSTM ends with, which no other layer of Fleet reads.</summary>
internal sealed class MemoryStage : Stage
{
    public Atom[] Atoms(int count) => (Atom[])All(count).Data;
}

/// <summary>Answers: [steps, batch, classes], or [batch, classes] where there is one a sequence.</summary>
internal sealed class HeadStage(ImportedHead head, int rows) : Stage
{
    public ImportedHead Head => head;

    public int Rows => rows;

    /// <summary>Softmax was taken of which only the logarithm is left.</summary>
    public bool Logarithm { get; init; }
}
