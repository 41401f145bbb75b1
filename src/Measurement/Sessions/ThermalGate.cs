using Fleet.Domain.Measuring;
using Fleet.Measurement.Boards;
using Fleet.Measurement.Clocks;

namespace Fleet.Measurement.Sessions;

/// <summary>
/// Holds a round back until the board is as cool as it was at the session's start and does not throttle (krun). What it may wait in one
/// condition is bounded: a board that cannot cool down is measured as it is, and its blocks say so.
/// </summary>
internal sealed class ThermalGate(IMeasuringClock clock, Board board, BoardReading start, ProtocolSettings settings)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private TimeSpan left = settings.GateLimit;

    /// <summary>Everything waited so far.</summary>
    public TimeSpan Waited => settings.GateLimit - left;

    /// <summary>Waits while the board is too warm or throttles.</summary>
    /// <returns>How long it waited, and whether it gave up.</returns>
    public (TimeSpan Waited, bool GaveUp) Pass(CancellationToken cancel)
    {
        TimeSpan before = left;
        while (!IsOpen(board.Read()))
        {
            if (left <= TimeSpan.Zero)
            {
                return (before - left, true);
            }

            TimeSpan step = left < Look ? left : Look;
            clock.Wait(step, cancel);
            left -= step;
        }

        return (before - left, false);
    }

    private bool IsOpen(BoardReading now) =>
        ((now.Throttle ?? 0) & ThrottleBits.AnyNow) == 0
        && now.Temperatures.All(sensor =>
            !start.Temperatures.TryGetValue(sensor.Key, out double cool) || sensor.Value <= cool + settings.GateCelsius);
}
