using Fleet.Domain.Measuring;
using Fleet.Domain.Results;

namespace Fleet.Silo.Tests.Running;

/// <summary>Result rows for tests that care for a few of their values.</summary>
internal static class Rows
{
    public static ResultRow Row(string run, string session = "s") => new()
    {
        Campaign = "c",
        Run = run,
        Session = session,
        Variant = "v",
        VariantName = "dense",
        Task = "uci-har",
        Cell = "lstm",
        Method = "dense",
        MethodParameters = new Dictionary<string, string>(),
        Precision = "fp32",
        Seed = 1,
        Replicate = 1,
        Device = "d",
        Board = "b",
        Arch = "x64",
        Isa = "avx2",
        Emulated = false,
        Runtime = "jit",
        Engine = "fleet",
        Mode = "window",
        Phase = "burst",
        Clock = "as-is",
        Metric = "accuracy",
        Validity = Validity.Valid,
        Reasons = [],
        StartedAt = DateTimeOffset.UnixEpoch,
        AgentVersion = "1",
    };
}
