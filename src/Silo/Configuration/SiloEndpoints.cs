using SiloAddress = Fleet.Os.State.SiloAddress;

namespace Fleet.Silo.Configuration;

/// <summary>Where the silo really listens, once it does: the ports that it was given may have been 0.</summary>
internal sealed class SiloEndpoints
{
    private SiloAddress? address;

    /// <summary>Set when the silo is ready for callers.</summary>
    public SiloAddress? Address
    {
        get => Volatile.Read(ref address);
        set => Volatile.Write(ref address, value);
    }

    /// <summary>Base address of the HTTP API.</summary>
    public string Http => Address?.Http ?? throw new InvalidOperationException("The silo does not listen yet.");
}
