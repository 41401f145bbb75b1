using Fleet.Domain.Measuring;
using Fleet.Domain.Results;

namespace Fleet.Analysis.Tests;

/// <summary>Result rows with what a test is about, and the rest the same.</summary>
internal static class Rows
{
    public static ResultRow Row(
        string name, double accuracy, double microseconds, double? ratio = null, string device = "pi", string mode = "window", long seed = 1) => new()
    {
        Campaign = "c", Run = $"{name}-{device}-{mode}-{seed}", Session = $"s-{device}-{seed}", Variant = $"{name}-{seed}", VariantName = name,
        Task = "uci-har", Cell = "lstm",
        Method = name.Split('-')[0], MethodParameters = new Dictionary<string, string>(), Precision = "fp32", Seed = seed, Replicate = 0,
        Device = device, Board = "Raspberry Pi 4", Arch = "arm64", Isa = "neon", Emulated = false, Runtime = "aot", Engine = "fleet",
        Mode = mode, Phase = "burst", Clock = "as-is", Metric = "accuracy", MetricValue = accuracy, MetricLow = accuracy - 0.01, MetricHigh = accuracy + 0.01,
        LatencyUs = new() { Mean = microseconds * 1.1, P50 = microseconds, N = 1000, BatchSize = 1 },
        RatioToReference = ratio is { } value ? new() { Value = value, Low = value * 0.99, High = value * 1.01, Rounds = 12 } : null,
        Validity = Validity.Valid, Reasons = [], StartedAt = DateTimeOffset.UnixEpoch, AgentVersion = "0.1.0",
    };
}
