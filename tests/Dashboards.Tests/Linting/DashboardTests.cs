using Fleet.Dashboards.Tests.Files;

namespace Fleet.Dashboards.Tests.Linting;

public sealed class DashboardTests
{
    private const int Columns = 24;

    public static TheoryData<string> Files => [.. Dashboard.All.Select(dashboard => dashboard.FileName)];

    [Fact]
    public void There_is_a_dashboard_of_the_fleet_and_one_of_a_campaign_each_with_an_identity_of_its_own()
    {
        Assert.Equal(["campaign.json", "fleet.json"], Dashboard.All.Select(dashboard => dashboard.FileName));
        Assert.Distinct(Dashboard.All.Select(dashboard => dashboard.Json["uid"]!.GetValue<string>()));
        Assert.Distinct(Dashboard.All.Select(dashboard => dashboard.Json["title"]!.GetValue<string>()));
    }

    [Theory, MemberData(nameof(Files))]
    public void Panels_have_ids_and_titles_of_their_own(string file)
    {
        var panels = Dashboard.Named(file).Panels;

        Assert.Distinct(panels.Select(panel => panel.Id));
        Assert.Distinct(panels.Select(panel => panel.Title));
        Assert.DoesNotContain(panels, panel => panel.Id < 1 || panel.Title.Length == 0);
    }

    [Theory, MemberData(nameof(Files))]
    public void Every_panel_says_what_it_shows_and_in_what_unit(string file) =>
        Assert.DoesNotContain(Dashboard.Named(file).Charts, panel => panel.Description.Length == 0 || string.IsNullOrEmpty(panel.Unit));

    [Theory, MemberData(nameof(Files))]
    public void Panels_lie_within_the_grid_and_never_on_each_other(string file)
    {
        var panels = Dashboard.Named(file).Panels;

        Assert.DoesNotContain(panels, panel => panel.Place is not { X: >= 0, Y: >= 0, W: > 0, H: > 0 } || panel.Place.X + panel.Place.W > Columns);
        Assert.Empty(
            from one in panels
            from other in panels
            where one.Id < other.Id && one.Place.Overlaps(other.Place)
            select $"{one} lies on {other}");
    }

    [Theory, MemberData(nameof(Files))]
    public void The_source_is_a_variable_wherever_one_is_named(string file)
    {
        var dashboard = Dashboard.Named(file);

        Assert.Contains(dashboard.Variables, variable => variable is { Name: "datasource", Type: "datasource" });
        var sources = dashboard.Charts.SelectMany(panel => panel.Targets.Select(target => target.Json["datasource"]).Append(panel.Json["datasource"]))
            .Concat(dashboard.Variables.Where(variable => variable.Type == "query").Select(variable => variable.Json["datasource"]));
        Assert.All(sources, source => Assert.Equal("${datasource}", source?["uid"]?.GetValue<string>()));
    }

    [Theory, MemberData(nameof(Files))]
    public void Every_query_has_a_letter_a_legend_and_an_expression(string file) => Assert.All(Dashboard.Named(file).Charts, panel =>
    {
        Assert.NotEmpty(panel.Targets);
        Assert.Distinct(panel.Targets.Select(target => target.RefId));
        Assert.DoesNotContain(panel.Targets, target => target.Legend.Length == 0 || target.Expression.Length == 0);
        Assert.Distinct(panel.Targets.Select(target => target.Legend));
    });

    [Theory, MemberData(nameof(Files))]
    public void Every_range_is_the_one_that_Grafana_fits_to_the_scrape_interval(string file)
    {
        var expressions = Dashboard.Named(file).Charts.SelectMany(panel => panel.Targets).Select(target => target.Expression).ToArray();

        Assert.All(expressions.SelectMany(PromQl.Ranges), range => Assert.Equal("$__rate_interval", range));
        // A counter's value since the silo's start tells nobody anything. .NET exports two of its levels as counters.
        Assert.All(
            from expression in expressions
            from metric in PromQl.Metrics(expression)
            where metric.EndsWith("_total", StringComparison.Ordinal) && !metric.StartsWith("dotnet_thread_pool_", StringComparison.Ordinal)
            select expression,
            expression => Assert.Contains("rate(", expression));
    }

    [Theory, MemberData(nameof(Files))]
    public void Every_variable_that_is_used_is_defined_and_every_one_defined_is_used(string file)
    {
        var dashboard = Dashboard.Named(file);
        var text = dashboard.Json.ToJsonString();

        Assert.All(dashboard.Variables, variable => Assert.True(
            text.Contains($"${variable.Name}", StringComparison.Ordinal) || text.Contains($"${{{variable.Name}}}", StringComparison.Ordinal),
            $"{variable.Name} is not used."));
        var known = dashboard.Variables.Select(variable => variable.Name).Append("__rate_interval").ToDictionary(name => name, _ => "");
        Assert.All(
            dashboard.Charts.SelectMany(panel => panel.Targets),
            target => Assert.DoesNotContain("$", PromQl.Substitute(target.Expression, known)));
    }
}
