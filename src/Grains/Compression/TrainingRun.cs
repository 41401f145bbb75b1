using Fleet.Campaigns.Jobs;
using Fleet.Campaigns.Ports;
using Fleet.Domain.Jobs;
using Fleet.Domain.Recipes;
using Fleet.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace Fleet.Grains.Compression;

/// <summary>One attempt at a variant, off the grain's turns: it may take hours.</summary>
internal sealed partial class TrainingRun : IProgress<TrainingEvent>, IDisposable
{
    private readonly CompressionRequest request;
    private readonly FleetInstruments instruments;
    private readonly ILogger logger;
    /// <summary>Between two attempts while a disk is full.</summary>
    private static readonly TimeSpan RoomPause = TimeSpan.FromSeconds(30);

    private readonly TimeProvider time;
    private readonly CancellationTokenSource stop = new();
    private volatile string[] campaigns;
    private volatile TrainingEvent? latest;
    private volatile string? obstacle;
    private volatile string? setback;

    /// <summary>Begins at once.</summary>
    /// <param name="campaigns">Those that want it: see <see cref="WantedBy"/>.</param>
    /// <param name="settle">Told how it ended.</param>
    public TrainingRun(
        CompressionRequest request,
        IEnumerable<string> campaigns,
        ICompressor compressor,
        FleetInstruments instruments,
        TimeProvider time,
        ILogger logger,
        Func<JobSettlement, Task> settle)
    {
        this.time = time;
        this.campaigns = [.. campaigns];
        this.request = request;
        this.instruments = instruments;
        this.logger = logger;
        instruments.TrainingBegun(request);
        var training = Task.Run(() => TrainAsync(compressor), CancellationToken.None);
        Trained = training;
        Over = Task.Run(() => SettleAsync(training, settle), CancellationToken.None);
    }

    /// <summary>Completes when nothing trains any more, however it ended.</summary>
    public Task Trained { get; }

    /// <summary>Completes when its end was told as well, or could not be.</summary>
    public Task Over { get; }

    public bool Stopping => stop.IsCancellationRequested;

    /// <summary>The latest that the trainer said; null until it has a slot.</summary>
    public TrainingEvent? Latest => latest;

    /// <summary>What it waits for, where that is not the machine; null while nothing is in its way.</summary>
    public string? Obstacle => obstacle;

    /// <summary>Why it had to begin anew, the last time that it had to; null where it never had.</summary>
    public string? Setback => setback;

    public void Stop() => stop.Cancel();

    /// <summary>Other campaigns than before want it: the turn that it takes is one of theirs.</summary>
    public void WantedBy(IEnumerable<string> others) => campaigns = [.. others];

    public void Report(TrainingEvent value)
    {
        // TrainingEventKind.Waiting after an epoch tells only that the machine is lent to a measurement: what was reached stands.
        latest = value.Event == TrainingEventKind.Waiting && latest is { } before ? before with { Event = TrainingEventKind.Waiting } : value;
        obstacle = null;
        setback = value.Event == TrainingEventKind.Diverged ? value.Reason : setback;
        if (value.Event == TrainingEventKind.Epoch)
        {
            instruments.TrainingEpoch(request, value);
        }
    }

    public void Dispose() => stop.Dispose();

    private async Task SettleAsync(Task<JobSettlement> training, Func<JobSettlement, Task> settle)
    {
        var settlement = await training;
        try
        {
            await settle(settlement);
        }
        catch (Exception error)
        {
            // The next demand finds the job open and nothing running, and begins again. Of a training that was stopped nothing is lost.
            if (settlement is not { Model: null, Failure: null })
            {
                LogSettleFailed(error, request.VariantName);
            }
        }
    }

    private async Task<TrainedModel> CompressAsync(ICompressor compressor)
    {
        while (true)
        {
            try
            {
                return await compressor.CompressAsync(request, () => campaigns, this, stop.Token);
            }
            catch (OutOfSpaceException error)
            {
                LogOutOfSpace(request.VariantName, error.Message);
                Report(new TrainingEvent { Event = TrainingEventKind.Waiting });
                obstacle = error.Message;
                await Task.Delay(RoomPause, time, stop.Token);
            }
        }
    }

    private async Task<JobSettlement> TrainAsync(ICompressor compressor)
    {
        try
        {
            var model = await CompressAsync(compressor);
            instruments.TrainingEnded(request, JobStatus.Ready, model.TrainingSeconds);
            LogReady(request.VariantName, model.Validation, model.TrainingSeconds);
            return new JobSettlement(model, null);
        }
        catch (OperationCanceledException)
        {
            instruments.TrainingEnded(request, JobStatus.Cancelled, null);
            return new JobSettlement(null, null);
        }
        catch (CompressionFailedException error)
        {
            instruments.TrainingEnded(request, JobStatus.Failed, null);
            LogFailed(request.VariantName, error.Message);
            return new JobSettlement(null, error.Message);
        }
        catch (Exception error)
        {
            instruments.TrainingEnded(request, JobStatus.Failed, null);
            LogBroken(error, request.VariantName);
            return new JobSettlement(null, $"The training could not be run: {error.Message}");
        }
    }
}
