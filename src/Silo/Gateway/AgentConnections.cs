using System.Collections.Concurrent;

namespace Fleet.Silo.Gateway;

/// <summary>The streams that are open, one a device: a later one ends the earlier, which is dead or about to be.</summary>
internal sealed class AgentConnections
{
    private readonly ConcurrentDictionary<string, CancellationTokenSource> open = new();

    public int Count => open.Count;

    /// <summary>Makes the stream the device's only one. Its token is cancelled when a later one comes.</summary>
    public void Open(string device, CancellationTokenSource stream)
    {
        CancellationTokenSource? before = null;
        open.AddOrUpdate(device, stream, (_, earlier) =>
        {
            before = earlier;
            return stream;
        });
        try
        {
            before?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It was just closing by itself.
        }
    }

    public void Close(string device, CancellationTokenSource stream) => open.TryRemove(KeyValuePair.Create(device, stream));
}
