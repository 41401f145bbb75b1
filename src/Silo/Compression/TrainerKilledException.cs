namespace Fleet.Silo.Compression;

/// <summary>A signal ended the trainer: somebody killed it, or it crashed. Another one goes on from its checkpoint.</summary>
/// <param name="epoch">How far it was.</param>
internal sealed class TrainerKilledException(string message, int epoch) : Exception(message)
{
    public int Epoch { get; } = epoch;
}
