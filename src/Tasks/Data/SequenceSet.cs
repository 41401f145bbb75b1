namespace Fleet.Tasks.Data;

/// <summary>Labelled sequences of one length.</summary>
/// <param name="Inputs">[samples, steps, features], row-major.</param>
/// <param name="Labels">[samples], from 0.</param>
public sealed record SequenceSet(int Steps, int Features, float[] Inputs, ushort[] Labels)
{
    public int Samples => Labels.Length;

    /// <summary>
    /// [samples]: the number of the person (subject, speaker) that each sequence is of; null where the data names none. Sequences
    /// of one person resemble each other more than those of others, so that validation holds back whole persons.
    /// </summary>
    public ushort[]? Groups { get; init; }

    /// <summary>One sequence, [steps, features].</summary>
    public ReadOnlySpan<float> Sequence(int sample) => Inputs.AsSpan(sample * Steps * Features, Steps * Features);
}

/// <summary>A task's data in its two parts. The test part is for measuring alone: no setting may be chosen by it.</summary>
/// <param name="Training">Training and validation, with <see cref="SequenceSet.Groups"/> where the data names them.</param>
/// <param name="Notes">How the data came to be, for the record: source, seed, counts.</param>
public sealed record TaskDataSet(SequenceSet Training, SequenceSet Test, IReadOnlyDictionary<string, string> Notes);
