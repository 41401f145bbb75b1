using Fleet.DeviceAgent.Introduction;
using Fleet.Measurement.Boards;
using Fleet.Measurement.Boards.Collectors;
using Fleet.Measurement.Clocks;
using Fleet.Measurement.Stages;

namespace Fleet.DeviceAgent.Doctor;

/// <summary>What the board is, and how well it can be measured on.</summary>
internal static class BoardExamination
{
    /// <summary>Above this, even a slow inference is hard to time.</summary>
    private const double DearTimerNanoseconds = 1000;

    public static IEnumerable<Finding> Examine(BoardRoot root)
    {
        var identity = BoardProbe.Identify(root);
        var reading = new Board(root, BoardCollectors.All()).Read();
        yield return new("board", identity.Model);
        yield return new("system", $"{identity.Os}, kernel {identity.Kernel}");
        yield return new("processor", $"{identity.Arch}, {identity.Cores} cores, kernels use {DeviceIntroduction.Isa}, runtime {identity.Runtime}");
        yield return new("memory", $"{identity.MemoryBytes / (double)(1 << 30):0.0} GiB");
        yield return identity.EmulatedBecause is { } because
            ? new("emulation", because, Severity.Note, "Accuracy counts; latencies are never ranked with real boards.")
            : new("emulation", "none seen");
        yield return Isolation(root, identity.Cores);
        yield return Governor(reading.Governor);
        yield return reading.Temperatures.Count > 0
            ? new("temperature", string.Join(", ", reading.Temperatures.Select(sensor => $"{sensor.Key} {sensor.Value:0.0} C")))
            : new("temperature", "no sensors", Severity.Note, "The thermal gate cannot wait for the board to cool.");
        yield return Throttling(reading.Throttle);
        yield return Timer(new SystemClock());
    }

    private static Finding Isolation(BoardRoot root, int cores)
    {
        if (root.ReadText("sys/devices/system/cpu/isolated") is { Length: > 0 } isolated)
        {
            return new("isolated cores", isolated);
        }

        return cores > 1
            ? new("isolated cores", "none", Severity.Note, "With isolcpus=N on the kernel's command line, nothing else runs on the measured core.")
            : new("isolated cores", "none: there is one core only", Severity.Note, "The agent itself shares the core with what it measures.");
    }

    private static Finding Governor(string? governor) => governor switch
    {
        null => new("governor", "none: the kernel does not set the clock here"),
        "performance" => new("governor", governor),
        _ => new("governor", governor, Severity.Note, "The clock follows the load. Ask for clock: performance where the agent may set it, or set it by hand."),
    };

    private static Finding Throttling(ThrottleBits? bits) => bits switch
    {
        null => new("throttling", "not reported by this board"),
        { } set when (set & ThrottleBits.AnyNow) != 0 => new(
            "throttling",
            $"now: {set}",
            Severity.Note,
            "Cool the board, or give it a better power supply: blocks measured so are suspect or invalid."),
        ThrottleBits.None => new("throttling", "none since boot"),
        { } set => new("throttling", $"not now, but since boot: {set}", Severity.Note, "A better power supply or cooling may be needed."),
    };

    private static Finding Timer(IMeasuringClock clock)
    {
        var nanoseconds = TimerPilot.CostTicks(clock) * 1e9 / clock.Frequency;
        return nanoseconds < DearTimerNanoseconds
            ? new("timer", $"{nanoseconds:0} ns a reading")
            : new(
                "timer",
                $"{nanoseconds:0} ns a reading",
                Severity.Note,
                "Inferences shorter than a hundred readings are batched and have no percentiles. Is the kernel's clock source the CPU's own?");
    }
}
