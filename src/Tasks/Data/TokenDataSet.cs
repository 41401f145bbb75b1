namespace Fleet.Tasks.Data;

/// <summary>
/// A text as three streams of tokens, each a number of the vocabulary. The validation stream chooses between epochs; the test stream
/// is for measuring alone.
/// </summary>
/// <param name="Vocabulary">What each token is called, made of the training stream alone.</param>
/// <param name="Notes">How the data came to be, for the record: source, counts, tokens that the training stream does not have.</param>
public sealed record TokenDataSet(
    IReadOnlyList<string> Vocabulary, ushort[] Training, ushort[] Validation, ushort[] Test, IReadOnlyDictionary<string, string> Notes);
