using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>A line between two processes that can be cut: it listens on a port of its own and passes on what comes.</summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, byte> ends = new();
    private readonly int target;
    private readonly Task accepting;
    private volatile bool cut;

    public TcpRelay(int target)
    {
        this.target = target;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Resets every connection, and every new one until it is mended.</summary>
    public void Cut()
    {
        cut = true;
        CloseAll();
    }

    public void Mend() => cut = false;

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        CloseAll();
        await accepting;
    }

    private void CloseAll()
    {
        foreach (var end in ends.Keys)
        {
            Close(end);
        }
    }

    // Without lingering, the close is a reset: what was under way is lost.
    private void Close(TcpClient end)
    {
        if (ends.TryRemove(end, out _))
        {
            end.LingerState = new LingerOption(enable: true, seconds: 0);
            end.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The listener was stopped.
        }
    }

    private async Task ServeAsync(TcpClient near)
    {
        var far = new TcpClient();
        ends[near] = ends[far] = 0;
        try
        {
            if (!cut)
            {
                await far.ConnectAsync(IPAddress.Loopback, target);
                await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(near.GetStream()));
            }
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Either end is gone.
        }
        finally
        {
            Close(near);
            Close(far);
        }
    }
}
