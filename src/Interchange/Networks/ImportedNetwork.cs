namespace Fleet.Interchange.Networks;

/// <summary>The cells that other programs have.</summary>
internal enum ImportedCell
{
    Lstm,
    GruResetBefore,
    GruResetAfter,
    RnnTanh,
    RnnRelu,
}

/// <summary>What a file of another program says, whichever program that was: dense layers, and what is around them.</summary>
/// <param name="Embedding">[tokens, input]; null where the first layer reads features.</param>
/// <param name="Normalisation">What happens to features before the first layer; null for nothing.</param>
internal sealed record ImportedNetwork(ImportedTable? Embedding, ImportedNormalisation? Normalisation, IReadOnlyList<ImportedLayer> Layers, ImportedHead? Head);

/// <summary>(x - mean) * scale, one of each a feature.</summary>
internal sealed record ImportedNormalisation(float[] Mean, float[] Scale);

/// <summary>One recurrent layer.</summary>
/// <param name="Directions">One or two, the forward one first; <paramref name="Reverse"/> where the only one runs from the last step.</param>
internal sealed record ImportedLayer(ImportedCell Cell, int Input, int Hidden, IReadOnlyList<ImportedDirection> Directions, bool Reverse = false)
{
    public int Outputs => Directions.Count * Hidden;
}

/// <summary>The weights of one direction. Gates in the order of LSTM: input, forget, candidate, output; of GRU: reset, update, candidate.</summary>
/// <param name="Input">[gates * hidden, input]</param>
/// <param name="Recurrent">[gates * hidden, hidden], without the candidate's where that is by itself.</param>
/// <param name="InputBias">[gates * hidden]</param>
/// <param name="RecurrentBias">[gates * hidden]</param>
/// <param name="Candidate">[hidden, hidden]: of a GRU that multiplies it with the state after the reset gate; else null.</param>
/// <param name="Peepholes">[3 * hidden]: of the input, the forget and the output gate; null for none.</param>
internal sealed record ImportedDirection(
    float[] Input, float[] Recurrent, float[] InputBias, float[] RecurrentBias, float[]? Candidate = null, float[]? Peepholes = null);

/// <summary>A matrix, row-major.</summary>
internal sealed record ImportedTable(int Rows, int Columns, float[] Weights);

/// <summary>The linear layer at the end.</summary>
/// <param name="Weight">[classes, outputs of the last layer]</param>
/// <param name="PerStep">It reads every step, not only the states that are left at the end.</param>
/// <param name="Softmax">Its answers are probabilities.</param>
internal sealed record ImportedHead(ImportedTable Weight, float[] Bias, bool PerStep, bool Softmax = false);
