using System.Collections.Immutable;
using Fleet.Domain.Campaigns;

namespace Fleet.Campaigns.Running;

/// <summary>
/// The last events of a campaign. Numbers start from the clock, so that those given after a restart are higher than any given before,
/// and a reader who missed some simply goes on.
/// </summary>
public sealed class EventLog(TimeProvider time)
{
    public const int Most = 256;
    private readonly Queue<CampaignOccurrence> events = new();

    /// <summary>Number of the latest event; 0 where there is none.</summary>
    public long Last { get; private set; }

    public void Add(CampaignEventKind kind, string message)
    {
        var now = time.GetUtcNow();
        Last = Math.Max(Last + 1, now.ToUnixTimeMilliseconds());
        events.Enqueue(new CampaignOccurrence(Last, now, kind, message));
        if (events.Count > Most)
        {
            events.Dequeue();
        }
    }

    public ImmutableArray<CampaignOccurrence> After(long sequence) => [.. events.Where(occurrence => occurrence.Sequence > sequence)];
}
