using Fleet.Dashboards.Tests.Files;
using Fleet.Dashboards.Tests.Tools;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.Dashboards.Tests.Linting;

public sealed class AlertTests
{
    public static TheoryData<string> Names => [.. AlertRule.All.Select(rule => rule.Name)];

    [Fact]
    public async Task Prometheus_takes_the_rules()
    {
        Assert.NotEmpty(AlertRule.Files);
        await Tool.RunAsync("promtool", ["check", "rules", "--lint-fatal", .. AlertRule.Files]);
    }

    [Fact]
    public async Task Alerts_come_when_they_should_and_only_then() =>
        await Tool.RunAsync("promtool", "test", "rules", Path.Combine(Repository.Root, "tests", "Dashboards.Tests", "Linting", "alerts.yml"));

    [Theory, MemberData(nameof(Names))]
    public void Every_alert_is_tried_and_tells_what_is_wrong_and_what_to_do(string name)
    {
        var rule = AlertRule.All.Single(rule => rule.Name == name);

        Assert.Contains(rule.Says("labels", "severity"), new[] { "warning", "critical" });
        Assert.False(string.IsNullOrEmpty(rule.Says("annotations", "summary")));
        Assert.False(string.IsNullOrEmpty(rule.Says("annotations", "description")));
        var tries = File.ReadAllText(Path.Combine(Repository.Root, "tests", "Dashboards.Tests", "Linting", "alerts.yml"));
        Assert.True(tries.Split($"alertname: {name}\n").Length > 2, $"{name} is not tried both ways in alerts.yml.");
    }
}
