using System.Globalization;
using System.Text.RegularExpressions;

namespace Fleet.Measurement.Results;

/// <summary>How often one thing was found against a run's blocks, as the run's reasons say it: "3 of 16 blocks suspect: REASON".</summary>
public sealed partial record BlockTally(int Found, int Blocks, Validity Validity, string Reason)
{
    public override string ToString() => $"{Found} of {Blocks} blocks {(Validity == Validity.Invalid ? "invalid" : "suspect")}: {Reason}";

    /// <summary>The tally that a reason says, or null where it says something else.</summary>
    public static BlockTally? TryParse(string reason)
    {
        var match = Pattern().Match(reason);
        return match.Success
            && int.TryParse(match.Groups["found"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var found)
            && int.TryParse(match.Groups["blocks"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var blocks)
            ? new BlockTally(found, blocks, match.Groups["validity"].Value == "invalid" ? Validity.Invalid : Validity.Suspect, match.Groups["reason"].Value)
            : null;
    }

    [GeneratedRegex("^(?<found>[0-9]+) of (?<blocks>[0-9]+) blocks (?<validity>invalid|suspect): (?<reason>.+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
