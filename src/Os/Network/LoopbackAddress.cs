using System.Net;

namespace Fleet.Os.Network;

/// <summary>Reads <c>ADDRESS:PORT</c>, and takes no address that others than this machine could reach.</summary>
public static class LoopbackAddress
{
    /// <exception cref="FormatException">It is not an address with a port, or not a loopback one; the message says which.</exception>
    public static IPEndPoint Parse(string text, string option)
    {
        var known = text.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? "127.0.0.1" + text["localhost".Length..] : text;
        if (!known.Contains(':') || !IPEndPoint.TryParse(known, out var address))
        {
            throw new FormatException($"{option} is '{text}', but must be an address and a port, such as 127.0.0.1:5080 (port 0 takes a free one).");
        }

        return IPAddress.IsLoopback(address.Address)
            ? address
            : throw new FormatException(
                $"{option} is '{text}', but a silo listens on loopback only: it has no TLS yet, so its token could be read on the way. "
                + "Use 127.0.0.1, and reach it from boards through a tunnel (ssh -R).");
    }
}
