namespace Fleet.Measurement.Boards;

/// <summary>What a board says of itself at one moment. Whatever it does not tell is null. Counters only grow; what counts is their difference.</summary>
public sealed class BoardReading
{
    /// <summary>Degrees Celsius by sensor.</summary>
    public Dictionary<string, double> Temperatures { get; } = [];

    public string? Governor { get; set; }

    /// <summary>Clock of the measured core.</summary>
    public double? ClockHertz { get; set; }

    /// <summary>What the clock should be: the most that the governor may ask for.</summary>
    public double? NominalHertz { get; set; }

    /// <summary>The clock was counted by the firmware, and not just what the kernel had asked for.</summary>
    public bool ClockIsMeasured { get; set; }

    public ThrottleBits? Throttle { get; set; }

    /// <summary>Clock ticks of all cores in which anybody ran, and in all.</summary>
    public (long Busy, long Total)? MachineTicks { get; set; }

    /// <summary>Clock ticks of this process and its ended children.</summary>
    public long? OwnTicks { get; set; }

    /// <summary>Seconds in which the measuring thread could have run but another held its core.</summary>
    public double? CoreWaitSeconds { get; set; }

    public long? MajorFaults { get; set; }

    public long? InvoluntarySwitches { get; set; }

    public double? HottestCelsius => Temperatures.Count == 0 ? null : Temperatures.Values.Max();
}

/// <summary>The Raspberry Pi firmware's word (<c>vcgencmd get_throttled</c>): now, and since it was switched on.</summary>
[Flags]
public enum ThrottleBits : uint
{
    None = 0,
    UnderVoltageNow = 1 << 0,
    FrequencyCappedNow = 1 << 1,
    ThrottledNow = 1 << 2,
    SoftTemperatureLimitNow = 1 << 3,
    UnderVoltageSinceBoot = 1 << 16,
    FrequencyCappedSinceBoot = 1 << 17,
    ThrottledSinceBoot = 1 << 18,
    SoftTemperatureLimitSinceBoot = 1 << 19,
    AnyNow = UnderVoltageNow | FrequencyCappedNow | ThrottledNow | SoftTemperatureLimitNow,
}
