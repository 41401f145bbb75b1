using System.Globalization;
using System.Text.RegularExpressions;

namespace Fleet.Domain.Reasons;

/// <summary>
/// What version 0.1.0 stored as text, as data. Only <see cref="ReasonConverter"/> asks: nothing that is written today is text.
/// </summary>
internal static partial class FormerReason
{
    private const string WrongOutput = "an output of the timed run differs from the expected one: ";

    public static Reason Recognise(string text)
    {
        if (Tally().Match(text) is { Success: true } tally && Numbers(tally) is var (found, blocks)
            && OfBlock(tally.Groups["reason"].Value) is { } counted
            && ReasonText.MakesBlockInvalid(counted.Code) == (tally.Groups["validity"].Value == "invalid"))
        {
            // Blocks that were taken back twice were counted twice. What was suspect before it was taken back was counted as invalid: that stays text.
            return counted with { Count = Math.Min(found, blocks), Total = blocks };
        }

        if (Rounds().Match(text) is { Success: true } rounds && Numbers(rounds) is var (usable, all))
        {
            return new Reason(ReasonCodes.TooFewRounds, usable, all, rounds.Groups["detail"].Value);
        }

        if (RoundsBelowMin().Match(text) is { Success: true } below && Numbers(below) is var (some, min))
        {
            return new Reason(ReasonCodes.RoundsBelowMin, some, min, below.Groups["detail"].Value);
        }

        return OfBlock(text) ?? new Reason(ReasonCodes.Text, Detail: text);
    }

    private static Reason? OfBlock(string text) =>
        text.StartsWith(WrongOutput, StringComparison.Ordinal) ? new Reason(ReasonCodes.WrongOutput, Detail: text[WrongOutput.Length..])
        : ReasonText.CodeOf(text) is { } code ? new Reason(code)
        : null;

    private static (int Count, int Total)? Numbers(Match match) =>
        int.TryParse(match.Groups["count"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        && int.TryParse(match.Groups["total"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var total)
            ? (count, total)
            : null;

    [GeneratedRegex("^(?<count>[0-9]+) of (?<total>[0-9]+) blocks (?<validity>invalid|suspect): (?<reason>.+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Tally();

    [GeneratedRegex("^only (?<count>[0-9]+) of (?<total>[0-9]+) rounds could be used \\((?<detail>[^)]+)\\)$", RegexOptions.CultureInvariant)]
    private static partial Regex Rounds();

    [GeneratedRegex("^(?<count>[0-9]+) rounds could be used, fewer than the least of (?<total>[0-9]+) \\((?<detail>[^)]+)\\)$", RegexOptions.CultureInvariant)]
    private static partial Regex RoundsBelowMin();
}
