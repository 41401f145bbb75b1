using Fleet.Cli.Tests.Support;
using Fleet.Domain.Campaigns;
using Fleet.Os.Files;
using Fleet.Os.Processes;
using Fleet.Os.State;

namespace Fleet.Cli.Tests.Silos;

public sealed class SiloSourceTests : IDisposable
{
    private readonly CommandHarness fleet = new();

    public void Dispose() => fleet.Dispose();

    [Fact]
    public async Task A_running_silo_is_used()
    {
        await using var silo = await fleet.RunningSiloAsync();
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("device", "list"));
        Assert.Empty(fleet.Programs.Started);
    }

    [Fact]
    public async Task With_none_running_one_is_started_on_free_ports_as_a_child_and_stopped_again()
    {
        await using var silo = await fleet.StartableSiloAsync();
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "list"));
        var program = Assert.Single(fleet.Programs.Started);
        Assert.Equal(["--state", fleet.State, "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0", "--child"], program.Arguments);
        Assert.True(program.HasExited);
        Assert.False(program.Killed);
    }

    [Fact]
    public async Task An_address_left_over_from_a_killed_silo_is_not_believed()
    {
        await using var other = await FakeSilo.StartAsync(processId: 4242);
        await using var silo = await fleet.StartableSiloAsync();
        Directory.CreateDirectory(fleet.State);
        new SiloAddress { ProcessId = 17, Http = other.Http, Grpc = "", Version = "0.1.0" }.Write(fleet.State);
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "list"));
        Assert.Single(fleet.Programs.Started);
        Assert.DoesNotContain("GET /api/campaigns", other.Requests);
        Assert.Contains("GET /api/campaigns", silo.Requests);
    }

    [Fact]
    public async Task An_address_where_nobody_listens_is_not_believed()
    {
        await using var silo = await fleet.StartableSiloAsync();
        Directory.CreateDirectory(fleet.State);
        new SiloAddress { ProcessId = 17, Http = "http://127.0.0.1:1", Grpc = "", Version = "0.1.0" }.Write(fleet.State);
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "list"));
        Assert.Single(fleet.Programs.Started);
    }

    [Fact]
    public async Task A_silo_that_does_not_start_is_quoted()
    {
        fleet.Programs.Behaviour = program =>
        {
            program.Say("The port 5080 is taken.");
            program.Exit(1);
            return Task.CompletedTask;
        };
        Assert.Equal(ExitCodes.Failed, await fleet.RunAsync("campaign", "list"));
        Assert.Contains("The silo did not start (code 1).", fleet.Error, StringComparison.Ordinal);
        Assert.Contains("The port 5080 is taken.", fleet.Error, StringComparison.Ordinal);
        Assert.Single(fleet.Programs.Started);
    }

    [Theory]
    [InlineData]
    [InlineData("--quiet")]
    public async Task What_a_silo_says_when_it_does_not_start_is_said_once(params string[] options)
    {
        fleet.Programs.Behaviour = program =>
        {
            program.Say("The port 5080 is taken.");
            program.Exit(1);
            return Task.CompletedTask;
        };
        Assert.Equal(ExitCodes.Failed, await fleet.RunAsync(["up", .. options]));
        Assert.Equal(2, fleet.Error.Split("The port 5080 is taken.").Length);
    }

    [Fact]
    public async Task A_command_that_was_slower_uses_the_silo_of_the_faster_one()
    {
        Directory.CreateDirectory(fleet.State);
        await using var winner = await FakeSilo.StartAsync(processId: 777);
        using var held = FileLock.TryExclusive(Path.Combine(fleet.State, StateFolder.LockFileName));
        Assert.NotNull(held);
        fleet.Programs.Behaviour = async program =>
        {
            program.Say("Another silo uses the state folder.");
            program.Exit(1);
            await Task.Delay(200);
            winner.Announce(fleet.State);
        };
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "list"));
        Assert.Single(fleet.Programs.Started);
        Assert.Contains("GET /api/campaigns", winner.Requests);
    }

    [Fact]
    public async Task A_silo_that_was_on_its_way_out_is_outwaited_and_replaced()
    {
        Directory.CreateDirectory(fleet.State);
        await using var silo = await FakeSilo.StartAsync(processId: 1_000_001);
        var held = FileLock.TryExclusive(Path.Combine(fleet.State, StateFolder.LockFileName));
        fleet.Programs.Behaviour = async program =>
        {
            if (program.Id == silo.ProcessId)
            {
                silo.Announce(fleet.State);
                return;
            }

            program.Exit(1);
            await Task.Delay(150);
            await held!.DisposeAsync();
        };
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "list"));
        Assert.Equal(2, fleet.Programs.Started.Count);
    }

    [Fact]
    public async Task An_agent_that_does_not_start_is_quoted_and_the_silo_is_stopped()
    {
        await using var silo = await FakeSilo.StartAsync(processId: 1_000_000);
        fleet.Programs.Behaviour = program =>
        {
            if (program.Program == FleetProgram.Silo)
            {
                silo.Announce(fleet.State);
            }
            else
            {
                program.Say("Refused: protocol 2, expected 1.");
                program.Exit(1);
            }

            return Task.CompletedTask;
        };
        Assert.Equal(ExitCodes.Failed, await fleet.RunAsync("campaign", "run", fleet.WriteCampaign()));
        Assert.Contains("Refused: protocol 2, expected 1.", fleet.Error, StringComparison.Ordinal);
        Assert.All(fleet.Programs.Started, program => Assert.True(program.HasExited));
    }

    [Fact]
    public async Task The_local_agent_keeps_its_state_beside_the_silos()
    {
        await using var silo = await fleet.StartableSiloAsync();
        silo.Connections.Add([Samples.Event(1, Samples.Summary(CampaignStatus.Completed, 5, 10))]);
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "run", fleet.WriteCampaign()));
        Assert.Equal(
            ["run", "--silo", "http://127.0.0.1:1", "--state", Path.Combine(fleet.State, "agent"), "--token-file", Path.Combine(fleet.State, "token"),
                "--child"],
            fleet.Programs.Started[1].Arguments);
    }

    [Fact]
    public async Task A_campaign_outlives_the_silo_of_another_command()
    {
        // The silo that was there goes away in the middle; this command's own takes the campaign up.
        var time = new TestTime();
        fleet.Time = time;
        await using var own = await fleet.StartableSiloAsync();
        var start = fleet.Programs.Behaviour;
        fleet.Programs.Behaviour = program =>
        {
            time.Factor = 1;
            return start(program);
        };
        own.Connections.Add([Samples.Event(9, Samples.Summary(CampaignStatus.Completed, 5, 10))]);
        var others = await fleet.RunningSiloAsync();
        others.Connections.Add([Samples.Event(1, Samples.Summary())]);
        var running = fleet.RunAsync("campaign", "run", fleet.WriteCampaign());
        await Eventually.HoldsAsync(() => fleet.Error.Contains("event 1", StringComparison.Ordinal), "the campaign is followed");
        await others.DisposeAsync();
        // Only the time until it is given up runs fast.
        time.Factor = 20;
        Assert.Equal(ExitCodes.Done, await running);
        Assert.Contains("going on with one of this command's own", fleet.Error, StringComparison.Ordinal);
        Assert.Equal(2, fleet.Programs.Started.Count);
    }
}
