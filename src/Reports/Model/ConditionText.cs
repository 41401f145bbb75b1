using Fleet.Domain.Rankings;

namespace Fleet.Reports.Model;

/// <summary>The conditions of a campaign in plain text.</summary>
internal static class ConditionText
{
    public static IReadOnlyList<ConditionTable> InReadingOrder(IEnumerable<ConditionTable> conditions) => [.. conditions.OrderBy(Order)];

    /// <summary>Only what is out of the ordinary is said beside mode and board.</summary>
    public static string Title(ConditionTable condition) =>
        $"{condition.Task}, {condition.Mode} mode{Unless("burst", condition.Phase)}{Unless("as-is", condition.Clock)}{Unless("", condition.Setting)}: "
        + $"{condition.Board} ({condition.Arch}, {condition.Isa}{(condition.Emulated ? ", emulated" : "")})";

    /// <summary>What to ship there.</summary>
    public static string Advice(ConditionTable condition) =>
        $"{condition.Board}, {condition.Mode} mode{Unless("", condition.Setting)}: {condition.Advice.Text}";

    private static string Unless(string usual, string value) => value == usual ? "" : $", {value}";

    // Window mode first: its numbers are the ones that people compare.
    private static (string, string, string, string, string, string, string) Order(ConditionTable condition) =>
        (condition.Task, condition.Board, condition.Device, condition.Mode == "window" ? "" : condition.Mode, condition.Phase, condition.Clock,
            condition.Setting);
}
