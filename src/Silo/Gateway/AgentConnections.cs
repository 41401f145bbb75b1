using Fleet.Campaigns.Leases;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Gateway;

/// <summary>
/// The streams that are open, one a device. An agent that connects again takes the place of its own earlier stream, which is dead or about
/// to be, and so does one that was started again on the same machine. An agent elsewhere that has the same identity, as that of a copied
/// SD card has, is kept out as long as the first is heard of: the two would evict each other for ever.
/// </summary>
internal sealed class AgentConnections(IOptions<LeaseOptions> leases, TimeProvider time)
{
    /// <summary>An agent that has missed so many heartbeats is not there any longer.</summary>
    private const int MissedHeartbeats = 5;

    private readonly Lock gate = new();
    private readonly Dictionary<string, AgentStream> open = [];

    public int Count
    {
        get
        {
            lock (gate)
            {
                return open.Count;
            }
        }
    }

    public bool Has(string device)
    {
        lock (gate)
        {
            return open.ContainsKey(device);
        }
    }

    /// <summary>Makes the stream the device's only one, unless another agent has the identity.</summary>
    /// <returns>
    /// The agent that has or had the same identity, and is not this one restarted: see <see cref="AgentStream.Ended"/> which of the two has to go. Null where
    /// there is none.
    /// </returns>
    public AgentStream? Open(AgentStream stream)
    {
        lock (gate)
        {
            var before = open.GetValueOrDefault(stream.Device);
            var rival = before is not null && IsAnother(before, stream) && time.GetElapsedTime(before.HeardAt) < leases.Value.Heartbeat * MissedHeartbeats
                ? before
                : null;
            if (rival is not null && rival.Machine != stream.Machine)
            {
                stream.End(StreamEnd.Rival);
                return rival;
            }

            open[stream.Device] = stream;
            before?.End(IsAnother(before, stream) ? StreamEnd.Rival : StreamEnd.Replaced);
            return rival;
        }
    }

    public void Close(AgentStream stream)
    {
        lock (gate)
        {
            if (open.GetValueOrDefault(stream.Device) == stream)
            {
                open.Remove(stream.Device);
            }
        }
    }

    /// <summary>Cuts the device's stream, if there is one; the agent connects again.</summary>
    public void End(string device)
    {
        lock (gate)
        {
            open.GetValueOrDefault(device)?.End(StreamEnd.Cut);
        }
    }

    // Agents of versions that did not name their process are told apart by their machine alone.
    private static bool IsAnother(AgentStream before, AgentStream stream) =>
        before.Instance.Length > 0 && stream.Instance.Length > 0 ? before.Instance != stream.Instance : before.Machine != stream.Machine;
}
