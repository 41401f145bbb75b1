using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Chaos;

/// <summary>The campaign as it goes when nobody is killed: what it comes to, and how long its parts take on this machine.</summary>
public sealed partial class Undisturbed : IAsyncLifetime
{
    public const string Campaign = """
        name: chaos
        task: synthetic-har
        model: { cell: lstm, hidden: 40 }
        training: { epochs: 4 }
        variants:
          - method: dense
          - { method: hmd, compression: 2 }
          - { method: pruned, compression: 4 }
        measuring: { time_limit: 1s, min_rounds: 2, max_rounds: 4 }
        """;

    /// <summary>Model's SHA-256 by variant name.</summary>
    internal IReadOnlyDictionary<string, string> Models { get; private set; } = null!;

    /// <summary>Accuracy by variant name and mode.</summary>
    internal IReadOnlyDictionary<string, double> Accuracies { get; private set; } = null!;

    internal TimeSpan Whole { get; private set; }

    internal TimeSpan Training { get; private set; }

    internal TimeSpan Measuring { get; private set; }

    /// <summary>The folder of the programs' folders.</summary>
    internal string Programs { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Programs = await FindProgramsAsync();
        await using var fleet = new ChaosFleet(Programs);
        await fleet.StartSiloAsync();
        fleet.StartAgent();
        var watch = Stopwatch.StartNew();
        var id = await fleet.SubmitAsync(Campaign);
        await WaitForAsync(fleet, Victim.Trainer, id);
        var trains = watch.Elapsed;
        await WaitForAsync(fleet, Victim.Worker, id);
        var measures = watch.Elapsed;
        await fleet.EndedAsync();
        (Whole, Training, Measuring) = (watch.Elapsed, measures - trains, watch.Elapsed - measures);
        Models = ModelsOf(await fleet.GetAsync($"/api/campaigns/{id}"));
        Accuracies = AccuraciesOf(await fleet.GetAsync($"/api/campaigns/{id}/results"));
        Assert.Equal((3, 6), (Models.Count, Accuracies.Count));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal static IReadOnlyDictionary<string, string> ModelsOf(JsonElement detail) =>
        detail.GetProperty("jobs").EnumerateArray()
            .ToDictionary(job => job.GetProperty("name").GetString()!, job => job.GetProperty("model_sha256").GetString()!);

    internal static IReadOnlyDictionary<string, double> AccuraciesOf(JsonElement rows) =>
        rows.EnumerateArray()
            .ToDictionary(row => $"{row.GetProperty("variant_name")} {row.GetProperty("mode")}", row => row.GetProperty("metric_value").GetDouble());

    // FLEET_PROGRAMS, as for the programs themselves; else what the launcher built: the silo that it starts lies beside all the others.
    private static async Task<string> FindProgramsAsync()
    {
        if (Environment.GetEnvironmentVariable("FLEET_PROGRAMS") is { Length: > 0 } told)
        {
            return told;
        }

        await using var sandbox = new Sandbox();
        var up = sandbox.Start("up", "--no-agent", "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0");
        // The launcher may have to build first, on a machine that does other things as well.
        await up.SaysAsync("Silo:", TimeSpan.FromMinutes(20));
        return sandbox.Running().Select(line => SiloPath().Match(line)).First(match => match.Success).Groups[1].Value;
    }

    private static Task WaitForAsync(ChaosFleet fleet, Victim process, string campaign) =>
        Wait.UntilAsync(() => fleet.Runs(process), TimeSpan.FromMinutes(10), () => $"no {process} of {campaign} was seen.\n{fleet}");

    [GeneratedRegex(@"(/\S+)/Fleet\.Silo/fleet-silo\.dll")]
    private static partial Regex SiloPath();
}
