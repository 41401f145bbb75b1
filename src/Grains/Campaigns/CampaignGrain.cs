using System.Collections.Immutable;
using Fleet.Campaigns.Jobs;
using Fleet.Campaigns.Leases;
using Fleet.Campaigns.Ports;
using Fleet.Campaigns.Results;
using Fleet.Campaigns.Running;
using Fleet.Campaigns.Sessions;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Domain.Text;
using Fleet.Grains.Contracts;
using Fleet.Grains.Serialisation;
using Fleet.Grains.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Fleet.Grains.Campaigns;

/// <inheritdoc cref="ICampaignGrain"/>
internal sealed partial class CampaignGrain(
    [PersistentState("campaign", GrainStorage.Name)] IPersistentState<CampaignState> state,
    IResultStore results,
    IFleetIndex index,
    FleetInstruments instruments,
    IOptions<LeaseOptions> leases,
    TimeProvider time,
    ILogger<CampaignGrain> logger) : Grain, ICampaignGrain
{
    private static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DemandPeriod = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CountPeriod = TimeSpan.FromSeconds(15);
    private readonly EventLog events = new(time);
    private readonly CampaignStanding standing = new(new Attendance(time), leases.Value.Silence);
    private readonly HashSet<string> told = [];
    private DateTimeOffset demandedAt;
    private DateTimeOffset countedAt;
    private CampaignEntry? published;
    private IGrainTimer? timer;

    // What watchers see while a new state is being written, for it may not come to be: they interleave.
    private CampaignState? before;

    private string Id => this.GetPrimaryKeyString();

    private CampaignState State => state.State;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (State.Specification is not { } specification)
        {
            return;
        }

        published = (await index.CampaignsAsync(cancellationToken)).FirstOrDefault(entry => entry.Summary.Campaign == Id);
        await CountAsync(cancellationToken);
        foreach (var variant in specification.Variants)
        {
            if (await GrainFactory.GetGrain<ICompressionJobGrain>(variant.Key).StatusAsync() is { } status)
            {
                standing.Jobs[variant.Key] = status;
            }
        }

        KeepLooking();
    }

    public async Task StartAsync(CampaignSpecification specification)
    {
        if (State.Specification is not null)
        {
            return;
        }

        await SaveAsync(new CampaignState { Specification = specification, CreatedAt = time.GetUtcNow() });
        LogStarted(Id, specification.Variants.Length);
        events.Add(CampaignEventKind.State, $"The campaign has started: {specification.Variants.Length} variants.");
        await PublishEntryAsync();
        KeepLooking();
    }

    public async Task<bool> CommandAsync(CampaignCommand command)
    {
        if (State.Specification is null || State.Ended)
        {
            return false;
        }

        switch (command)
        {
            case CampaignCommand.Pause when State.Running:
                await BecomeAsync(State with { Status = CampaignStatus.Paused }, "The campaign was paused.");
                break;
            case CampaignCommand.Cancel:
                await BecomeAsync(State with { Status = CampaignStatus.Cancelled, EndedAt = time.GetUtcNow() }, "The campaign was cancelled.");
                break;
            case CampaignCommand.Resume:
                if (!State.Running)
                {
                    await BecomeAsync(State with { Status = CampaignStatus.Running }, "The campaign resumes.");
                }

                await DemandAsync(State.Specification.Variants, retry: true);
                break;
        }

        return true;
    }

    public async Task<CampaignView?> WatchAsync(long after)
    {
        standing.Fleet = await FleetAsync();
        return (before ?? State) is not { Specification: { } specification } seen
            ? null
            : new CampaignView(specification, standing.Detail(Id, seen, time.GetUtcNow()), events.Last, events.After(after));
    }

    public Task<ImmutableArray<RunPlace>> FindRunsAsync(string beginning) => Task.FromResult<ImmutableArray<RunPlace>>(
        State.Specification is null
            ? []
            : [.. standing.Wanted(Id, State)
                .Where(run => run.Run.StartsWith(beginning, StringComparison.Ordinal))
                .Select(run => new RunPlace(run.Run, Id, run.Variant.Key, run.Device.Device, run.Condition))
                .Take(2)]);

    public async Task<SessionProposal> ProposeAsync(DeviceOffer offer)
    {
        var device = offer.Description;
        if (!State.Running || State.Specification is not { } specification || !device.Matches(specification.Devices))
        {
            return SessionProposal.None("No campaign is running.");
        }

        if (State.Departed(device.Device) is { Excluded: true })
        {
            return SessionProposal.None($"The device is excluded from campaign {Id}.");
        }

        standing.Attendance.Hear(device.Device);
        await AdmitAsync([device]);
        await DepartAsync([.. State.Departures.Where(departure => departure.Device != device.Device)]);
        var waited = standing.Waited(device.Device, time.GetUtcNow());
        var proposal = Compose();
        if (proposal.Session is not null)
        {
            // A session is dear. What was closed just now, and may not have been told of yet, is not measured again.
            await CountAsync(CancellationToken.None);
            proposal = Compose();
        }

        standing.Note(device.Device, proposal);
        return proposal;

        SessionProposal Compose() => SessionComposer.Compose(
            Id, specification, standing.Jobs, run => standing.Closed.ContainsKey(run) || offer.Undelivered.Contains(run), offer, waited);
    }

    public async Task NoticeAsync(CampaignNotice notice)
    {
        if (State.Specification is not { } specification)
        {
            return;
        }

        if (notice.Job is { } job)
        {
            TakeIn(job);
        }

        if (notice.Run is { } run)
        {
            standing.Closed.TryAdd(run.Run, run.Validity);
            // Counting the store may have found it before it was told of.
            if (told.Add(run.Run))
            {
                events.Add(CampaignEventKind.Run, run.Message);
            }
        }

        if (notice.Session is { } session)
        {
            events.Add(CampaignEventKind.Session, session.Message);
            standing.TakeIn(session);
        }

        // One run more or less is no reason to look at all of them, unless it was the last.
        if (notice.Run is null || standing.Closed.Count >= State.Devices.Length * specification.RunsPerDevice)
        {
            await LookAsync();
        }

        await PublishEntryAsync();
    }

    /// <summary>Compares what is wanted with what there is, and asks for what is missing.</summary>
    private async Task LookAsync()
    {
        if (!State.Running || State.Specification is not { } specification)
        {
            return;
        }

        var now = time.GetUtcNow();
        var fleet = standing.Fleet = await FleetAsync();
        standing.Attendance.Look(fleet.Values, specification.Patience);
        await AdmitAsync([.. Departures.Joining(State, fleet.Values, now, leases.Value.Silence)]);
        await DepartAsync(Departures.Of(State, fleet, standing.Attendance, now));
        if (now - countedAt >= CountPeriod)
        {
            await CountAsync(CancellationToken.None);
        }

        var plan = Decide();
        if (plan.Train.Count > 0 && now - demandedAt >= DemandPeriod)
        {
            await DemandAsync(plan.Train, retry: false);
            plan = Decide();
        }

        if (plan.Status is not null)
        {
            // The end is final, and a result that was stored just now may not have been told of yet.
            await CountAsync(CancellationToken.None);
            plan = Decide();
        }

        await CloseAsync(plan.Close);
        if (plan.Status is { } status)
        {
            await BecomeAsync(State with { Status = status, EndedAt = now, Reason = plan.Reason }, plan.Reason ?? "The campaign is complete.");
        }

        await PublishEntryAsync();
    }

    private Reconciliation Decide() => Reconciliation.Of(State, standing.Wanted(Id, State), standing.Jobs, standing.Closed);

    private async Task CountAsync(CancellationToken cancel)
    {
        standing.Closed = new Dictionary<string, Validity>(await results.ClosedRunsAsync(Id, cancel));
        countedAt = time.GetUtcNow();
    }

    private async Task DemandAsync(IEnumerable<VariantSpecification> variants, bool retry)
    {
        demandedAt = time.GetUtcNow();
        var data = State.Specification!.Data;
        // In order and one by one: the first to ask is the first to be trained. What needs another variant comes after all of those:
        // by then it is known of them whether they are ready.
        var learnersLast = variants.OrderBy(variant => variant.Recipe.NeedsFp32 ? 2 : variant.Recipe.NeedsDense ? 1 : 0);
        foreach (var variant in learnersLast.Where(variant => standing.CanBeTrained(variant)))
        {
            var request = new CompressionRequest
            {
                Variant = variant.Key,
                VariantName = variant.Name,
                Task = data.Task,
                Recipe = variant.Recipe,
                Seed = variant.Seed,
                TrainingDataSha256 = data.TrainingSha256,
                DenseModelSha256 = variant.Dense is { } dense ? standing.Jobs[dense].Model!.Sha256 : variant.Recipe.Import?.Sha256,
            };
            TakeIn(await GrainFactory.GetGrain<ICompressionJobGrain>(variant.Key).EnsureAsync(new JobDemand(Id, request, retry)));
        }
    }

    private void TakeIn(JobView job)
    {
        if (standing.TakeIn(job) is { } message)
        {
            events.Add(CampaignEventKind.Variant, message);
        }
    }

    private async Task CloseAsync(IReadOnlyList<HopelessRun> hopeless)
    {
        if (hopeless.Count == 0)
        {
            return;
        }

        var now = time.GetUtcNow();
        await Task.WhenAll(hopeless.Select(async run =>
        {
            var wanted = run.Wanted;
            var origin = new RunOrigin(Id, wanted.Run, "", State.Specification!.Data.Task, wanted.Variant, wanted.Condition, wanted.Replicate, wanted.Device);
            var row = ResultRows.Failed(origin, standing.Jobs.GetValueOrDefault(wanted.Variant.Key)?.Model, run.Reason, now);
            if (await results.TryStoreAsync(new StoredResult(row, default), CancellationToken.None))
            {
                instruments.RunClosed(row);
                standing.Closed[wanted.Run] = row.Validity;
            }
        }));
        await CountAsync(CancellationToken.None);
        foreach (var same in hopeless.GroupBy(run => run.Reason))
        {
            events.Add(CampaignEventKind.Note, $"{string.Join(", ", same.Select(run => run.Wanted.Variant.Name).Distinct())}: {ReasonText.Of(same.Key)}");
        }
    }

    // Whoever calls this adds the event in the same turn, so that nobody sees the state without it.
    private async Task SaveAsync(CampaignState next)
    {
        before = State;
        try
        {
            await state.SaveAsync(next);
        }
        finally
        {
            before = null;
        }
    }

    private async Task BecomeAsync(CampaignState next, string message)
    {
        await SaveAsync(next);
        LogBecame(Id, next.Status.Word(), message);
        events.Add(CampaignEventKind.State, message);
        await PublishEntryAsync();
        if (State.Running)
        {
            KeepLooking();
        }
        else
        {
            timer?.Dispose();
            timer = null;
            standing.Activities.Clear();
            foreach (var variant in State.Specification!.Variants)
            {
                if (await GrainFactory.GetGrain<ICompressionJobGrain>(variant.Key).ReleaseAsync(Id) is { } job)
                {
                    TakeIn(job);
                }
            }
        }

        await PublishEntryAsync();
    }

    private void KeepLooking()
    {
        if (State.Running)
        {
            timer ??= this.RegisterGrainTimer(_ => LookAsync(), new GrainTimerCreationOptions(TimeSpan.Zero, LookPeriod) { KeepAlive = true });
        }
    }

    /// <summary>Writes the campaign's line in the index where it has changed.</summary>
    private async Task PublishEntryAsync()
    {
        var specification = State.Specification!;
        var entry = new CampaignEntry(
            standing.Summary(Id, State, time.GetUtcNow()),
            specification.Digest,
            specification.Priority,
            specification.Devices,
            specification.Data.Task,
            standing.SecondsPerRun ?? published?.SecondsPerRun);
        if (entry != published)
        {
            await index.SaveAsync(entry, CancellationToken.None);
            published = entry;
        }
    }
}
