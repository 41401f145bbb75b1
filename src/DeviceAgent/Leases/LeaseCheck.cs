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
}
