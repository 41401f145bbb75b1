using Fleet.Domain.Recipes;
using Fleet.Domain.Results;
using Fleet.Protocol.Training;

namespace Fleet.Grains.Ports;

/// <summary>Trains variants, somewhere. The silo's runs the trainer program as a child process; tests give one that runs at once.</summary>
public interface ICompressor
{
    /// <summary>Trains to the end, reporting on the way. Blocks of work are bounded by the implementation's slots; waiting for one is reported.</summary>
    /// <param name="campaigns">Those that want it now: slots are shared out fairly between campaigns.</param>
    /// <exception cref="CompressionFailedException">The trainer ended without a model; the message says why.</exception>
    /// <exception cref="NoRoomException">A disk is full; another attempt goes on where this one was.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; checkpoints stay.</exception>
    Task<TrainedModel> CompressAsync(CompressionRequest request, Func<IReadOnlyList<string>> campaigns, IProgress<TrainingEvent> progress, CancellationToken cancel);

    /// <summary>The variant's model is recorded: what was kept to go on from may go. Nothing to forget is no error.</summary>
    void Forget(string variant);
}

[GenerateSerializer, Immutable, Alias("fleet.compression-request")]
public sealed record CompressionRequest
{
    [Id(0)] public required string Variant { get; init; }

    [Id(1)] public required string VariantName { get; init; }

    [Id(2)] public required string Task { get; init; }

    [Id(3)] public required Recipe Recipe { get; init; }

    [Id(4)] public required long Seed { get; init; }

    [Id(5)] public required string TrainingDataSha256 { get; init; }

    /// <summary>
    /// The trained model that the recipe refers to, the dense one or the one in fp32, or the one that it imports, in the store; null where
    /// there is none.
    /// </summary>
    [Id(6)] public string? DenseModelSha256 { get; init; }
}

/// <summary>A variant could not be trained; the message is for people.</summary>
public sealed class CompressionFailedException(string message) : Exception(message);

/// <summary>A disk is full, and nothing was stored. The message names the place; it works again when somebody has made room.</summary>
public sealed class NoRoomException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>Results and their blocks, each run once.</summary>
public interface IResultStore
{
    /// <summary>Closes the run with this result; false where another result closed it before. Durable when it returns.</summary>
    /// <exception cref="NoRoomException">The disk is full.</exception>
    Task<bool> TryStoreAsync(StoredResult result, CancellationToken cancel);

    Task<IReadOnlyList<ResultRow>> RowsAsync(string campaign, CancellationToken cancel);

    /// <summary>Runs of the campaign that are closed, whether measured or failed, each with its row's validity.</summary>
    Task<IReadOnlyDictionary<string, string>> ClosedRunsAsync(string campaign, CancellationToken cancel);

    /// <summary>Closed runs whose names begin so (hexadecimal digits in lower case), at most so many.</summary>
    Task<IReadOnlyList<string>> RunsAsync(string beginning, int most, CancellationToken cancel);

    /// <summary>The row that closed the run; null where it is open.</summary>
    Task<ResultRow?> FindAsync(string run, CancellationToken cancel);

    /// <summary>The campaign's measurements by run, as they were sent (JSON of <c>RunMeasurement</c>), with their blocks. Runs that failed have none.</summary>
    Task<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> MeasurementsAsync(string campaign, CancellationToken cancel);
}

public sealed record StoredResult(ResultRow Row, ReadOnlyMemory<byte> Measurement);

/// <summary>Files by their SHA-256.</summary>
public interface IArtefactStore
{
    /// <summary>Null where there is none, or none that hashes to its name.</summary>
    Task<ArtefactInfo?> FindAsync(string sha256, CancellationToken cancel);

    /// <summary>Stores what the stream holds if it hashes to <paramref name="sha256"/>.</summary>
    /// <exception cref="InvalidDataException">It hashes to something else; nothing was stored.</exception>
    /// <exception cref="NoRoomException">The disk is full.</exception>
    Task<ArtefactInfo> PutAsync(string sha256, Stream content, CancellationToken cancel);

    /// <summary>A seekable stream of the artefact, or null where there is none, or none that hashes to its name.</summary>
    Task<Stream?> OpenReadAsync(string sha256, CancellationToken cancel);
}

public sealed record ArtefactInfo(string Sha256, long Bytes);
