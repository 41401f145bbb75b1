using System.Globalization;
using Fleet.Campaigns.Jobs;
using Fleet.Campaigns.Ports;
using Fleet.Campaigns.Sessions;
using Fleet.Campaigns.Specifications;
using Fleet.Campaigns.Text;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Jobs;
using Fleet.Domain.Measuring;

namespace Fleet.Campaigns.Running;

/// <summary>What a running campaign knows of the world, all of it found again after a restart, and how it tells people.</summary>
/// <param name="attendance">How long each device has been silent.</param>
/// <param name="silence">A device not heard of for so long is called silent.</param>
public sealed class CampaignStanding(Attendance attendance, TimeSpan silence)
{
    private readonly Dictionary<string, (DateTimeOffset Since, string Reason)> waiting = [];
    private readonly Dictionary<string, WantedRun[]> wanted = [];
    private readonly HashSet<(string Variant, string Reason)> setbacks = [];
    private TimeSpan measuring;
    private int measured;

    /// <summary>By variant key.</summary>
    public Dictionary<string, JobView> Jobs { get; } = [];

    /// <summary>Validity by closed run.</summary>
    public Dictionary<string, Validity> Closed { get; set; } = [];

    /// <summary>What devices are at, by device.</summary>
    public Dictionary<string, SessionProgress> Activities { get; } = [];

    public Attendance Attendance => attendance;

    /// <summary>Every enrolled device as it was last seen, by its id.</summary>
    public IReadOnlyDictionary<string, DeviceEntry> Fleet { get; set; } = new Dictionary<string, DeviceEntry>();

    /// <summary>What a run took on average, sessions' overhead included; null until one session has ended.</summary>
    public double? SecondsPerRun => measured > 0 ? measuring.TotalSeconds / measured : null;

    private Dictionary<string, DateTimeOffset> AskedAt { get; } = [];

    /// <summary>Every run that the campaign wants. Their names are hashes, so each device's are worked out once.</summary>
    public IEnumerable<WantedRun> Wanted(string campaign, CampaignState state) =>
        state.Devices.SelectMany(device => Wanted(campaign, state.Specification!, device));

    /// <summary>Whether all that the variant is made of is there.</summary>
    public bool CanBeTrained(VariantSpecification variant) => variant.Dense is null || Jobs.GetValueOrDefault(variant.Dense) is { Ready: true };

    /// <summary>Takes a job's status in; what is worth telling of the change, if anything is.</summary>
    public string? TakeIn(JobView job)
    {
        var now = job.Summary;
        var before = Jobs.GetValueOrDefault(now.Variant)?.Summary;
        Jobs[now.Variant] = job;
        return now.State switch
        {
            JobStatus.Ready when before?.State != JobStatus.Ready =>
                string.Create(CultureInfo.InvariantCulture, $"{now.Name} is ready: validation {now.Validation:0.000}."),
            JobStatus.Failed when before?.State != JobStatus.Failed => $"{now.Name} could not be trained: {now.Reason}",
            JobStatus.Training when now.Reason is { } setback && setbacks.Add((now.Variant, setback)) => $"{now.Name}: {setback}",
            JobStatus.Training when now.Loss is null && before?.State != JobStatus.Training => $"{now.Name}: training begins.",
            JobStatus.Training when now.Loss is not null && before?.Epoch != now.Epoch =>
                string.Create(CultureInfo.InvariantCulture, $"{now.Name}: epoch {now.Epoch} of {now.Epochs}, loss {now.Loss:0.000}."),
            _ => null,
        };
    }

    /// <summary>Takes in that a session began or ended.</summary>
    public void TakeIn(SessionChange session)
    {
        if (session.Took is { } took)
        {
            Activities.Remove(session.Device);
            if (session.Answered > 0)
            {
                measuring += took;
                measured += session.Answered;
            }
        }
    }

    /// <summary>How long the device has asked in vain.</summary>
    public TimeSpan Waited(string device, DateTimeOffset now)
    {
        if (!AskedAt.TryGetValue(device, out var since))
        {
            AskedAt[device] = since = now;
        }

        return now - since;
    }

    /// <summary>Remembers what a device was told.</summary>
    public void Note(string device, SessionProposal proposal)
    {
        if (proposal.Session is null)
        {
            waiting[device] = (AskedAt[device], proposal.Reason!);
        }
        else
        {
            waiting.Remove(device);
            AskedAt.Remove(device);
        }
    }

