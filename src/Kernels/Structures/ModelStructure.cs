namespace Fleet.Kernels.Structures;

/// <summary>What a model makes of the last layer's outputs.</summary>
public enum HeadKind
{
    /// <summary>The outputs themselves.</summary>
    None,

    /// <summary>One answer a sequence, from the last state: of each direction the one after the last step that it reads.</summary>
    Sequence,

    /// <summary>One answer a step.</summary>
    Step,

    /// <summary>One answer a step: which token of the vocabulary comes next.</summary>
    Language,
}

/// <summary>A row of the embedding a token: the first layer's input.</summary>
public sealed record EmbeddingStructure(int Vocabulary, int Width)
{
    public long Parameters => (long)Vocabulary * Width;
}

/// <summary>W h + b, with softmax over it if asked for.</summary>
/// <param name="Outputs">Classes, or tokens; 0 where <paramref name="Kind"/> is none.</param>
/// <param name="Softmax">Outputs are probabilities; without it, logits.</param>
public sealed record HeadStructure(HeadKind Kind, int Outputs = 0, bool Softmax = false);

/// <summary>
/// A whole model: tokens through an embedding, or features that are normalised to (x - mean) * scale if so said; recurrent layers
/// one upon the other; a head.
/// </summary>
/// <param name="Layers">At least one; each reads the outputs of the one below.</param>
public sealed record ModelStructure(EmbeddingStructure? Embedding, bool Normalised, IReadOnlyList<LayerStructure> Layers, HeadStructure Head)
{
    /// <summary>Normalised features, one forward layer, a class for the whole sequence.</summary>
    public static ModelStructure Classifier(CellStructure cell, int classes) =>
        new(null, Normalised: true, [new LayerStructure(cell)], new HeadStructure(HeadKind.Sequence, classes));

    /// <summary>Of embedding, matrices and head.</summary>
    public Precision Precision { get; init; }

    /// <summary>Values that a step brings; a token counts as one.</summary>
    public int Features => Embedding is null ? Layers[0].Shape.Input : 1;

    /// <summary>Values that a step, or a sequence, ends with.</summary>
    public int Outputs => Head.Kind == HeadKind.None ? Layers[^1].Outputs : Head.Outputs;

    /// <summary>Whether every step has an answer of its own.</summary>
    public bool AnswersEachStep => Head.Kind != HeadKind.Sequence;

    /// <summary>Whether a step's output depends on no later step, so that the model can be run a step at a time.</summary>
    public bool CanStream => Layers.All(layer => layer.Direction == LayerDirection.Forward);

    /// <summary>All trained numbers: weights as stored, embedding, head and biases.</summary>
    public long Parameters =>
        (Embedding?.Parameters ?? 0)
        + Layers.Sum(layer => layer.Parameters + layer.Cells.Sum(cell => CellTensors.Vectors(cell.Shape).Sum(spec => spec.Elements)))
        + ((long)Head.Outputs * (Layers[^1].Outputs + 1));

    /// <summary>Multiply-accumulates of one step: all matrices and the head.</summary>
    public long MacsPerStep => Layers.Sum(layer => layer.MacsPerStep) + ((long)Head.Outputs * Layers[^1].Outputs);

    /// <summary>Dense parameters over stored ones, of the cells' matrices.</summary>
    public double Compression => (double)Layers.Sum(layer => layer.Cells.Sum(cell => cell.Shape.DenseParameters)) / Layers.Sum(layer => layer.Parameters);

    public bool Equals(ModelStructure? other) =>
        other is not null && Embedding == other.Embedding && Normalised == other.Normalised && Precision == other.Precision && Head == other.Head
            && Layers.SequenceEqual(other.Layers);

    public override int GetHashCode() => HashCode.Combine(Embedding, Normalised, Precision, Head, Layers.Count);
}
