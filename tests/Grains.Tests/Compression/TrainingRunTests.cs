using Fleet.Campaigns.Tests;
using System.Diagnostics.Metrics;
using Fleet.Campaigns.Jobs;
using Fleet.Campaigns.Leases;
using Fleet.Campaigns.Ports;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Jobs;
using Fleet.Domain.Recipes;
using Fleet.Grains.Compression;
using Fleet.Grains.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Grains.Tests.Compression;

public sealed class TrainingRunTests : ICompressor, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly FakeTimeProvider time = new();
    private readonly Meters meters = new();
    private readonly TaskCompletionSource<JobSettlement> settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim attempts = new(0);
    private readonly VariantSpecification variant = Sample.Specification().Variants[0];
    private Queue<Exception> troubles = [];

    public void Dispose()
    {
        attempts.Dispose();
        meters.Dispose();
    }

    [Fact]
    public async Task A_full_disk_is_waited_for_and_training_goes_on_when_there_is_room()
    {
        troubles = new([new OutOfSpaceException("The disk under /state is full."), new OutOfSpaceException("The disk under /state is full.")]);
        using var run = Begin();
        Assert.True(await attempts.WaitAsync(Patience));
        await UntilAsync(() => run.Obstacle is not null);
        Assert.Equal((TrainingEventKind.Waiting, "The disk under /state is full."), (run.Latest!.Event, run.Obstacle));

        time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(0, attempts.CurrentCount);
        await AdvanceUntilAsync(() => settled.Task.IsCompleted);

        Assert.NotNull((await settled.Task).Model);
        Assert.Null(run.Obstacle);
    }

    [Fact]
    public async Task A_training_that_waits_for_room_can_be_stopped()
    {
        troubles = new([new OutOfSpaceException("The disk is full.")]);
        using var run = Begin();
        await UntilAsync(() => run.Obstacle is not null);

        run.Stop();

        Assert.Equal(new JobSettlement(null, null), await settled.Task.WaitAsync(Patience));
    }

    Task<TrainedModel> ICompressor.CompressAsync(
        CompressionRequest request, Func<IReadOnlyList<string>> campaigns, IProgress<TrainingEvent> progress, CancellationToken cancel)
    {
        attempts.Release();
        if (troubles.TryDequeue(out var trouble))
        {
            throw trouble;
        }

        progress.Report(new TrainingEvent { Event = TrainingEventKind.Started });
        return Task.FromResult(Sample.Model(variant));
    }

    void ICompressor.Forget(string forgotten)
    {
    }

    private TrainingRun Begin() => new(
        new CompressionRequest
        {
            Variant = variant.Key,
            VariantName = variant.Name,
            Task = "uci-har",
            Recipe = variant.Recipe,
            Seed = 1,
            TrainingDataSha256 = new string('a', 64),
        },
        ["small-000000"],
        this,
        new FleetInstruments(meters, Options.Create(new LeaseOptions()), time),
        time,
        NullLogger.Instance,
        settlement =>
        {
            settled.SetResult(settlement);
            return Task.CompletedTask;
        });

    private Task AdvanceUntilAsync(Func<bool> condition) => UntilAsync(() =>
    {
        time.Advance(TimeSpan.FromSeconds(5));
        return condition();
    });

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await Task.Delay(5, limit.Token);
        }
    }

    private sealed class Meters : IMeterFactory
    {
        private readonly List<Meter> made = [];

        public Meter Create(MeterOptions options)
        {
            var meter = new Meter(options);
            made.Add(meter);
            return meter;
        }

        public void Dispose() => made.ForEach(meter => meter.Dispose());
    }
}