    /// <summary>What is worth telling of those who left or are back.</summary>
    /// <param name="next">The departures as they are to be.</param>
    public IEnumerable<string> Changes(CampaignState state, IReadOnlyCollection<Departure> next) =>
    [
        .. from departure in next
           where state.Departed(departure.Device) != departure
           select $"{NameOf(state, departure.Device)} {departure.Describe(state.Specification!.Patience)}.",
        .. from departure in state.Departures
           where next.All(other => other.Device != departure.Device)
           select departure.Excluded
               ? $"{NameOf(state, departure.Device)} is excluded no longer."
               : $"{NameOf(state, departure.Device)} is back: its open runs are taken up again.",
    ];

    public CampaignSummary Summary(string campaign, CampaignState state, DateTimeOffset now)
    {
        var specification = state.Specification!;
        var jobs = specification.Variants.Select(variant => Jobs.GetValueOrDefault(variant.Key)).ToArray();
        return new CampaignSummary
        {
            Campaign = campaign,
            Name = specification.Name,
            Suite = specification.Suite,
            State = state.Status,
            CreatedAt = state.CreatedAt,
            EndedAt = state.EndedAt,
            Variants = specification.Variants.Length,
            VariantsReady = jobs.Count(job => job is { Ready: true }),
            VariantsFailed = jobs.Count(job => job is { Failed: true }),
            Runs = state.Devices.Length * specification.RunsPerDevice,
            RunsClosed = Closed.Count,
            RunsFailed = Closed.Values.Count(validity => validity == Validity.Failed),
            SecondsLeft = state.Running ? SecondsLeft(campaign, state, now) : null,
        };
    }

    public CampaignDetail Detail(string campaign, CampaignState state, DateTimeOffset now)
    {
        var specification = state.Specification!;
        return new CampaignDetail
        {
            Summary = Summary(campaign, state, now),
            Jobs = [.. specification.Variants.Select(variant => Jobs.GetValueOrDefault(variant.Key)?.Summary ?? NotYet(state, variant))],
            Devices = [.. state.Devices.Select(device => StateOf(campaign, state, device, now))],
            Notes = [.. Notes(campaign, state, now)],
        };
    }

    private JobSummary NotYet(CampaignState state, VariantSpecification variant)
    {
        var specification = state.Specification!;
        var lost = LostDependency.Of(variant, specification.Variants, Jobs);
        return new JobSummary
        {
            Variant = variant.Key,
            Name = variant.Name,
            Task = specification.Data.Task,
            Seed = variant.Seed,
            State = lost is not null ? JobStatus.Failed : state.Ended ? JobStatus.Cancelled : JobStatus.Queued,
            Reason = lost is not null ? $"Learns from {lost.Summary.Name}, which could not be trained: {lost.Summary.Reason}"
                : state.Ended || CanBeTrained(variant) ? null
                : $"Learns from {specification.Variants.First(other => other.Key == variant.Dense).Name}, which comes first.",
        };
    }

    private CampaignDeviceState StateOf(string campaign, CampaignState state, DeviceDescription device, DateTimeOffset now)
    {
        var runs = state.Specification!.RunsPerDevice;
        var open = OpenRuns(campaign, state.Specification!, device);
        var left = state.Departed(device.Device);
        var until = left is null && open > 0 && state.Running ? WaitedForUntil(state, device, now) : null;
        var measures = Fleet.GetValueOrDefault(device.Device)?.Campaign == campaign ? Activities.GetValueOrDefault(device.Device) : null;
        return new CampaignDeviceState
        {
            Device = device.Device,
            Name = device.Name,
            State = Fleet.GetValueOrDefault(device.Device)?.StateAt(now, silence) ?? (until is null ? DeviceStatus.Removed : DeviceStatus.Silent),
            Activity = left?.Describe(state.Specification!.Patience)
                ?? (until is { } limit ? WaitedFor(device, limit) : measures?.Activity ?? (state.Running ? Waits(campaign, device) : "")),
            Progress = measures?.Progress ?? 0,
            RunsClosed = runs - open,
            Runs = runs,
            Left = left?.Code,
            LeftSince = left?.Since,
            WaitedForUntil = until,
        };
    }

    private string Waits(string campaign, DeviceDescription device) =>
        Fleet.GetValueOrDefault(device.Device)?.Campaign is { } other && other != campaign ? $"at work for campaign {other}"
        : waiting.TryGetValue(device.Device, out var wait) ? wait.Reason
        : "";

