using System.Collections.Immutable;
using Fleet.Campaigns.Jobs;
using Fleet.Campaigns.Ports;
using Fleet.Campaigns.Running;
using Fleet.Domain.Jobs;
using Fleet.Grains.Contracts;
using Fleet.Grains.Serialisation;
using Fleet.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace Fleet.Grains.Compression;

/// <inheritdoc cref="ICompressionJobGrain"/>
internal sealed partial class CompressionJobGrain(
    [PersistentState("job", GrainStorage.Name)] IPersistentState<JobState> state,
    ICompressor compressor,
    IArtefactStore artefacts,
    IFleetIndex index,
    FleetInstruments instruments,
    TimeProvider time,
    ILogger<CompressionJobGrain> logger) : Grain, ICompressionJobGrain, IDisposable
{
    private static readonly TimeSpan ReportPeriod = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(1.5);
    private TrainingRun? run;
    private IGrainTimer? reporter;
    private JobSummary? reported;

    // Until its end has been taken in, or could not be: between the two, nothing may begin anew.
    private bool IsRunning => run is { Over.IsCompleted: false };

    public async Task<JobView> EnsureAsync(JobDemand demand)
    {
        var next = state.State.Demand(demand, time.GetUtcNow());
        if (next.Model is { } model && await artefacts.FindAsync(model.Sha256, CancellationToken.None) is null)
        {
            LogArtefactLost(model.Sha256, demand.Request.VariantName);
            next = next.Lose();
        }

        if (next != state.State)
        {
            await state.SaveAsync(next);
        }

        run?.WantedBy(next.Demands);
        ForgetTraining();
        if (next.Wanted && !IsRunning)
        {
            Begin();
            await SaveEntryAsync();
        }

        return Status();
    }

    public async Task<JobView?> ReleaseAsync(string campaign)
    {
        if (state.State.Demands.Contains(campaign))
        {
            await state.SaveAsync(state.State.Release(campaign));
            run?.WantedBy(state.State.Demands);
            if (IsRunning && !state.State.Wanted)
            {
                run!.Stop();
                await SaveEntryAsync();
            }
        }

        return await StatusAsync();
    }

    public async Task RevisitAsync(ImmutableArray<string> running)
    {
        if (state.State.Request is null)
        {
            return;
        }

        var next = state.State.Keep(running);
        if (next != state.State)
        {
            await state.SaveAsync(next);
        }

        run?.WantedBy(state.State.Demands);
        if (IsRunning && !state.State.Wanted)
        {
            run!.Stop();
        }

        await SaveEntryAsync();
    }

    public Task<JobView?> StatusAsync() => Task.FromResult(state.State.Request is null ? null : Status());

    public async Task SettleAsync(JobSettlement settlement)
    {
        var released = run is { Stopping: true };
        run?.Dispose();
        run = null;
        var next = state.State.Settle(settlement);
        if (next != state.State)
        {
            await state.SaveAsync(next);
        }

        ForgetTraining();
        if (state.State.Wanted && released)
        {
            // It was released, and somebody came to want it again before it had ended.
            Begin();
        }
        else
        {
            reporter?.Dispose();
            reporter = null;
        }

        await SaveEntryAsync();
        NotifyCampaigns();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (IsRunning)
        {
            run!.Stop();
            await Task.WhenAny(run.Trained, Task.Delay(StopGrace, cancellationToken));
        }
    }

    public void Dispose() => run?.Dispose();

    private void Begin()
    {
        run?.Dispose();
        // It comes back through the grain's front door, so that no two turns ever write at once.
        var self = this.AsReference<ICompressionJobGrain>();
        run = new TrainingRun(state.State.Request!, state.State.Demands, compressor, instruments, time, logger, self.SettleAsync);
        // The timer also keeps the grain in memory while its child trains.
        reporter ??= this.RegisterGrainTimer(_ => ReportAsync(), new GrainTimerCreationOptions(ReportPeriod, ReportPeriod) { KeepAlive = true });
    }

    // Only once the model is recorded: until then a silo that dies has the training to go on from, not to do again.
    private void ForgetTraining()
    {
        if (state.State is { Model: not null, Request: { } request })
        {
            compressor.Forget(request.Variant);
        }
    }

    private async Task ReportAsync()
    {
        var now = Status().Summary;
        if (now != reported)
        {
            // Campaigns first: that the disk is full is news that the disk does not take.
            NotifyCampaigns();
            await SaveEntryAsync();
            reported = now;
        }
    }

    private void NotifyCampaigns()
    {
        var notice = new CampaignNotice { Job = Status() };
        foreach (var campaign in state.State.Demands)
        {
            _ = GrainFactory.GetGrain<ICampaignGrain>(campaign).NoticeAsync(notice);
        }
    }

    private Task SaveEntryAsync() =>
        index.SaveAsync(new JobEntry(Status().Summary, state.State.Request!.Recipe, state.State.Model, state.State.DemandedAt), CancellationToken.None);

    private JobView Status()
    {
        var (request, model) = (state.State.Request!, state.State.Model);
        var latest = IsRunning ? run!.Latest : null;
        var summary = new JobSummary
        {
            Variant = request.Variant,
            Name = request.VariantName,
            Task = request.Task,
            Seed = request.Seed,
            State = model is not null ? JobStatus.Ready
                : state.State.Failure is not null ? JobStatus.Failed
                : !state.State.Wanted || run is { Stopping: true } ? JobStatus.Cancelled
                : latest is null ? JobStatus.Queued
                : latest.Event == TrainingEventKind.Waiting ? JobStatus.Waiting
                : JobStatus.Training,
            Epoch = latest?.Epoch,
            Epochs = latest?.Epochs ?? request.Recipe.Training.Epochs,
            Loss = latest?.Loss,
            Validation = model?.Validation ?? latest?.Validation,
            SecondsLeft = latest?.SecondsLeft,
            Parameters = model?.Parameters,
            Compression = model?.Compression,
            ModelSha256 = model?.Sha256,
            Reason = state.State.Failure ?? (IsRunning ? run!.Obstacle ?? (latest?.Event == TrainingEventKind.Waiting ? null : run.Setback) : null),
        };
        return new JobView(summary, model);
    }
}
