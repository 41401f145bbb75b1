using Fleet.Protocol.V1;

namespace Fleet.DeviceAgent.Tests.Support;

internal static class Leases
{
    /// <summary>A lease on dense and, where there is one, hmd-4x, in window mode, with quick settings.</summary>
    public static SiloMessage Of(Artefact testSet, Artefact dense, Artefact? hmd = null, string session = "session-1", ulong epoch = 1, string[]? modes = null)
    {
        var lease = new Lease
        {
            Session = session,
            Epoch = epoch,
            Campaign = "campaign-1",
            Task = "synthetic-har",
            Seed = 7,
            TestSet = testSet,
            Reference = "key-dense",
            Engine = "fleet",
            Protocol = new MeasuringProtocol { RatioWidth = 0.5, MinRounds = 2, MaxRounds = 3, TimeLimitSeconds = 5, BlockSeconds = 0.005 },
            Variants = { Variant("dense", dense, session, modes ?? ["window"]) },
        };
        if (hmd is not null)
        {
            lease.Variants.Add(Variant("hmd-4x", hmd, session, modes ?? ["window"]));
        }

        return new SiloMessage { Lease = lease };
    }

    private static LeasedVariant Variant(string name, Artefact model, string session, string[] modes) => new()
    {
        Variant = "key-" + name,
        Name = name,
        Model = model,
        Runs = { modes.Select(mode => new LeasedRun { Run = $"{session}/{name}/{mode}", Mode = mode, Phase = "burst", Clock = "as-is" }) },
    };
}
