using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Fleet.Measurement.Boards.Collectors;

/// <summary>
/// The Raspberry Pi firmware's own view, by <c>vcgencmd</c>: throttle bits and the true ARM clock. Absent elsewhere.
/// A command that hangs is given up after a while and not asked again in this session.
/// </summary>
public sealed class VideoCore(TimeSpan limit) : IBoardCollector
{
    private bool looked;
    private string? command;

    public VideoCore()
        : this(TimeSpan.FromSeconds(2))
    {
    }

    public void Collect(BoardRoot root, BoardReading into)
    {
        if (!looked)
        {
            command = root.FindCommand("vcgencmd");
            looked = true;
        }

        if (Value(Ask("get_throttled")) is { } bits && TryParseHex(bits, out uint throttle))
        {
            into.Throttle = (ThrottleBits)throttle;
        }

        if (Value(Ask("measure_clock", "arm")) is { } clock
            && double.TryParse(clock, NumberStyles.None, CultureInfo.InvariantCulture, out double hertz) && hertz > 0)
        {
            into.ClockHertz = hertz;
            into.ClockIsMeasured = true;
        }
    }

    /// <summary>The part after the equals sign: <c>throttled=0x50000</c>, <c>frequency(48)=1500345728</c>.</summary>
    private static string? Value(string? answer)
    {
        int equals = answer?.IndexOf('=') ?? -1;
        return equals < 0 ? null : answer![(equals + 1)..].Trim();
    }

    private static bool TryParseHex(string text, out uint value) => uint.TryParse(
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out value);

    private string? Ask(params ReadOnlySpan<string> arguments)
    {
        if (command is null)
        {
            return null;
        }

        ProcessStartInfo start = new(command) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using Process process = Process.Start(start)!;
            if (!process.WaitForExit(limit))
            {
                process.Kill(entireProcessTree: true);
                command = null;
                return null;
            }

            return process.ExitCode == 0 ? process.StandardOutput.ReadToEnd() : null;
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException or IOException)
        {
            command = null;
            return null;
        }
    }
}
