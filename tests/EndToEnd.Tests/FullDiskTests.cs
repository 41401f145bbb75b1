using System.Text.Json;
using Fleet.EndToEnd.Tests.Chaos;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>Silo, trainer and agent on a disk that fills up in the middle.</summary>
public sealed class FullDiskTests(Undisturbed undisturbed) : IClassFixture<Undisturbed>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task A_disk_that_is_full_while_training_is_told_and_the_campaign_goes_on_when_there_is_room()
    {
        await using var fleet = new ChaosFleet(undisturbed.Programs);
        using var disk = new SmallDisk(fleet.State, 96);
        await fleet.StartSiloAsync();
        fleet.StartAgent();
        var campaign = await fleet.SubmitAsync(Undisturbed.Campaign);
        await Wait.UntilAsync(() => fleet.Runs(Victim.Trainer), Patience, fleet.ToString);

        disk.Fill();
        var why = await SaysAsync(fleet, campaign, "training-waits", "full");
        Assert.Contains("space", why.GetProperty("way_out").GetString(), StringComparison.Ordinal);
        disk.MakeRoom();
        await fleet.EndedAsync();

        Assert.Equal("completed", await fleet.StateAsync());
        Assert.Equal(undisturbed.Models, Undisturbed.ModelsOf(await fleet.GetAsync($"/api/campaigns/{campaign}")));
        Assert.Equal(undisturbed.Accuracies, Undisturbed.AccuraciesOf(await fleet.GetAsync($"/api/campaigns/{campaign}/results")));
    }

    [Fact]
    public async Task A_disk_that_is_full_when_results_come_loses_none_of_them()
    {
        await using var fleet = new ChaosFleet(undisturbed.Programs);
        using var disk = new SmallDisk(fleet.State, 96);
        await fleet.StartSiloAsync();
        fleet.StartAgent();
        var campaign = await fleet.SubmitAsync(Undisturbed.Campaign);
        await Wait.UntilAsync(() => fleet.Runs(Victim.Worker), Patience, fleet.ToString);

        disk.Fill();
        await Wait.UntilAsync(() => fleet.AgentLog.Contains("kept in memory", StringComparison.Ordinal), Patience, fleet.ToString);
        disk.MakeRoom();
        await fleet.EndedAsync();

        Assert.Equal("completed", await fleet.StateAsync());
        Assert.Equal(undisturbed.Accuracies, Undisturbed.AccuraciesOf(await fleet.GetAsync($"/api/campaigns/{campaign}/results")));
        Assert.DoesNotContain("Unhandled", fleet.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_that_finds_its_disk_full_says_so_and_what_to_do()
    {
        await using var sandbox = new Sandbox();
        using var disk = new SmallDisk(sandbox.State, 8);
        disk.Fill();

        var up = await sandbox.RunAsync(Patience, "up", "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0");

        Assert.Equal(1, up.ExitCode);
        Assert.Contains($"The disk under {sandbox.State}", up.Error, StringComparison.Ordinal);
        Assert.Contains("Free some space", up.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", up.Error, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> SaysAsync(ChaosFleet fleet, string campaign, string kind, string text)
    {
        JsonElement? found = null;
        var said = default(JsonElement);
        using var limit = new CancellationTokenSource(Patience);
        while (found is null)
        {
            Assert.False(limit.IsCancellationRequested, $"Nothing of kind {kind} was said: {said}\n{fleet}");
            said = await fleet.GetAsync($"/api/why/{campaign}");
            found = said.GetProperty("causes").EnumerateArray()
                .Where(cause => cause.GetProperty("kind").GetString() == kind
                    && cause.GetProperty("text").GetString()!.Contains(text, StringComparison.Ordinal))
                .Select(cause => (JsonElement?)cause)
                .FirstOrDefault();
            await Task.Delay(100);
        }

        return found.Value;
    }
}
