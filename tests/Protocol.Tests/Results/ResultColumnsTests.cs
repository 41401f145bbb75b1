using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Fleet.Architecture.Tests;
using Fleet.Protocol.Results;

namespace Fleet.Protocol.Tests.Results;

public sealed partial class ResultColumnsTests
{
    private const string Page = "docs/results.md";
    private static readonly Type[] Sections = [typeof(LatencyMicroseconds), typeof(RatioToReference)];

    [Fact]
    public void The_page_of_columns_explains_each_in_the_order_of_the_row_and_no_other()
    {
        var explained = Row().Matches(Checkout.Read(Page)).Select(match => match.Groups["name"].Value);

        Assert.Equal(Columns(ProtocolJson.Default.ResultRow, ""), explained);
    }

    [Fact]
    public void Every_column_has_a_type_and_a_meaning() =>
        Assert.All(
            Checkout.ReadLines(Page).Where(line => line.StartsWith("| `", StringComparison.Ordinal)),
            line => Assert.Matches(@"^\| `[a-z0-9_.]+` \| [a-z/]+ \| .+\. \|$", line));

    private static IEnumerable<string> Columns(JsonTypeInfo type, string prefix) => type.Properties.Where(property => property.Get is not null).SelectMany(property =>
    {
        var name = prefix + property.Name;
        return Sections.Contains(property.PropertyType) ? [name, .. Columns(ProtocolJson.Default.GetTypeInfo(property.PropertyType)!, name + ".")] : (IEnumerable<string>)[name];
    });

    [GeneratedRegex("^\\| `(?<name>[a-z0-9_.]+)` ", RegexOptions.Multiline)]
    private static partial Regex Row();
}
