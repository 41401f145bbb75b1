using Fleet.Protocol;
using Fleet.Protocol.V1;
using Fleet.Silo.Tests.Running;

namespace Fleet.Silo.Tests.Gateway;

public sealed class AgentGatewayTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private RunningSilo silo = null!;

    public async ValueTask InitializeAsync() => silo = await RunningSilo.StartAsync(folder.Path);

    public async ValueTask DisposeAsync()
    {
        await silo.DisposeAsync();
        folder.Dispose();
    }

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
    public async Task A_later_stream_of_a_device_takes_the_place_of_the_earlier_which_is_told_why()
    {
        await using var earlier = await FakeAgent.ConnectAsync(silo);
        await using var later = await FakeAgent.ConnectAsync(silo, earlier.Device);
        Assert.Contains("took the place", (await earlier.HearAsync())!.Refused.Reason);
        Assert.Null(await earlier.HearAsync());
        Assert.NotNull((await later.AskAsync(new AgentMessage { WorkRequest = new WorkRequest() })).NoWork);
    }

    [Fact]
    public async Task A_device_that_enrolled_is_listed_with_what_it_says_of_itself()
    {
        await using var agent = await FakeAgent.ConnectAsync(silo, arch: "arm64");
        var beat = new Heartbeat { State = AgentState.Preparing, Activity = "fetching models" };
        beat.Telemetry.Add("temperature_celsius", 48.5);
        beat.Telemetry.Add("load_1m", double.NaN);
        Assert.NotNull((await agent.AskAsync(new AgentMessage { Heartbeat = beat })).HeartbeatAnswer);

        var device = Assert.Single(await silo.GetAsync("/api/devices", ProtocolJson.Default.DeviceSummaryArray));
        Assert.Equal((agent.Device, "preparing", "Test Board", "arm64", "fetching models"), (device.Device, device.State, device.Board, device.Arch, device.Activity));
        Assert.Equal("arm64", device.Tags["arch"]);
        Assert.Equal([new KeyValuePair<string, double>("temperature_celsius", 48.5)], device.Telemetry);
    }
}
