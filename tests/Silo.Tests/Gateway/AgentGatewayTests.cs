using Fleet.Domain.Devices;
using Fleet.Domain.Text;
using Fleet.Protocol;
using Fleet.Protocol.V1;
using Fleet.Silo.Tests.Running;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Silo.Tests.Gateway;

public sealed class AgentGatewayTests : SiloScene
{
    private readonly ShiftedTime time = new();

    private protected override void Configure(IServiceCollection services) => services.AddSingleton<TimeProvider>(time);

    [Theory]
    [InlineData(0, "upgrade the agent")]
    [InlineData(99, "upgrade the silo")]
    public async Task An_agent_of_another_protocol_is_refused_with_both_numbers_and_what_to_upgrade(uint version, string advice)
    {
        await using var agent = FakeAgent.Open(silo);
        var hello = FakeAgent.Hello(agent.Device);
        hello.ProtocolVersion = version;
        var refused = (await agent.AskAsync(new AgentMessage { Hello = hello })).Refused;
        Assert.Equal($"The agent speaks protocol {version}, this silo speaks {ProtocolVersion.Current}: {advice}.", refused.Reason);
        Assert.Equal(ProtocolVersion.Current, refused.ProtocolVersion);
        Assert.Null(await agent.HearAsync());
    }

    [Fact]
    public async Task An_agent_must_introduce_itself_first()
    {
        await using var agent = FakeAgent.Open(silo);
        Assert.Equal("An agent's first message must be Hello.", (await agent.AskAsync(new AgentMessage { WorkRequest = new WorkRequest() })).Refused.Reason);
    }

    [Fact]
    public async Task An_agent_without_a_sound_identity_or_board_is_refused()
    {
        await using (var agent = FakeAgent.Open(silo, "my-laptop"))
        {
            Assert.Contains("UUID", (await agent.AskAsync(new AgentMessage { Hello = FakeAgent.Hello(agent.Device) })).Refused.Reason);
        }

        await using (var agent = FakeAgent.Open(silo))
        {
            var hello = FakeAgent.Hello(agent.Device);
            hello.Board = null;
            Assert.Contains("board", (await agent.AskAsync(new AgentMessage { Hello = hello })).Refused.Reason);
        }

        await using (var agent = FakeAgent.Open(silo))
        {
            var hello = FakeAgent.Hello(agent.Device);
            hello.Name = new string('x', 1000);
            Assert.Contains("longer than 256", (await agent.AskAsync(new AgentMessage { Hello = hello })).Refused.Reason);
        }
    }

    [Fact]
    public async Task A_message_that_makes_no_sense_is_answered_and_the_silo_goes_on()
    {
        await using (var agent = await FakeAgent.ConnectAsync(silo))
        {
            Assert.NotNull((await agent.AskAsync(new AgentMessage())).Refused);
        }

        await using (var agent = await FakeAgent.ConnectAsync(silo))
        {
            Assert.NotNull((await agent.AskAsync(new AgentMessage { Hello = FakeAgent.Hello(agent.Device) })).Refused);
        }

        await using (var agent = await FakeAgent.ConnectAsync(silo))
        {
            var answer = await agent.ReportAsync(new RunReport { Run = "r", Session = "s", Epoch = 1 });
            Assert.Equal(ReportOutcome.Rejected, answer.Outcome);
            Assert.Contains("was not granted", answer.Reason);
            await agent.SayAsync(new AgentMessage { SessionEnded = new SessionEnded { Session = "s", Epoch = 1 } });
            Assert.NotNull((await agent.AskAsync(new AgentMessage { WorkRequest = new WorkRequest() })).NoWork);
        }
    }

    [Fact]
    public async Task A_heartbeat_for_a_session_that_is_not_held_is_answered_with_its_loss()
    {
        await using var agent = await FakeAgent.ConnectAsync(silo);
        var answer = await agent.AskAsync(new AgentMessage { Heartbeat = new Heartbeat { Session = "gone-1", Epoch = 1, Progress = double.NaN } });
        Assert.Equal("gone-1", answer.LeaseRevoked.Session);
    }

    [Fact]
    public async Task An_agent_that_connects_again_takes_the_place_of_its_earlier_stream_wherever_it_is_by_now()
    {
        await using var earlier = await FakeAgent.ConnectAsync(silo, machine: ("here", "1"));
        await using var later = await FakeAgent.ConnectAsync(silo, earlier.Device, machine: ("there", "1"));
        Assert.Null(await earlier.HearAsync());
        Assert.NotNull((await later.AskAsync(new AgentMessage { WorkRequest = new WorkRequest() })).NoWork);
        Assert.Null((await DeviceAsync()).Rival);
    }