    private string WaitedFor(DeviceDescription device, DateTimeOffset until)
    {
        var since = Fleet.GetValueOrDefault(device.Device) is { } entry ? Wording.Date(entry.LastSeen) : "before the silo started";
        return $"silent since {since}; the campaign waits for it until {Wording.Date(until)}";
    }

    /// <summary>Until when a silent device is waited for; null where it is not silent.</summary>
    private DateTimeOffset? WaitedForUntil(CampaignState state, DeviceDescription device, DateTimeOffset now)
    {
        if (Fleet.GetValueOrDefault(device.Device) is not { } entry)
        {
            return Attendance.GraceOf(device.Device) is var grace && grace > TimeSpan.Zero ? now + grace : null;
        }

        return entry.StateAt(now, silence) != DeviceStatus.Silent ? null
            : state.Specification!.Patience - Attendance.Silent(device.Device) is var left && left > TimeSpan.Zero ? now + left
            : now;
    }

    /// <summary>Null where nobody can know: of a device that is silent or at work for another campaign, or as long as none takes part.</summary>
    private double? SecondsLeft(string campaign, CampaignState state, DateTimeOffset now)
    {
        var waitedFor = state.Devices
            .Where(device => state.Departed(device.Device) is null)
            .Select(device => (Open: OpenRuns(campaign, state.Specification!, device), Entry: Fleet.GetValueOrDefault(device.Device)))
            .Where(device => device.Open > 0)
            .ToArray();
        return state.Devices.IsEmpty || waitedFor.Any(device => device.Entry is null
            || device.Entry.StateAt(now, silence) == DeviceStatus.Silent || (device.Entry.Campaign is { } other && other != campaign))
            ? null
            : TimeLeft.Of(state.Specification!, Jobs, [.. waitedFor.Select(device => device.Open)], SecondsPerRun);
    }

    private string NameOf(CampaignState state, string device) =>
        (Fleet.GetValueOrDefault(device)?.Description ?? state.Devices.FirstOrDefault(known => known.Device == device))?.Name ?? device;

    private int OpenRuns(string campaign, CampaignSpecification specification, DeviceDescription device) =>
        Wanted(campaign, specification, device).Count(run => !Closed.ContainsKey(run.Run));

    private WantedRun[] Wanted(string campaign, CampaignSpecification specification, DeviceDescription device)
    {
        if (!wanted.TryGetValue(device.Device, out var runs))
        {
            wanted[device.Device] = runs = [.. Reconciliation.Wanted(campaign, specification, device)];
        }

        return runs;
    }

    private IEnumerable<string> Notes(string campaign, CampaignState state, DateTimeOffset now)
    {
        var specification = state.Specification!;
        if (state.Reason is { } reason)
        {
            yield return reason;
        }

        if (state.Running && state.Devices.IsEmpty)
        {
            yield return specification.Devices.IsEmpty
                ? "No device is there yet: start an agent with 'fleet-agent run'."
                : $"No device with {string.Join(" and ", specification.Devices)} is there yet.";
        }

        foreach (var job in specification.Variants.Select(variant => Jobs.GetValueOrDefault(variant.Key)))
        {
            if (job is { Failed: true })
            {
                yield return $"{job.Summary.Name} could not be trained: {job.Summary.Reason}";
            }
        }

        foreach (var departure in state.Departures)
        {
            var open = state.Devices.FirstOrDefault(known => known.Device == departure.Device) is { } device ? OpenRuns(campaign, specification, device) : 0;
            yield return $"{NameOf(state, departure.Device)} {departure.Describe(specification.Patience)}{Ended(departure, open)}.";
        }

        foreach (var device in state.Running ? state.Devices.Where(device => state.Departed(device.Device) is null) : [])
        {
            if (OpenRuns(campaign, specification, device) > 0 && WaitedForUntil(state, device, now) is { } until)
            {
                yield return $"{device.Name} is {WaitedFor(device, until)}.";
            }
            else if (waiting.TryGetValue(device.Device, out var wait) && now - wait.Since > TimeSpan.FromSeconds(5))
            {
                yield return $"{device.Name}: {wait.Reason}";
            }
        }
    }

    private static string Ended(Departure departure, int open) =>
        open == 0 ? ""
        : $": {Wording.Runs(open)} of it ended with that{(departure.Excluded ? "" : ", unless it comes back while the campaign runs")}";
}
