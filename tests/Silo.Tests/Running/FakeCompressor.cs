using System.Collections.Immutable;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Fleet.Campaigns.Jobs;
using Fleet.Campaigns.Ports;
using Fleet.Domain.Jobs;
using Fleet.Domain.Recipes;

namespace Fleet.Silo.Tests.Running;

/// <summary>
/// "Trains" at once: an artefact whose bytes are the variant's key. What is in <see cref="Failures"/> fails, what is in
/// <see cref="Held"/> waits.
/// </summary>
internal sealed class FakeCompressor(IArtefactStore artefacts) : ICompressor
{
    public static ConcurrentDictionary<string, string> Failures { get; } = new();

    public static ConcurrentDictionary<string, TaskCompletionSource> Held { get; } = new();

    public static ConcurrentBag<string> Trained { get; } = [];

    public static ConcurrentQueue<CompressionRequest> Requests { get; } = new();

    public static ConcurrentBag<string> Forgotten { get; } = [];

    public void Forget(string variant) => Forgotten.Add(variant);

    public async Task<TrainedModel> CompressAsync(
        CompressionRequest request, Func<IReadOnlyList<string>> campaigns, IProgress<TrainingEvent> progress, CancellationToken cancel)
    {
        Requests.Enqueue(request);
        progress.Report(
            new TrainingEvent { Event = TrainingEventKind.Epoch, Epoch = 1, Epochs = request.Recipe.Training.Epochs, Loss = 0.5, Validation = 0.8 });
        var key = $"{request.TrainingDataSha256}/{request.VariantName}";
        if (Held.TryGetValue(key, out var held))
        {
            await held.Task.WaitAsync(cancel);
        }

        if (Failures.TryGetValue(key, out var reason))
        {
            throw new CompressionFailedException(reason);
        }

        var bytes = Encoding.UTF8.GetBytes(request.Variant);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        await artefacts.PutAsync(sha256, new MemoryStream(bytes), cancel);
        Trained.Add(request.Variant);
        return new TrainedModel
        {
            Sha256 = sha256,
            Bytes = bytes.Length,
            Compression = request.Recipe.Compression,
            CompressionModel = request.Recipe.Compression,
            Parameters = 1000,
            MacsPerStep = 1000,
            Validation = 0.9,
            MethodParameters = ImmutableSortedDictionary<string, string>.Empty,
            TrainingSeconds = 2,
        };
    }
}
