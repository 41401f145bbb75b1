using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Fleet.Architecture.Tests;
using Fleet.Domain.Json;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;

namespace Fleet.Domain.Tests.Results;

public sealed partial class ResultColumnsTests
{
    private const string Page = "docs/results.md";
    private const string Reasons = "\n## Reasons\n";
    private static readonly Type[] Sections = [typeof(Latency), typeof(Ratio)];

    [Fact]
    public void The_page_of_columns_explains_each_in_the_order_of_the_row_and_no_other()
    {
        var explained = Row().Matches(Columns()).Select(match => match.Groups["name"].Value);

        Assert.Equal(Columns(DomainJson.Default.ResultRow, ""), explained);
    }

    [Fact]
    public void Every_column_has_a_type_and_a_meaning() =>
        Assert.All(
            Columns().Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)),
            line => Assert.Matches(@"^\| `[a-z0-9_.]+` \| [a-z/]+ \| .+\. \|$", line));

    [Fact]
    public void The_page_explains_every_code_of_a_reason_and_no_other()
    {
        var codes = typeof(ReasonCodes).GetFields().Select(field => (string)field.GetRawConstantValue()!);

        var explained = Row().Matches(Checkout.Read(Page).Split(Reasons)[1]).Select(match => match.Groups["name"].Value);

        Assert.Equal(codes.Order(StringComparer.Ordinal), explained.Order(StringComparer.Ordinal));
    }

    private static string Columns() => Checkout.Read(Page).Split(Reasons)[0];

    private static IEnumerable<string> Columns(JsonTypeInfo type, string prefix)
    {
        foreach (var property in type.Properties.Where(property => property.Get is not null))
        {
            var name = prefix + property.Name;
            yield return name;
            if (!Sections.Contains(property.PropertyType))
            {
                continue;
            }

            foreach (var column in Columns(DomainJson.Default.GetTypeInfo(property.PropertyType)!, name + "."))
            {
                yield return column;
            }
        }
    }

    [GeneratedRegex("^\\| `(?<name>[a-z0-9_.-]+)` ", RegexOptions.Multiline)]
    private static partial Regex Row();
}
