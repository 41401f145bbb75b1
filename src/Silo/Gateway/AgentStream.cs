using Fleet.Protocol.V1;

namespace Fleet.Silo.Gateway;

/// <summary>Why the silo ends a stream.</summary>
internal enum StreamEnd
{
    None,

    /// <summary>Another agent has the identity.</summary>
    Rival,

    /// <summary>The same agent has connected again.</summary>
    Replaced,

    /// <summary>The device was removed, and is to enrol anew.</summary>
    Cut,
}

/// <summary>One agent's stream, while it is open.</summary>
/// <param name="address">Where it comes from.</param>
/// <param name="over">Cancelled when the call is over or the silo stops.</param>
internal sealed class AgentStream(Hello hello, string address, TimeProvider time, CancellationToken over) : IDisposable
{
    private readonly CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(over);
    private long heardAt = time.GetTimestamp();

    public string Device => hello.Device;

    public string Name => hello.Name;

    public string Machine => hello.Board.Machine;

    /// <summary>Of the agent's process; empty of a version that did not say.</summary>
    public string Instance => hello.Instance;

    public string Address => address;

    /// <summary>As <see cref="TimeProvider.GetTimestamp"/> has it.</summary>
    public long HeardAt => Interlocked.Read(ref heardAt);

    public StreamEnd Ended { get; private set; }

    /// <summary>Cancelled when the stream is over, for whatever reason.</summary>
    public CancellationToken Token => ended.Token;

    public void Heard() => Interlocked.Exchange(ref heardAt, time.GetTimestamp());

    public void End(StreamEnd reason)
    {
        Ended = reason;
        try
        {
            ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It was just closing by itself.
        }
    }

    public void Dispose() => ended.Dispose();
}
