using System.Collections.Immutable;
using Fleet.Campaigns.Leases;
using Fleet.Campaigns.Ports;
using Fleet.Campaigns.Results;
using Fleet.Campaigns.Running;
using Fleet.Campaigns.Sessions;
using Fleet.Domain.Devices;
using Fleet.Domain.Reasons;
using Fleet.Domain.Results;
using Fleet.Domain.Text;
using Fleet.Grains.Contracts;
using Fleet.Grains.Serialisation;
using Fleet.Grains.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Fleet.Grains.Devices;

/// <inheritdoc cref="IDeviceGrain"/>
internal sealed partial class DeviceGrain(
    [PersistentState("device", GrainStorage.Name)] IPersistentState<DeviceState> state,
    IResultStore results,
    IArtefactStore artefacts,
    IFleetIndex index,
    FleetInstruments instruments,
    IOptions<LeaseOptions> options,
    TimeProvider time,
    ILogger<DeviceGrain> logger) : Grain, IDeviceGrain
{
    // Often enough that a live device never looks silent to those who read the index.
    private static readonly TimeSpan EntryPeriod = TimeSpan.FromSeconds(5);
    // A refused agent that its service starts again comes back within seconds.
    private static readonly TimeSpan RivalMemory = TimeSpan.FromMinutes(15);
    private DeviceHeartbeat? latest;
    private DateTimeOffset lastSeen;
    private DateTimeOffset leaseUntil;
    private DateTimeOffset? askedAt;
    private DeviceEntry? published;
    private RivalAgent? latestRival;

    private DeviceState State => state.State;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // When the silo starts again, a device is as old as the last that was written of it.
        published = (await index.DevicesAsync(cancellationToken)).FirstOrDefault(entry => entry.Description.Device == this.GetPrimaryKeyString());
        lastSeen = published?.LastSeen ?? default;
        askedAt = published?.AskedAt;
        leaseUntil = lastSeen + options.Value.Lease;
    }

    public async Task<EnrolAnswer> EnrolAsync(DeviceDescription description, HeldLease? held)
    {
        if (description != State.Description)
        {
            await state.SaveAsync(State with { Description = description });
        }

        instruments.DeviceEnrolled(description);
        LogEnrolled(description.Name, description.Board, description.Arch);
        string? lost = null;
        if (held is not null && !LeaseRules.Holds(State, held.Session, held.Epoch))
        {
            lost = "The session is not this device's any longer.";
        }
        else if (held is not null)
        {
            // However late it is back: nobody else could have held the session meanwhile.
            leaseUntil = time.GetUtcNow() + options.Value.Lease;
        }

        await SeenAsync(DeviceStatus.Idle, asks: false);
        return new EnrolAnswer(lost);
    }

    public async Task<HeartbeatReply> HeartbeatAsync(DeviceHeartbeat heartbeat)
    {
        latest = heartbeat;
        instruments.DeviceTelemetry(Description(), heartbeat.Telemetry);
        await SeenAsync(heartbeat.State, asks: false);
        if (heartbeat.Held is not { } held)
        {
            return new HeartbeatReply(null, null);
        }

        if (!LeaseRules.Holds(State, held.Session, held.Epoch))
        {
            return new HeartbeatReply(null, "The session is not this device's any longer.");
        }

        var progress = new SessionProgress
        {
            Device = Description().Device,
            State = heartbeat.State,
            Activity = heartbeat.Activity,
            Progress = Math.Clamp(heartbeat.Progress, 0, 1),
        };
        if (await GrainFactory.GetGrain<ICampaignGrain>(State.Held!.Offer.Campaign).ProgressAsync(progress) is { } unwanted)
        {
            await EndAsync(held, SessionOutcome.Revoked, countsAsFailure: false, unwanted);
            return new HeartbeatReply(null, unwanted);
        }

        leaseUntil = time.GetUtcNow() + options.Value.Lease;
        return new HeartbeatReply(leaseUntil, null);
    }

    public async Task<WorkReply> RequestWorkAsync(ImmutableHashSet<string> undelivered)
    {
        var description = Description();
        await SeenAsync(DeviceStatus.Idle, asks: true);
        if (State.Held is { } held)
        {
            await EndAsync(new HeldLease(held.Session, held.Epoch), SessionOutcome.Lost, countsAsFailure: true, "the device asked for other work");
        }

        var offer = new DeviceOffer(description, description.Machine == options.Value.TrainingMachine) { Undelivered = undelivered };
        var proposal = await GrainFactory.GetGrain<ISchedulerGrain>(description.BoardClass).PickAsync(offer);
        if (proposal.Session is not { } session)
        {
            return new WorkReply { Reason = proposal.Reason ?? "", RetryAfter = options.Value.Retry };
        }

        if (await artefacts.FindAsync(session.TestSha256, CancellationToken.None) is not { } testSet)
        {
            return new WorkReply { Reason = $"The test set {session.TestSha256} is not in the store.", RetryAfter = options.Value.Retry };
        }

        var now = time.GetUtcNow();
        var (next, granted) = LeaseRules.Grant(State, session, now);
        await state.SaveAsync(next);
        leaseUntil = now + options.Value.Lease;
        LogGranted(granted.Session, description.Name, session.Campaign, session.Variants.Length);
        Notify(session.Campaign, new CampaignNotice
        {
            Session = new SessionChange(description.Device, $"{description.Name} measures {session.Variants.Length} variants.", null, 0),
        });
        return new WorkReply { Granted = granted, Until = leaseUntil, TestBytes = testSet.Bytes };
    }

    public async Task<ReportReply> ReportAsync(DeviceReport report)
    {
        var reply = await JudgeAsync(report);
        instruments.Reported(reply.Outcome);
        if (reply.Outcome is ReportDecision.Rejected)
        {
            LogRejected(report.Run, Description().Name, reply.Reason);
        }

        return reply;
    }

    public Task EndSessionAsync(SessionEnd end)
    {
        var outcome = end.Interrupted ? SessionOutcome.Interrupted : end.Failure.Length > 0 ? SessionOutcome.Failed : SessionOutcome.Done;
        return EndAsync(end.Held, outcome, countsAsFailure: !end.Interrupted, end.Failure);
    }

    public Task<DeviceSummary?> SummaryAsync() => Task.FromResult(
        State.Description is null
            ? null
            : DeviceSummaries.Of(State, published, latest, lastSeen, leaseUntil, time.GetUtcNow(), options.Value) with { Rival = RecentRival() });

    public Task RivalAsync(RivalAgent rival)
    {
        latestRival = rival;
        return Task.CompletedTask;
    }

    public async Task<bool> RemoveAsync()
    {
        var device = this.GetPrimaryKeyString();
        if (State.Held is { } held)
        {
            await EndAsync(new HeldLease(held.Session, held.Epoch), SessionOutcome.Revoked, countsAsFailure: false, "the device was removed");
        }

        // The list first: what it still names after a crash can be removed again.
        var known = published is not null || State.Description is not null;
        await index.RemoveDeviceAsync(device, CancellationToken.None);
        await state.SaveAsync(LeaseRules.Forget(State));
        instruments.DeviceRemoved(device);
        (published, latest, latestRival, lastSeen, askedAt) = (null, null, null, default, null);
        LogRemoved(device);
        return known;
    }

    private async Task<ReportReply> JudgeAsync(DeviceReport report)
    {
        if (await results.FindAsync(report.Run, CancellationToken.None) is { } closed)
        {
            return await FinishAsync(report, closed, stored: false);
        }

        if (LeaseRules.Refuse(State, report) is { } refusal)
        {
            return new ReportReply(ReportDecision.Rejected, refusal);
        }

        var result = Compose(report);
        var row = result.Row;
        var began = time.GetTimestamp();
        var stored = await results.TryStoreAsync(result, CancellationToken.None);
        instruments.ResultWritten(time.GetElapsedTime(began));
        if (stored)
        {
            instruments.RunClosed(row);
            return await FinishAsync(report, row, stored: true);
        }

        return await FinishAsync(report, await results.FindAsync(report.Run, CancellationToken.None) ?? row, stored: false);
    }

    private StoredResult Compose(DeviceReport report)
    {
        var granted = State.Sessions.First(session => session.Session == report.Session);
        var (variant, run) = granted.Find(report.Run)!.Value;
        var offer = granted.Offer;
        var origin = new RunOrigin(
            offer.Campaign, report.Run, report.Session, offer.Task, variant.Variant, run.Condition, offer.Replicate, granted.Device ?? Description());
        var startedAt = LeaseRules.StartedAt(granted, report.StartedAt, time.GetUtcNow());
        if (report.Failure is { } failure)
        {
            return Failed(failure);
        }

        try
        {
            var measurement = MeasurementReader.Read(report.Measurement.Span, offer.Task);
            return new StoredResult(ResultRows.Compose(origin, variant.Model, measurement, startedAt), MeasurementReader.Write(measurement));
        }
        catch (UnusableMeasurementException error)
        {
            // Measuring it again would bring the same: the run ends here, with its reason.
            LogUnreadable(report.Run, Description().Name, error.Message);
            return Failed(error.Reason);
        }

        StoredResult Failed(Reason reason) => new(ResultRows.Failed(origin, variant.Model, reason, startedAt), default);
    }

    // The row is durable by now; what follows may be lost and costs nothing then.
    private async Task<ReportReply> FinishAsync(DeviceReport report, ResultRow row, bool stored)
    {
        if (State.Sessions.Any(session => session.Session == report.Session && !session.Answered.Contains(report.Run)))
        {
            await state.SaveAsync(LeaseRules.Answer(State, report.Session, report.Run, stored));
        }

        if (stored)
        {
            Notify(row.Campaign, new CampaignNotice
            {
                Run = new RunClosed(row.Run, row.Validity, $"{row.VariantName}, {row.Mode} on {Description().Name}: {row.Validity.Word()}."),
            });
        }

        // The same report sent again, because its answer was lost, is the one that was stored.
        return stored || row.Session == report.Session
            ? new ReportReply(ReportDecision.Stored, "")
            : new ReportReply(ReportDecision.Superseded, $"Another result, of session {row.Session}, closed the run.");
    }

    private async Task EndAsync(HeldLease held, SessionOutcome outcome, bool countsAsFailure, string reason)
    {
        if (!LeaseRules.Holds(State, held.Session, held.Epoch))
        {
            return;
        }

        var (device, session) = (Description(), State.Held!);
        var (next, givenUp) = LeaseRules.End(State, held.Session, held.Epoch, countsAsFailure);
        if (givenUp is not null)
        {
            await GiveUpAsync(givenUp, reason);
        }

        await state.SaveAsync(next);
        instruments.SessionEnded(device, outcome);
        LogEnded(held.Session, device.Name, outcome.Word(), reason);
        var message = outcome == SessionOutcome.Done
            ? $"{device.Name} has finished its session."
            : $"{device.Name}'s session ended ({outcome.Word()}): {reason}";
        Notify(session.Offer.Campaign, new CampaignNotice
        {
            Session = new SessionChange(device.Device, message, time.GetUtcNow() - session.GrantedAt, session.Answered.Count),
        });
    }

    private async Task GiveUpAsync(GrantedSession session, string reason)
    {
        var now = time.GetUtcNow();
        var offer = session.Offer;
        var why = new Reason(
            ReasonCodes.NoResult, LeaseRules.MaxConsecutiveFailures, Detail: reason.Length > 0
                ? $"the last one: {reason}"
                : "the last one said that it was done");
        foreach (var (variant, run) in session.Unanswered())
        {
            var origin = new RunOrigin(
                offer.Campaign, run.Run, session.Session, offer.Task, variant.Variant, run.Condition, offer.Replicate, session.Device ?? Description());
            var row = ResultRows.Failed(origin, variant.Model, why, now);
            if (await results.TryStoreAsync(new StoredResult(row, default), CancellationToken.None))
            {
                instruments.RunClosed(row);
                Notify(offer.Campaign, new CampaignNotice { Run = new RunClosed(row.Run, row.Validity, ReasonText.Sentence(why)) });
            }
        }
    }

    private async Task SeenAsync(DeviceStatus doing, bool asks)
    {
        var now = time.GetUtcNow();
        lastSeen = now;
        if (asks)
        {
            askedAt = now;
        }

        // The clock may have been set back since.
        var next = new DeviceEntry(Description(), doing, now, askedAt, State.Held?.Offer.Campaign);
        if (published is null
            || (now - published.LastSeen).Duration() >= EntryPeriod
            || published with { LastSeen = now, AskedAt = askedAt } != next
            || (published.AskedAt is null && asks))
        {
            published = next;
            await index.SaveAsync(next, CancellationToken.None);
        }
    }

    private DeviceDescription Description() =>
        State.Description ?? throw new InvalidOperationException($"Device {this.GetPrimaryKeyString()} has not enrolled.");

    private RivalAgent? RecentRival() => latestRival is { } rival && time.GetUtcNow() - rival.At < RivalMemory ? rival : null;

    private void Notify(string campaign, CampaignNotice notice) => _ = GrainFactory.GetGrain<ICampaignGrain>(campaign).NoticeAsync(notice);
}
