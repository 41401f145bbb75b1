using System.Collections.Immutable;
using Fleet.Campaigns.Jobs;
using Fleet.Campaigns.Ports;
using Fleet.Campaigns.Running;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Devices;
using Fleet.Domain.Jobs;
using Fleet.Domain.Recipes;
using Fleet.Domain.Tasks;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Campaigns.Tests;

/// <summary>Small, sound things to start from.</summary>
internal static class Sample
{
    public const string Campaign = "small-000000";

    public const string File = SampleCampaign.File;

    public static readonly DateTimeOffset Noon = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    public static TaskData Data => SampleCampaign.Data;

    public static CampaignSpecification Specification(string file = File) => SampleCampaign.Specification(file);

    public static DeviceDescription Device(string name = "pi", string arch = "arm64", string board = "Raspberry Pi 4") => new()
    {
        Device = "00000000-0000-0000-0000-" + name.PadLeft(12, '0'),
        Name = name,
        AgentVersion = "1",
        Board = board,
        Arch = arch,
        Isa = "neon",
        Cores = 4,
        MemoryBytes = 1 << 30,
        Os = "linux",
        Kernel = "6.1",
        Runtime = "aot",
        Emulated = false,
        Machine = name,
        GivenTags = ImmutableSortedDictionary<string, string>.Empty,
    };

    /// <summary>What the list of devices says of one that asked for work.</summary>
    public static DeviceEntry Entry(DeviceDescription device, DateTimeOffset lastSeen, DeviceStatus state = DeviceStatus.Idle, string? campaign = null) =>
        new(device, state, lastSeen, lastSeen, campaign);

    public static CampaignStanding Standing(TimeProvider? time = null) => new(new Attendance(time ?? new FakeTimeProvider(Noon)), TimeSpan.FromSeconds(15));

    public static CampaignState State(CampaignSpecification specification, params DeviceDescription[] devices) =>
        new() { Specification = specification, CreatedAt = Noon, Devices = [.. devices] };

    public static TrainedModel Model(VariantSpecification variant) => new()
    {
        Sha256 = Identity.Variant("model", variant.Key, variant.Recipe, variant.Seed),
        Bytes = 1000,
        Compression = variant.Recipe.Compression,
        CompressionModel = 1.5,
        Parameters = 500,
        MacsPerStep = 400,
        Validation = 0.9,
        MethodParameters = ImmutableSortedDictionary<string, string>.Empty.Add("r", "3"),
        TrainingSeconds = 10,
    };

    public static JobView Ready(VariantSpecification variant) => Job(variant, JobStatus.Ready, Model(variant));

    public static JobView Failed(VariantSpecification variant, string reason) => Job(variant, JobStatus.Failed, null, reason);

    public static JobView Training(VariantSpecification variant) => Job(variant, JobStatus.Training, null);

    public static Dictionary<string, JobView> Jobs(CampaignSpecification specification, Func<VariantSpecification, JobView> status) =>
        specification.Variants.ToDictionary(variant => variant.Key, status);

    private static JobView Job(VariantSpecification variant, JobStatus state, TrainedModel? model, string? reason = null) =>
        new(
            new JobSummary { Variant = variant.Key, Name = variant.Name, Task = "uci-har", State = state, Validation = model?.Validation, Reason = reason },
            model);
}
