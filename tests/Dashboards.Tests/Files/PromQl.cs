using System.Text.RegularExpressions;

namespace Fleet.Dashboards.Tests.Files;

/// <summary>What can be told of an expression without evaluating it.</summary>
internal static partial class PromQl
{
    /// <summary>The selectors of an instant: metric names with their matchers, without ranges.</summary>
    public static IEnumerable<string> Selectors(string expression) => Selector().Matches(WithoutLabelLists(expression)).Select(match => match.Value);

    public static IEnumerable<string> Metrics(string expression) => Selectors(expression).Select(selector => selector.Split('{')[0]);

    /// <summary>The ranges in brackets, as <c>$__rate_interval</c>.</summary>
    public static IEnumerable<string> Ranges(string expression) => Range().Matches(expression).Select(match => match.Groups[1].Value);

    /// <summary>The expression with its variables' values, as Grafana would send it.</summary>
    public static string Substitute(string expression, IReadOnlyDictionary<string, string> values) =>
        values.Aggregate(expression, (text, variable) => text.Replace("$" + variable.Key, variable.Value, StringComparison.Ordinal));

    private static string WithoutLabelLists(string expression) => LabelList().Replace(expression, "");

    // Metric names of Fleet, Orleans and .NET have a prefix each, so that no function or keyword is taken for one.
    [GeneratedRegex(@"\b(?:up|(?:fleet|orleans|dotnet)_[a-z0-9_]+)\b(?:\{[^}]*\})?")]
    private static partial Regex Selector();

    [GeneratedRegex(@"\[([^\]]*)\]")]
    private static partial Regex Range();

    [GeneratedRegex(@"\b(?:by|on|without|ignoring)\s*\([^)]*\)")]
    private static partial Regex LabelList();
}
