using Fleet.Campaigns.Sessions;
using Fleet.Campaigns.Specifications;

namespace Fleet.Campaigns.Leases;

/// <summary>
/// Leases of one device. The epoch fences control: only the session of the latest grant is held. It does not fence knowledge: a report
/// of any session that was really granted is judged by what that session was to measure.
/// </summary>
public static class LeaseRules
{
    /// <summary>After so many sessions in a row without one result, the runs are given up.</summary>
    public const int MaxConsecutiveFailures = 5;

    /// <summary>Sessions remembered for late reports; the oldest is forgotten first.</summary>
    public const int MaxRemembered = 128;

    private static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(10);

    /// <summary>Grants the offer under the next epoch. A session still held is given back first, as one without an end.</summary>
    public static (DeviceState State, GrantedSession Granted) Grant(DeviceState state, SessionOffer offer, DateTimeOffset now)
    {
        var epoch = state.Epoch + 1;
        var granted = new GrantedSession
        {
            Session = Identity.Session(state.Description!.Device, epoch),
            Epoch = epoch,
            GrantedAt = now,
            Offer = offer,
            Device = state.Description,
        };
        var kept = state.Sessions.Where(session => session.Unanswered().Any()).TakeLast(MaxRemembered - 1);
        return (state with { Epoch = epoch, Sessions = [.. kept, granted], Current = granted.Session }, granted);
    }

    /// <summary>What is kept of a device that was removed: the epoch, which only grows, and the sessions that late results may come of.</summary>
    public static DeviceState Forget(DeviceState state) => new() { Epoch = state.Epoch, Sessions = state.Sessions };

    public static bool Holds(DeviceState state, string session, ulong epoch) => state.Held is { } held && held.Session == session && held.Epoch == epoch;

    /// <summary>
    /// Ends the session if it is the one held. One that brought no result counts against its campaign on this device,
    /// unless it was interrupted from outside; the runs to give up, if it was one too many, come back with it.
    /// </summary>
    public static (DeviceState State, GrantedSession? GivenUp) End(DeviceState state, string session, ulong epoch, bool countsAsFailure)
    {
        if (!Holds(state, session, epoch))
        {
            return (state, null);
        }

        var held = state.Held!;
        var campaign = held.Offer.Campaign;
        var next = state with { Current = null };
        if (held.Fruitful || !held.Unanswered().Any())
        {
            return (next with { ConsecutiveFailures = state.ConsecutiveFailures.Remove(campaign) }, null);
        }

        if (!countsAsFailure)
        {
            return (next, null);
        }

        var count = state.ConsecutiveFailures.GetValueOrDefault(campaign) + 1;
        return count < MaxConsecutiveFailures
            ? (next with { ConsecutiveFailures = state.ConsecutiveFailures.SetItem(campaign, count) }, null)
            : (next with { ConsecutiveFailures = state.ConsecutiveFailures.Remove(campaign) }, held);
    }

    /// <summary>May the report be taken? Null if so, else the reason why it never can be.</summary>
    public static string? Refuse(DeviceState state, DeviceReport report)
    {
        var granted = state.Sessions.FirstOrDefault(session => session.Session == report.Session && session.Epoch == report.Epoch);
        if (granted is null)
        {
            return $"Session {report.Session} of epoch {report.Epoch} was not granted to this device.";
        }

        if (granted.Find(report.Run) is not var (variant, _))
        {
            return $"Run {report.Run} was not part of session {report.Session}.";
        }

        if (variant.Variant.Key != report.Variant)
        {
            return $"Run {report.Run} is of variant {variant.Variant.Key}, not {report.Variant}.";
        }

        // A run that failed before its model was there names none.
        return report.ModelSha256 == variant.Model.Sha256 || (report.Failure is not null && report.ModelSha256.Length == 0)
            ? null
            : $"Run {report.Run} was leased with model {variant.Model.Sha256}, but model {report.ModelSha256} was run.";
    }

    /// <summary>When a run began. A board whose clock is wrong (many have no battery) may say a time outside its lease: then it is the lease's.</summary>
    public static DateTimeOffset StartedAt(GrantedSession granted, DateTimeOffset told, DateTimeOffset now) =>
        told >= granted.GrantedAt - ClockSlack && told <= now + ClockSlack ? told : granted.GrantedAt;

    /// <summary>The run has its final answer.</summary>
    public static DeviceState Answer(DeviceState state, string session, string run, bool stored) => state with
    {
        RunsDone = state.RunsDone + (stored ? 1 : 0),
        Sessions = [.. state.Sessions.Select(granted => granted.Session == session ? granted with { Answered = granted.Answered.Add(run) } : granted)],
    };
}
