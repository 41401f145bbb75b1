using System.Globalization;
using Fleet.Campaigns;
using Fleet.Grains.Compression;
using Fleet.Grains.Devices;
using Fleet.Grains.Scheduling;
using Fleet.Protocol.Api;

namespace Fleet.Grains.Campaigns;

/// <summary>What a running campaign knows of the world, all of it found again after a restart, and how it tells people.</summary>
internal sealed class CampaignStanding
{
    private readonly Dictionary<string, (DateTimeOffset Since, string Reason)> waiting = [];
    private readonly Dictionary<string, WantedRun[]> wanted = [];
    private readonly HashSet<(string Variant, string Reason)> setbacks = [];
    private TimeSpan measuring;
    private int measured;

    /// <summary>By variant key.</summary>
    public Dictionary<string, JobStatus> Jobs { get; } = [];

    /// <summary>Validity by closed run.</summary>
    public Dictionary<string, string> Closed { get; set; } = [];

    /// <summary>What devices are at, by device.</summary>
    public Dictionary<string, SessionProgress> Activities { get; } = [];

    /// <summary>What a run took on average, sessions' overhead included; null until one session has ended.</summary>
    public double? SecondsPerRun => measured > 0 ? measuring.TotalSeconds / measured : null;

    private Dictionary<string, DateTimeOffset> AskedAt { get; } = [];

    /// <summary>Every run that the campaign wants. Their names are hashes, so each device's are worked out once.</summary>
    public IEnumerable<WantedRun> Wanted(string campaign, CampaignState state) => state.Devices.SelectMany(device => Wanted(campaign, state.Specification!, device));

    /// <summary>Whether all that the variant is made of is there.</summary>
    public bool CanBeTrained(VariantSpecification variant) => variant.Dense is null || Jobs.GetValueOrDefault(variant.Dense) is { Ready: true };

    /// <summary>Takes a job's status in; what is worth telling of the change, if anything is.</summary>
    public string? TakeIn(JobStatus job)
    {
        var now = job.Summary;
        var before = Jobs.GetValueOrDefault(now.Variant)?.Summary;
        Jobs[now.Variant] = job;
        return now.State switch
        {
            JobStates.Ready when before?.State != JobStates.Ready => string.Create(CultureInfo.InvariantCulture, $"{now.Name} is ready: validation {now.Validation:0.000}."),
            JobStates.Failed when before?.State != JobStates.Failed => $"{now.Name} could not be trained: {now.Reason}",
            JobStates.Training when now.Reason is { } setback && setbacks.Add((now.Variant, setback)) => $"{now.Name}: {setback}",
            JobStates.Training when now.Loss is null && before?.State != JobStates.Training => $"{now.Name}: training begins.",
            JobStates.Training when now.Loss is not null && before?.Epoch != now.Epoch => string.Create(CultureInfo.InvariantCulture, $"{now.Name}: epoch {now.Epoch} of {now.Epochs}, loss {now.Loss:0.000}."),
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

    public CampaignSummary Summary(string campaign, CampaignState state)
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
            RunsFailed = Closed.Values.Count(validity => validity == Validities.Failed),
            SecondsLeft = state.Running ? TimeLeft.Of(specification, Jobs, [.. state.Devices.Select(device => OpenRuns(campaign, specification, device))], SecondsPerRun) : null,
        };
    }

    public CampaignDetail Detail(string campaign, CampaignState state, DateTimeOffset now)
    {
        var specification = state.Specification!;
        return new CampaignDetail
        {
            Summary = Summary(campaign, state),
            Jobs = [.. specification.Variants.Select(variant => Jobs.GetValueOrDefault(variant.Key)?.Summary ?? NotYet(specification, variant))],
            Devices = [.. state.Devices.Select(device => StateOf(campaign, specification, device))],
            Notes = [.. Notes(state, now)],
        };
    }

    private JobSummary NotYet(CampaignSpecification specification, VariantSpecification variant)
    {
        var lost = Reconciliation.LostStart(variant, specification.Variants, Jobs);
        return new JobSummary
        {
            Variant = variant.Key,
            Name = variant.Name,
            Task = specification.Data.Task,
            Seed = variant.Seed,
            State = lost is null ? JobStates.Queued : JobStates.Failed,
            Reason = lost is not null ? $"Learns from {lost.Summary.Name}, which could not be trained: {lost.Summary.Reason}"
                : CanBeTrained(variant) ? null
                : $"Learns from {specification.Variants.First(other => other.Key == variant.Dense).Name}, which comes first.",
        };
    }

    private CampaignDeviceState StateOf(string campaign, CampaignSpecification specification, DeviceDescription device)
    {
        var activity = Activities.GetValueOrDefault(device.Device);
        return new CampaignDeviceState
        {
            Device = device.Device,
            Name = device.Name,
            State = activity?.State ?? DeviceStates.Idle,
            Activity = activity?.Activity ?? (waiting.TryGetValue(device.Device, out var wait) ? wait.Reason : ""),
            Progress = activity?.Progress ?? 0,
            RunsClosed = specification.RunsPerDevice - OpenRuns(campaign, specification, device),
            Runs = specification.RunsPerDevice,
        };
    }

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

    private IEnumerable<string> Notes(CampaignState state, DateTimeOffset now)
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

        foreach (var device in state.Running ? state.Devices : [])
        {
            if (waiting.TryGetValue(device.Device, out var wait) && now - wait.Since > TimeSpan.FromSeconds(5))
            {
                yield return $"{device.Name}: {wait.Reason}";
            }
        }
    }
}