    [Fact]
    public async Task An_agent_of_a_version_that_names_no_process_takes_over_on_its_machine()
    {
        await using var earlier = await FakeAgent.ConnectAsync(silo);
        await using var later = await FakeAgent.ConnectAsync(silo, earlier.Device);
        Assert.Null(await earlier.HearAsync());
        Assert.NotNull((await later.AskAsync(new AgentMessage { WorkRequest = new WorkRequest() })).NoWork);
    }

    [Fact]
    public async Task An_agent_that_is_started_again_on_its_machine_takes_over_at_once_and_one_that_still_runs_there_is_told_why()
    {
        await using var earlier = await FakeAgent.ConnectAsync(silo, machine: ("here", "1"));
        await using var later = await FakeAgent.ConnectAsync(silo, earlier.Device, machine: ("here", "2"));
        Assert.Contains("Another agent has this identity", (await earlier.HearAsync())!.Refused.Reason);
        Assert.Null(await earlier.HearAsync());
        Assert.NotNull((await later.AskAsync(new AgentMessage { WorkRequest = new WorkRequest() })).NoWork);
    }

    [Fact]
    public async Task A_copy_of_a_device_is_turned_away_while_the_first_is_heard_of_and_both_ends_say_so()
    {
        await using var first = await FakeAgent.ConnectAsync(silo, machine: ("here", "1"));
        await using (var copy = FakeAgent.Open(silo, first.Device))
        {
            var refused = (await copy.AskAsync(new AgentMessage { Hello = FakeAgent.Hello(first.Device, machine: ("there", "2")) })).Refused;
            Assert.Contains("Another agent has this identity", refused.Reason);
            Assert.Contains("fleet-agent reset-identity", refused.Reason);
            Assert.Equal(ProtocolVersion.Current, refused.ProtocolVersion);
            Assert.Null(await copy.HearAsync());
        }

        Assert.NotNull((await first.AskAsync(new AgentMessage { WorkRequest = new WorkRequest() })).NoWork);
        var rival = (await DeviceAsync()).Rival;
        Assert.Equal("board-" + first.Device[..4], rival?.Name);
        Assert.StartsWith("127.0.0.1:", rival!.Address, StringComparison.Ordinal);
        var why = await silo.GetAsync($"/api/why/{first.Device}", ProtocolJson.Default.Explanation);
        Assert.Equal("same-identity", why.Causes[0].Kind.Word());

        // A first one that has missed its heartbeats is not there any longer: a board that was moved, or booted again.
        time.Advance(TimeSpan.FromSeconds(6));
        await using var moved = await FakeAgent.ConnectAsync(silo, first.Device, machine: ("there", "2"));
        Assert.Contains("Another agent has this identity", (await first.HearAsync())!.Refused.Reason);
        time.Advance(TimeSpan.FromMinutes(16));
        Assert.Null((await DeviceAsync()).Rival);
    }

    private async Task<DeviceSummary> DeviceAsync() => Assert.Single(await silo.GetAsync("/api/devices", ProtocolJson.Default.DeviceSummaryArray));

    [Fact]
    public async Task A_device_that_enrolled_is_listed_with_what_it_says_of_itself()
    {
        await using var agent = await FakeAgent.ConnectAsync(silo, arch: "arm64");
        var beat = new Heartbeat { State = AgentState.Preparing, Activity = "fetching models" };
        beat.Telemetry.Add("temperature_celsius", 48.5);
        beat.Telemetry.Add("load_1m", double.NaN);
        Assert.NotNull((await agent.AskAsync(new AgentMessage { Heartbeat = beat })).HeartbeatAnswer);

        var device = Assert.Single(await silo.GetAsync("/api/devices", ProtocolJson.Default.DeviceSummaryArray));
        Assert.Equal(
            (agent.Device, "preparing", "Test Board", "arm64", "fetching models"),
            (device.Device, device.State.Word(), device.Board, device.Arch, device.Activity));
        Assert.Equal("arm64", device.Tags["arch"]);
        Assert.Equal([new KeyValuePair<string, double>("temperature_celsius", 48.5)], device.Telemetry);
    }
}
