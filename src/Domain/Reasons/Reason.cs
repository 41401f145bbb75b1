using System.Text.Json.Serialization;

namespace Fleet.Domain.Reasons;

/// <summary>
/// Why a block or a run is not valid, or why a run has no measurement: as data, for programs to count and compare. People read what
/// <see cref="ReasonText"/> makes of it.
/// </summary>
/// <param name="Code">One of <see cref="ReasonCodes"/>; a newer agent may know more of them.</param>
/// <param name="Count">How many of <paramref name="Total"/> blocks or rounds it was found in; null where nothing was counted.</param>
/// <param name="Total">All blocks or rounds of the run, never fewer than <paramref name="Count"/>.</param>
/// <param name="Detail">What no count can say: how an output differed, how a trainer died.</param>
[JsonConverter(typeof(ReasonConverter))]
public sealed record Reason(string Code, int? Count = null, int? Total = null, string? Detail = null);
