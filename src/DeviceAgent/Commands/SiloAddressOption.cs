using System.CommandLine.Parsing;

namespace Fleet.DeviceAgent.Commands;

internal static class SiloAddressOption
{
    public static Uri Default { get; } = new("http://127.0.0.1:5081");

    public static Uri Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.AbsolutePath == "/")
        {
            return address;
        }

        result.AddError($"--silo {text}: an address is http://HOST:PORT, as {Default.GetLeftPart(UriPartial.Authority)}.");
        return Default;
    }
}
