using Fleet.Protocol.V1;

namespace Fleet.DeviceAgent.Leases;

/// <summary>What of a lease this agent cannot do.</summary>
internal static class LeaseCheck
{
    public const string Engine = "fleet";

    /// <summary>Why nothing of it can be done, in plain words; null if it can.</summary>
    public static string? FindFault(Lease lease)
    {
        if (lease.Variants.Count == 0)
        {
            return "The lease holds no variants.";
        }

        if (lease.Variants.GroupBy(variant => variant.Variant).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            return $"The lease names variant {twice.Key} twice.";
        }

        if (lease.Variants.All(variant => variant.Variant != lease.Reference))
        {
            return $"The lease's reference '{lease.Reference}' is none of its variants.";
        }

        return lease.Engine is Engine or ""
            ? null
            : $"This agent has no engine '{lease.Engine}', only '{Engine}'. Upgrade the agent, or ask for engine {Engine}.";
    }

    /// <summary>Why this run cannot be measured here; null if it can.</summary>
    public static string? FindFault(LeasedRun run)
    {
        if (run.Mode is not ("window" or "streaming"))
        {
            return $"This agent knows no mode '{run.Mode}', only window and streaming. Upgrade the agent.";
        }

        if (run.Phase is not "burst")
        {
            return $"This agent does not measure the phase '{run.Phase}', only burst. Upgrade the agent, or ask for phase burst.";
        }

        return run.Clock is "as-is" or "performance"
            ? null
            : $"This agent knows no clock setting '{run.Clock}', only as-is and performance. Upgrade the agent.";
    }
}
