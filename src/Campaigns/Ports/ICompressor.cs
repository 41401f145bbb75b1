using Fleet.Campaigns.Jobs;
using Fleet.Domain.Jobs;
using Fleet.Domain.Recipes;

namespace Fleet.Campaigns.Ports;

/// <summary>Trains variants, somewhere. The silo's runs the trainer program as a child process; tests give one that runs at once.</summary>
public interface ICompressor
{
    /// <summary>Trains to the end, reporting on the way. Blocks of work are bounded by the implementation's slots; waiting for one is reported.</summary>
    /// <param name="campaigns">Those that want it now: slots are shared out fairly between campaigns.</param>
    /// <exception cref="CompressionFailedException">The trainer ended without a model; the message says why.</exception>
    /// <exception cref="OutOfSpaceException">A disk is full; another attempt goes on where this one was.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; checkpoints stay.</exception>
    Task<TrainedModel> CompressAsync(
        CompressionRequest request, Func<IReadOnlyList<string>> campaigns, IProgress<TrainingEvent> progress, CancellationToken cancel);

    /// <summary>The variant's model is recorded: what was kept to go on from may go. Nothing to forget is no error.</summary>
    void Forget(string variant);
}

/// <summary>A variant could not be trained; the message is for people.</summary>
public sealed class CompressionFailedException(string message) : Exception(message);
