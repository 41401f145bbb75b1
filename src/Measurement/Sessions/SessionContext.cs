using Fleet.Measurement.Boards;
using Fleet.Measurement.Clocks;

namespace Fleet.Measurement.Sessions;

/// <summary>What all conditions of a session share.</summary>
internal sealed record SessionContext(SessionPlan Plan, IMeasuringClock Clock, Board Board, BoardReading Start, BlockMeter Meter);
