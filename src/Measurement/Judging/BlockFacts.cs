using Fleet.Measurement.Boards;
using Fleet.Measurement.Stages;

namespace Fleet.Measurement.Judging;

/// <summary>All that is known of a block when it is judged: the timed loop's own account, and the board before and after.</summary>
public sealed class BlockFacts(TimedBlock timed, double seconds, BoardReading before, BoardReading after)
{
    public TimedBlock Timed => timed;

    public double? TemperatureBefore => before.HottestCelsius;

    public double? TemperatureAfter => after.HottestCelsius;

    public string? Governor => after.Governor;

    public bool GovernorChanged => before.Governor != after.Governor;

    public double? ClockRatio => after.ClockHertz / after.NominalHertz;

    public bool ClockIsMeasured => after.ClockIsMeasured;

    /// <summary>The greatest clock ratio of the session up to this block.</summary>
    public double? BestClockRatio { get; init; }

    /// <summary>The thermal gate gave up waiting before this block's round.</summary>
    public bool GateGaveUp { get; init; }

    public bool? UnderVoltage => Now(ThrottleBits.UnderVoltageNow, ThrottleBits.UnderVoltageSinceBoot);

    public bool? Throttled => Now(
        ThrottleBits.FrequencyCappedNow | ThrottleBits.ThrottledNow | ThrottleBits.SoftTemperatureLimitNow,
        ThrottleBits.FrequencyCappedSinceBoot | ThrottleBits.ThrottledSinceBoot | ThrottleBits.SoftTemperatureLimitSinceBoot);

    /// <summary>Share of the machine's CPU time that others took; null where the counters did not move.</summary>
    public double? OthersCpuShare
    {
        get
        {
            if (after.MachineTicks is not { } now || before.MachineTicks is not { } then || now.Total <= then.Total)
            {
                return null;
            }

            long busy = now.Busy - then.Busy, own = (after.OwnTicks ?? 0) - (before.OwnTicks ?? 0);
            return Math.Clamp((double)(busy - own) / (now.Total - then.Total), 0, 1);
        }
    }

    /// <summary>Share of the block in which the thread could have run but another held its core.</summary>
    public double? CoreWaitShare => seconds > 0 && after.CoreWaitSeconds - before.CoreWaitSeconds is { } waited ? Math.Clamp(waited / seconds, 0, 1) : null;

    public long? MajorFaults => after.MajorFaults - before.MajorFaults;

    public long? InvoluntarySwitches => after.InvoluntarySwitches - before.InvoluntarySwitches;

    /// <summary>Either end shows it, or the firmware remembers it happening in between.</summary>
    private bool? Now(ThrottleBits now, ThrottleBits sinceBoot) =>
        after.Throttle is not { } ending ? null
        : ((ending | (before.Throttle ?? 0)) & now) != 0 || (before.Throttle is { } beginning && (ending & ~beginning & sinceBoot) != 0);
}
