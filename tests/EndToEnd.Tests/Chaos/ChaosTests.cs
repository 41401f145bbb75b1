using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Fleet.EndToEnd.Tests.Chaos;

/// <summary>
/// A campaign in which processes are killed at moments that a seed decides. To repeat a round, or to try others:
/// <c>FLEET_CHAOS_SEEDS=7 ./test.sh EndToEnd -class '*ChaosTests'</c> (a list with commas, or FIRST-LAST).
/// </summary>
public sealed partial class ChaosTests(Undisturbed undisturbed) : IClassFixture<Undisturbed>
{
    // Three of each process; 16 is one that failed once.
    private const string Recorded = "5-16";

    public static TheoryData<int> Seeds { get; } = [.. (Environment.GetEnvironmentVariable("FLEET_CHAOS_SEEDS") is { Length: > 0 } told ? told : Recorded)
        .Split(',')
        .Select(range => range.Split('-').Select(int.Parse).ToArray())
        .SelectMany(range => Enumerable.Range(range[0], range[^1] - range[0] + 1))];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whoever_is_killed_nothing_is_lost_nothing_is_done_twice_and_the_hashes_are_the_same(int seed)
    {
        var strikes = Strike.Of(seed);
        var story = $"FLEET_CHAOS_SEEDS={seed}: {string.Join("; then ", strikes)}";
        TestContext.Current.SendDiagnosticMessage(story);
        await using var fleet = new ChaosFleet(undisturbed.Programs);
        try
        {
            await fleet.StartSiloAsync();
            fleet.StartAgent();
            var campaign = await fleet.SubmitAsync(Undisturbed.Campaign);
            foreach (var strike in strikes)
            {
                await StrikeAsync(fleet, strike);
            }

            await fleet.EndedAsync();
            await JudgeAsync(fleet, campaign);
        }
        catch (Exception error)
        {
            // What went wrong comes first: of a long log, little more may be kept than the first line of a message.
            throw new InvalidOperationException($"{error.Message.Split('\n')[0]} ({story})\n{error.Message}\n{fleet}", error);
        }
    }

    private async Task StrikeAsync(ChaosFleet fleet, Strike strike)
    {
        var part = strike.Victim switch
        {
            Victim.Trainer => undisturbed.Training,
            Victim.Worker => undisturbed.Measuring,
            _ => undisturbed.Whole,
        };
        await UntilAsync(fleet, () => fleet.Runs(strike.Victim));
        await Task.Delay(part * strike.Moment);
        if (await fleet.StrikeAsync(strike))
        {
            return;
        }

        // Between two of its processes the next is hit. Where its part is over, the agent is, so that no round is without a strike.
        await UntilAsync(fleet, () => fleet.Runs(strike.Victim));
        if (!await fleet.StrikeAsync(strike))
        {
            TestContext.Current.SendDiagnosticMessage($"no {strike.Victim} runs at that moment: the agent is hit");
            await fleet.StrikeAsync(strike with { Victim = Victim.Agent });
        }
    }

    private async Task JudgeAsync(ChaosFleet fleet, string campaign)
    {
        Assert.Equal("completed", await fleet.StateAsync());
        Assert.Equal(undisturbed.Models, Undisturbed.ModelsOf(await fleet.GetAsync($"/api/campaigns/{campaign}")));

        // As many as there are, each once, each measured: a dictionary takes no key twice.
        var rows = await fleet.GetAsync($"/api/campaigns/{campaign}/results");
        Assert.Equal(undisturbed.Accuracies, Undisturbed.AccuraciesOf(rows));
        Assert.All(rows.EnumerateArray(), row => Assert.NotEqual("failed", row.GetProperty("validity").GetString()));
        Assert.Equal(rows.GetArrayLength(), rows.EnumerateArray().Select(row => row.GetProperty("run").GetString()).Distinct().Count());

        var measured = MeasuredLine().Matches(fleet.AgentLog).ToLookup(match => match.Groups[1].Value, match => match.Groups[2].Value);
        foreach (var row in rows.EnumerateArray())
        {
            var (run, session) = (row.GetProperty("run").GetString()!, row.GetProperty("session").GetString()!);
            // What is in the journal before the agent says so is what counts: the first session whose result was journalled gave the row.
            // The reference alone is measured again, beside variants that were still open.
            var name = $"{row.GetProperty("variant_name")} {row.GetProperty("mode")}";
            Assert.True(!measured[run].Any() || measured[run].First() == session, $"{name}: {Sessions(measured[run])}, stored {session}");
            Assert.True(
                row.GetProperty("variant_name").GetString() == "dense" || measured[run].Count() <= 1, $"{name} was measured in {Sessions(measured[run])}");
        }
    }

    private static string Sessions(IEnumerable<string> sessions) => $"sessions {string.Join(", ", sessions)}";

    // Ends without a word where the campaign is over: then there is nothing left to wait for.
    private static async Task UntilAsync(ChaosFleet fleet, Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition() && await fleet.StateAsync() is "running" or "unknown" && watch.Elapsed < TimeSpan.FromMinutes(1))
        {
            await Task.Delay(20);
        }
    }

    [GeneratedRegex(@"Run (\w+) of session (\S+) is measured")]
    private static partial Regex MeasuredLine();
}
