using Fleet.Cli.Tests.Support;
using Fleet.Os.Processes;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Cli.Tests.Commands;

public sealed class InterruptTests : IDisposable
{
    private readonly CommandHarness fleet = new();

    public void Dispose() => fleet.Dispose();

    [Fact]
    public async Task With_its_own_silo_the_campaign_is_paused_and_everything_is_stopped()
    {
        await using var silo = await fleet.StartableSiloAsync();
        // The pause has but a part of a second, which is a long time where the clock stands still.
        fleet.Time = new FakeTimeProvider();
        var running = RunUntilFollowed(silo, "campaign", "run", fleet.WriteCampaign());
        await Following(silo);
        fleet.Interruption.Signal();
        Assert.Equal(ExitCodes.Interrupted, await running.WaitAsync(Eventually.Limit));
        Assert.Contains($"POST /api/campaigns/{Samples.Campaign}/pause", silo.Requests);
        Assert.All(fleet.Programs.Started, program => Assert.True(program.HasExited));
        Assert.Contains("the campaign is paused and nothing runs", fleet.Error, StringComparison.Ordinal);
        Assert.Contains($"fleet campaign run {fleet.Folder["campaign.yaml"]}", fleet.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_silo_that_was_there_it_detaches()
    {
        await using var silo = await fleet.RunningSiloAsync();
        var running = RunUntilFollowed(silo, "campaign", "run", fleet.WriteCampaign());
        await Following(silo);
        fleet.Interruption.Signal();
        Assert.Equal(ExitCodes.Interrupted, await running);
        Assert.DoesNotContain($"POST /api/campaigns/{Samples.Campaign}/pause", silo.Requests);
        Assert.Contains("Detached: the campaign continues", fleet.Error, StringComparison.Ordinal);
        Assert.Contains("fleet campaign watch uci-har-3f2a9c", fleet.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_that_do_not_listen_are_killed_by_the_second_signal()
    {
        await using var silo = await fleet.StartableSiloAsync();
        var running = RunUntilFollowed(silo, "campaign", "run", fleet.WriteCampaign());
        await Following(silo);
        fleet.Programs.Started.ForEach(program => program.Stubborn = true);
        fleet.Interruption.Signal();
        fleet.Interruption.Signal();
        Assert.Equal(ExitCodes.Interrupted, await running);
        Assert.All(fleet.Programs.Started, program => Assert.True(program.Killed));
    }

    [Fact]
    public async Task Programs_that_do_not_listen_are_killed_within_two_seconds_of_the_first()
    {
        await using var silo = await fleet.StartableSiloAsync();
        var running = RunUntilFollowed(silo, "campaign", "run", fleet.WriteCampaign());
        await Following(silo);
        fleet.Programs.Started.ForEach(program => program.Stubborn = true);
        fleet.Interruption.Signal();
        fleet.InterruptionTime.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(ExitCodes.Interrupted, await running.WaitAsync(Eventually.Limit));
        Assert.All(fleet.Programs.Started, program => Assert.True(program.Killed));
    }

    [Fact]
    public async Task While_the_silo_starts_only_what_was_started_is_stopped()
    {
        fleet.Programs.Behaviour = _ => Task.CompletedTask;
        var running = fleet.RunAsync("campaign", "run", fleet.WriteCampaign());
        await Eventually.HoldsAsync(() => fleet.Programs.Started.Count == 1, "the silo is started");
        fleet.Interruption.Signal();
        Assert.Equal(ExitCodes.Interrupted, await running);
        Assert.True(Assert.Single(fleet.Programs.Started).HasExited);
    }

    [Fact]
    public async Task Up_ends_in_order()
    {
        await using var silo = await fleet.StartableSiloAsync();
        var running = fleet.RunAsync("up", "--training-slots", "3", "--training-memory", "900", "--set-aside-damaged");
        await Eventually.HoldsAsync(() => fleet.Out.Contains(silo.Http, StringComparison.Ordinal), "up says where it listens");
        var arguments = fleet.Programs.Started[0].Arguments;
        Assert.Contains("127.0.0.1:5080", arguments);
        Assert.Contains("--training-slots 3 --training-memory 900", string.Join(' ', arguments), StringComparison.Ordinal);
        Assert.DoesNotContain("--training-threads", arguments);
        Assert.Contains("--set-aside-damaged", arguments);
        fleet.Interruption.Signal();
        Assert.Equal(ExitCodes.Done, await running);
        Assert.All(fleet.Programs.Started, program => Assert.True(program.HasExited));
    }

    [Theory]
    [InlineData("--training-slots", "0")]
    [InlineData("--training-threads", "many")]
    public async Task Up_wants_numbers_where_numbers_belong(string option, string value)
    {
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("up", option, value));
        Assert.Contains($"{option} is '{value}', but must be a whole number, 1 or more.", fleet.Error, StringComparison.Ordinal);
        Assert.Empty(fleet.Programs.Started);
    }

    [Fact]
    public async Task With_its_terminal_gone_a_command_still_ends_in_order()
    {
        await using var silo = await fleet.StartableSiloAsync();
        fleet.TerminalIsGone = true;
        fleet.Interruption.Signal();
        Assert.Equal(ExitCodes.Interrupted, await fleet.RunAsync("up", "--no-agent"));
        Assert.All(fleet.Programs.Started, program => Assert.True(program.HasExited));
    }

    [Theory]
    [InlineData("--http", "0.0.0.0:0", "listens on loopback only")]
    [InlineData("--http", "foo", "must be an address and a port")]
    [InlineData("--grpc", "", "must be an address and a port")]
    [InlineData("--grpc", "192.168.1.2:5081", "listens on loopback only")]
    public async Task Up_wants_an_address_that_only_this_machine_reaches(string option, string value, string reason)
    {
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("up", option, value));
        Assert.Contains($"{option} is '{value}'", fleet.Error, StringComparison.Ordinal);
        Assert.Contains(reason, fleet.Error, StringComparison.Ordinal);
        Assert.Empty(fleet.Programs.Started);
    }

    [Fact]
    public async Task Up_fails_when_its_silo_dies()
    {
        await using var silo = await fleet.StartableSiloAsync();
        var running = fleet.RunAsync("up", "--no-agent");
        await Eventually.HoldsAsync(() => fleet.Out.Contains(silo.Http, StringComparison.Ordinal), "up says where it listens");
        var program = Assert.Single(fleet.Programs.Started);
        program.Say("disk full");
        program.Exit(1);
        Assert.Equal(ExitCodes.Failed, await running);
        Assert.Contains("The silo ended with code 1.", fleet.Error, StringComparison.Ordinal);
        Assert.Contains("disk full", fleet.Error, StringComparison.Ordinal);
    }

    private Task<int> RunUntilFollowed(FakeSilo silo, params string[] arguments)
    {
        silo.Connections.Add([Samples.Event(1, Samples.Summary())]);
        return fleet.RunAsync(arguments);
    }

    private Task Following(FakeSilo silo) =>
        Eventually.HoldsAsync(() => !silo.LastEventIds.IsEmpty && fleet.Error.Contains("event 1", StringComparison.Ordinal), "the campaign is followed");
}
