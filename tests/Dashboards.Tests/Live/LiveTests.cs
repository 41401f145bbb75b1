using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.Dashboards.Tests.Files;
using Fleet.Dashboards.Tests.Tools;

namespace Fleet.Dashboards.Tests.Live;

public sealed partial class LiveTests
{
    /// <summary>On a machine that others keep busy, a session may bring no ratio or no interval.</summary>
    private const int MaxCampaigns = 6;

    /// <summary>A rate takes two scrapes.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Every_expression_of_dashboards_and_alerts_has_an_answer_while_a_campaign_runs()
    {
        await using var fleet = await LiveFleet.StartAsync();
        IReadOnlyList<string> unanswered = ["nothing was asked"];

        for (var campaign = 0; campaign < MaxCampaigns && unanswered.Count > 0; campaign++)
        {
            await fleet.RunCampaignAsync();
            unanswered = await UnansweredAsync(fleet.Prometheus, Settling);
        }

        Assert.True(unanswered.Count == 0, $"Without an answer:\n{string.Join('\n', unanswered)}");
        await KnowsEveryMetricAsync(fleet.Prometheus);
        await EvaluatesEveryRuleAsync(fleet.Prometheus);
        await TellsTheVisitorsTemperatureAsync(fleet.Prometheus);
        await Preview.DrawAsync(fleet.Prometheus);
    }

    [Fact]
    public async Task A_silo_that_does_not_answer_is_noticed()
    {
        Tool.Need("prometheus");
        var folder = Directory.CreateTempSubdirectory("fleet-test-");
        try
        {
            // The discard port: nothing listens there.
            await using var prometheus = await PrometheusProcess.StartAsync(folder.FullName, "127.0.0.1:9", folder.FullName);
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
            JsonArray alerts;
            while ((alerts = (await prometheus.GetAsync("alerts"))["alerts"]!.AsArray()).Count == 0)
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }

            Assert.Equal("FleetSiloDown", Assert.Single(alerts)!["labels"]!["alertname"]!.GetValue<string>());
            var expression = Dashboard.Named("fleet.json").Charts.Single(panel => panel.Title == "Silo").Targets[0].Expression;
            Assert.Equal("0", Value(Assert.Single(await prometheus.NowAsync(expression))!));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<IReadOnlyList<string>> UnansweredAsync(PrometheusProcess prometheus, TimeSpan patience)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        IReadOnlyList<string> unanswered;
        while ((unanswered = await UnansweredAsync(prometheus)).Count > 0 && watch.Elapsed < patience)
        {
            await timer.WaitForNextTickAsync();
        }

        return unanswered;
    }

    private static async Task<IReadOnlyList<string>> UnansweredAsync(PrometheusProcess prometheus)
    {
        var unanswered = new List<string>();
        foreach (var dashboard in Dashboard.All)
        {
            var values = await ValuesAsync(prometheus, dashboard, unanswered);
            foreach (var (panel, target) in dashboard.Charts.SelectMany(panel => panel.Targets.Select(target => (panel, target))))
            {
                var expression = PromQl.Substitute(target.Expression, values);
                var series = target.Instant ? await prometheus.NowAsync(expression) : await prometheus.SinceStartAsync(expression);
                if (!series.Any(IsNumber))
                {
                    unanswered.Add($"{dashboard.FileName}, {panel}, query {target.RefId}: {expression}");
                }
            }
        }

        // A healthy fleet raises no alert, so what an alert compares is asked for, and not whether it holds.
        foreach (var selector in AlertRule.All.SelectMany(rule => PromQl.Selectors(rule.Expression)).Distinct())
        {
            if (!(await prometheus.SinceStartAsync(selector)).Any(IsNumber))
            {
                unanswered.Add($"alerts: {selector}");
            }
        }

        return unanswered;
    }

    /// <summary>The variables as Grafana fills them: the first of the list, or "all".</summary>
    private static async Task<IReadOnlyDictionary<string, string>> ValuesAsync(PrometheusProcess prometheus, Dashboard dashboard, List<string> unanswered)
    {
        var values = new Dictionary<string, string> { ["__rate_interval"] = PrometheusProcess.RateInterval };
        foreach (var variable in dashboard.Variables.Where(variable => variable.Type == "query"))
        {
            var query = LabelValues().Match(PromQl.Substitute(variable.Query!, values));
            Assert.True(query.Success, $"{dashboard.FileName}, variable {variable.Name}: {variable.Query}");
            var found = await prometheus.LabelValuesAsync(query.Groups["label"].Value, query.Groups["selector"].Value);
            if (found.Count == 0)
            {
                unanswered.Add($"{dashboard.FileName}, variable {variable.Name}: {variable.Query}");
            }

            values[variable.Name] = variable.AllValue ?? found.LastOrDefault() ?? "";
        }

        return values;
    }

    private static async Task KnowsEveryMetricAsync(PrometheusProcess prometheus)
    {
        var known = await prometheus.LabelValuesAsync("__name__");
        var used = Dashboard.All.SelectMany(dashboard => dashboard.Charts).SelectMany(panel => panel.Targets).Select(target => target.Expression)
            .Concat(AlertRule.All.Select(rule => rule.Expression))
            .SelectMany(PromQl.Metrics)
            .ToHashSet();
        Assert.True(used.Count > 30, "The expressions were not understood.");
        Assert.Empty(used.Except(known));
    }

    private static async Task EvaluatesEveryRuleAsync(PrometheusProcess prometheus)
    {
        var rules = (await prometheus.GetAsync("rules"))["groups"]!.AsArray().SelectMany(one => one!["rules"]!.AsArray()).ToArray();
        Assert.Equal(AlertRule.All.Select(rule => rule.Name), rules.Select(rule => rule!["name"]!.GetValue<string>()));
        Assert.All(rules, rule => Assert.Equal("ok", rule!["health"]!.GetValue<string>()));
        // Whether the disk is almost full is the machine's business; the others may be pending after one late scrape.
        Assert.All(
            rules.Where(rule => rule!["name"]!.GetValue<string>() != "FleetDiskAlmostFull"),
            rule => Assert.NotEqual("firing", rule!["state"]!.GetValue<string>()));
    }

    private static async Task TellsTheVisitorsTemperatureAsync(PrometheusProcess prometheus)
    {
        var warm = Assert.Single(await prometheus.NowAsync($$"""fleet_device_temperature_celsius{device="{{VisitingBoard.Name}}"}"""))!;
        Assert.Equal(VisitingBoard.Celsius, double.Parse(Value(warm), CultureInfo.InvariantCulture));
    }

    private static bool IsNumber(JsonNode? series) => (series!["values"]?.AsArray() ?? [series["value"]!.DeepClone()])
        .Select(sample => sample![1]!.GetValue<string>().Replace("Inf", "Infinity", StringComparison.Ordinal))
        .Any(value => double.IsFinite(double.Parse(value, CultureInfo.InvariantCulture)));

    private static string Value(JsonNode series) => series["value"]![1]!.GetValue<string>();

    [GeneratedRegex(@"^label_values\((?<selector>.+), (?<label>\w+)\)$")]
    private static partial Regex LabelValues();
}
