using System.Diagnostics;
using Fleet.DeviceAgent.Diagnostics;
using Fleet.DeviceAgent.Tests.Support;
using Fleet.Os.Processes;
using Fleet.Os.State;
using Fleet.Protocol;
using Fleet.Protocol.V1;

namespace Fleet.DeviceAgent.Tests.Hosting;

/// <summary>A whole agent against a silo in this process; its workers are scripts.</summary>
public sealed class AgentTests : IAsyncLifetime
{
    private readonly TemporaryFolder temporary = new();
    private FakeSilo silo = null!;

    private string State => temporary.File("state");

    private string Journal => Path.Combine(State, "journal");

    public async ValueTask InitializeAsync() => silo = await FakeSilo.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await silo.DisposeAsync();
        temporary.Dispose();
    }

    [Fact]
    public async Task It_enrols_with_what_it_is_and_stays_the_same_device()
    {
        Hello first;
        await using (Agent())
        {
            first = (await silo.HearAsync(message => message.Hello is not null, "Hello")).Hello;
            await silo.HearAsync(message => message.WorkRequest is not null, "a request for work");
        }

        Assert.Equal(ProtocolVersion.Current, first.ProtocolVersion);
        Assert.True(Guid.TryParse(first.Device, out _));
        Assert.Equal("bench", first.Name);
        Assert.Equal("attic", first.Tags["room"]);
        Assert.Equal("jit", first.Board.Runtime);
        Assert.Equal(Environment.ProcessorCount, first.Board.Cores);
        Assert.NotEqual("", first.Board.Isa);
        Assert.NotEqual("", first.Board.Model);
        Assert.NotEqual("", first.Board.Machine);
        Assert.Equal("", first.Session);

        await using var again = Agent();
        await Until.TrueAsync(() => silo.Heard.Count(message => message.Hello is not null) == 2, "the second Hello");
        Assert.Equal(first.Device, silo.Heard.Last(message => message.Hello is not null).Hello.Device);
    }

    [Fact]
    public async Task A_silo_that_wants_its_token_is_told_it_as_soon_as_it_is_there()
    {
        var token = AccessToken.ReadOrCreate(temporary.Path);
        silo.Authorization = token.Header;
        GrantOnce();
        await using var agent = Agent(Workers.Answers("session-1/dense/window") + Workers.Answers("session-1/hmd-4x/window"));
        var place = Path.Combine(State, "token");
        await Until.TrueAsync(
            () => agent.Log.Text.Contains($"it wants its token, and there is no file {place}", StringComparison.Ordinal),
            "the agent says what it lacks");
        Assert.Contains("--token-file", agent.Log.Lines.Last(), StringComparison.Ordinal);
        Assert.Empty(silo.Heard);

        // As a person would copy it; artefacts need it, too.
        File.Copy(Path.Combine(temporary.Path, AccessToken.FileName), place);
        await silo.HearAsync(message => message.SessionEnded is not null, "the session's end");
        Assert.NotEmpty(silo.Requests);
        Assert.Equal(2, silo.Reports.Count());
    }

    [Fact]
    public async Task A_token_that_the_silo_does_not_accept_is_named()
    {
        silo.Authorization = "Bearer another";
        Directory.CreateDirectory(State);
        AccessToken.ReadOrCreate(State);
        await using var agent = Agent();
        await Until.TrueAsync(
            () => agent.Log.Text.Contains($"it does not accept the token in {Path.Combine(State, "token")}", StringComparison.Ordinal),
            "the agent says which token");
    }

    [Fact]
    public async Task It_sends_heartbeats_with_telemetry()
    {
        await using var agent = Agent();
        await Until.TrueAsync(() => silo.Heard.Count(message => message.Heartbeat is not null) > 3, "four heartbeats");

        var beat = silo.Heard.Last(message => message.Heartbeat is not null).Heartbeat;
        Assert.Equal(AgentState.Idle, beat.State);
        Assert.True(beat.Telemetry["memory_available_bytes"] > 1e6);
    }

    [Fact]
    public async Task A_session_is_measured_reported_and_forgotten_when_stored()
    {
        var lease = GrantOnce();
        await using var agent = Agent(Workers.Answers("session-1/dense/window") + Workers.Answers("session-1/hmd-4x/window"));
        var ended = (await silo.HearAsync(message => message.SessionEnded is not null, "the session's end")).SessionEnded;
        await Until.TrueAsync(() => Directory.GetFiles(Journal).Length == 0, "the journal is empty");

        Assert.Equal(("session-1", 1UL, "", false), (ended.Session, ended.Epoch, ended.Failure, ended.Interrupted));
        var reports = silo.Reports.ToList();
        Assert.Equal(["session-1/dense/window", "session-1/hmd-4x/window"], reports.Select(report => report.Run));
        Assert.Equal("key-hmd-4x", reports[1].Variant);
        Assert.Equal(lease.Variants[1].Model.Sha256, reports[1].ModelSha256);
        Assert.Equal("{\"made_by\":\"a script\"}", reports[1].Measurement.ToStringUtf8());
        Assert.Equal("", reports[1].Failure);
        Assert.Equal(new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), reports[1].StartedAt.ToDateTime());
        await Until.TrueAsync(() => silo.Heard.Count(message => message.WorkRequest is not null) >= 2, "the agent asks again");
    }

    [Fact]
    public async Task A_worker_that_crashes_is_reported_and_what_it_answered_before_stays()
    {
        GrantOnce();
        await using var agent = Agent(Workers.Answers("session-1/dense/window") + "echo out of breath >&2; sleep 0.2; kill -11 $$");
        await Until.TrueAsync(() => silo.Reports.Count() == 2, "both runs are answered");

        var reports = silo.Reports.ToList();
        Assert.Equal("", reports[0].Failure);
        Assert.Contains("signal 11", reports[1].Failure, StringComparison.Ordinal);
        Assert.Contains("out of breath", reports[1].Failure, StringComparison.Ordinal);
        Assert.Equal(("", "worker-died"), (reports[0].FailureCode, reports[1].FailureCode));
        Assert.True(reports[1].Measurement.IsEmpty);
        await silo.HearAsync(message => message.SessionEnded is not null, "the agent lives on");
    }

    [Fact]
    public async Task A_line_that_is_no_event_of_a_worker_is_told_when_it_dies()
    {
        GrantOnce();
        await using var agent = Agent("""echo '{"kind":"farewell"}'; echo '{"text":"no kind"}'; sleep 0.2; kill -11 $$""");
        await Until.TrueAsync(() => silo.Reports.Count() == 2, "both runs are answered");

        Assert.All(silo.Reports, report => Assert.Contains("farewell", report.Failure, StringComparison.Ordinal));
        Assert.All(silo.Reports, report => Assert.Contains("no kind", report.Failure, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("kill -9 $$", "signal 9")]
    [InlineData("exit 130", "asked to stop")]
    public async Task A_worker_that_somebody_killed_leaves_its_open_runs_for_another_session(string end, string reported)
    {
        GrantOnce();
        await using var agent = Agent(Workers.Answers("session-1/dense/window") + "sleep 0.2; " + end);
        var ended = (await silo.HearAsync(message => message.SessionEnded is not null, "the session's end")).SessionEnded;

        Assert.Contains(reported, ended.Failure, StringComparison.Ordinal);
        Assert.False(ended.Interrupted);
        Assert.Equal("session-1/dense/window", Assert.Single(silo.Reports).Run);
        await Until.TrueAsync(() => silo.Heard.Count(message => message.WorkRequest is not null) == 2, "the agent asks again");
    }

    [Fact]
    public async Task A_worker_that_cannot_be_started_is_reported()
    {
        GrantOnce();
        await using var agent = new RunningAgent(silo.Grpc, State, _ => new ProcessStartInfo("/nowhere/fleet-agent"));
        await Until.TrueAsync(() => silo.Reports.Count() == 2, "both runs are answered");

        Assert.All(silo.Reports, report => Assert.Contains("could not be started", report.Failure, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_worker_that_ends_well_but_leaves_runs_open_is_told_on()
    {
        GrantOnce();
        await using var agent = Agent(Workers.Answers("session-1/dense/window"));
        await Until.TrueAsync(() => silo.Reports.Count() == 2, "both runs are answered");

        Assert.Contains("without an answer", silo.Reports.Last().Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_measured_while_the_silo_is_gone_are_delivered_when_it_is_back()
    {
        GrantOnce();
        var gate = temporary.File("go-on");
        var answers = Workers.Answers("session-1/dense/window") + Workers.Answers("session-1/hmd-4x/window");
        await using var agent = Agent($"while [ ! -e {gate} ]; do sleep 0.05; done; {answers}");
        await silo.HearAsync(message => message.Heartbeat?.Activity == "starting the measuring worker", "the worker runs");

        var port = silo.GrpcPort;
        await silo.DisposeAsync();
        File.WriteAllText(gate, "");
        await Until.TrueAsync(() => Directory.GetFiles(Journal, "*.report").Length == 2, "both results are in the journal");
        await Until.TrueAsync(() => agent.Log.Text.Contains("Session session-1 is done", StringComparison.Ordinal), "the session is over");
        silo = await FakeSilo.StartAsync(port);
        await Until.TrueAsync(() => Directory.GetFiles(Journal, "*.report").Length == 0, "both results are delivered");

        Assert.Equal(["session-1/dense/window", "session-1/hmd-4x/window"], silo.Reports.Select(report => report.Run).Distinct());
        Assert.Equal("", silo.Heard[0].Hello.Session);
        Assert.Single(agent.Log.Lines, line => line.Contains("cannot be reached", StringComparison.Ordinal));
        Assert.Single(agent.Log.Lines, line => line.Contains("again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Results_of_an_agent_that_was_killed_are_delivered_by_the_next_one()
    {
        GrantOnce();
        silo.Judge = _ => null;
        await using (Agent(Workers.Answers("session-1/dense/window") + Workers.Answers("session-1/hmd-4x/window")))
        {
            await Until.TrueAsync(() => silo.Reports.Count() == 2, "both results are sent, and not answered");
        }

        Assert.Equal(2, Directory.GetFiles(Journal, "*.report").Length);
        silo.Judge = report => new ReportAnswer { Run = report.Run, Session = report.Session, Outcome = ReportOutcome.Superseded };
        await using var next = Agent();
        await Until.TrueAsync(() => Directory.GetFiles(Journal, "*.report").Length == 0, "both are delivered");

        Assert.Equal(4, silo.Reports.Count());
    }

    [Fact]
    public async Task A_lease_taken_back_stops_the_worker_and_leaves_no_reports()
    {
        GrantOnce();
        await using var agent = Agent("echo $$ > " + temporary.File("pid") + "; cat > /dev/null");
        await Until.TrueAsync(() => File.Exists(temporary.File("pid")), "the worker runs");
        using var worker = Process.GetProcessById(int.Parse(await ReadWholeAsync(temporary.File("pid"))));

        await silo.SayAsync(new SiloMessage { LeaseRevoked = new LeaseRevoked { Session = "session-1", Epoch = 1, Reason = "paused" } });
        await Until.TrueAsync(() => silo.Heard.Count(message => message.WorkRequest is not null) == 2, "the agent asks for other work");

        Assert.True(worker.HasExited);
        Assert.Empty(silo.Reports);
        Assert.DoesNotContain(silo.Heard, message => message.SessionEnded is not null);
    }

    [Fact]
    public async Task A_stopped_agent_ends_even_if_its_worker_does_not_listen_and_gives_the_lease_back()
    {
        GrantOnce();
        await using var agent = Agent("echo $$ > " + temporary.File("pid") + "; exec sleep 600");
        await Until.TrueAsync(() => File.Exists(temporary.File("pid")), "the worker runs");
        using var worker = Process.GetProcessById(int.Parse(await ReadWholeAsync(temporary.File("pid"))));

        await agent.StopAsync();

        Assert.True(worker.HasExited);
        var ended = (await silo.HearAsync(message => message.SessionEnded is not null, "the lease is given back")).SessionEnded;
        Assert.True(ended.Interrupted);
        Assert.Empty(silo.Reports);
    }

    [Fact]
    public async Task An_agent_of_another_protocol_version_stops_and_names_both_numbers_and_what_to_upgrade()
    {
        silo.Welcome = _ => new SiloMessage { Refused = new Refused { Reason = "This silo is newer.", ProtocolVersion = ProtocolVersion.Current + 1 } };
        await using var agent = Agent();

        var error = await Assert.ThrowsAsync<AgentException>(() => agent.Run.WaitAsync(Until.Limit));

        Assert.Equal(ExitCodes.Failed, error.ExitCode);
        Assert.Contains(
            $"the agent speaks protocol version {ProtocolVersion.Current}, the silo {ProtocolVersion.Current + 1}",
            error.Message,
            StringComparison.Ordinal);
        Assert.Contains("Upgrade the agent", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_agent_on_the_same_state_is_told_so()
    {
        await using var first = Agent();

        var error = Assert.Throws<AgentException>(() => new RunningAgent(silo.Grpc, State));

        Assert.Contains($"Another agent is running on the state folder {State}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_id_that_is_damaged_is_an_error_that_says_what_to_do()
    {
        Directory.CreateDirectory(State);
        File.WriteAllText(Path.Combine(State, "device-id"), "me");

        var error = Assert.Throws<AgentException>(() => new RunningAgent(silo.Grpc, State));

        Assert.Contains("delete the file to enrol as a new device", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_cannot_be_had_fails_its_runs_and_the_others_are_measured()
    {
        var lease = GrantOnce();
        silo.Artefacts.TryRemove(lease.Variants[1].Model.Sha256, out _);
        await using var agent = Agent(Workers.Answers("session-1/dense/window"));
        await Until.TrueAsync(() => silo.Reports.Count() == 2, "both runs are answered");

        Assert.Contains("does not have", silo.Reports.Single(report => report.Variant == "key-hmd-4x").Failure, StringComparison.Ordinal);
        Assert.Equal("", silo.Reports.Single(report => report.Variant == "key-dense").Failure);
    }

    [Theory]
    [InlineData("engine")]
    [InlineData("reference")]
    [InlineData("phase")]
    [InlineData("test set")]
    public async Task A_lease_that_this_agent_cannot_serve_fails_with_the_reason(string fault)
    {
        GrantOnce(lease =>
        {
            switch (fault)
            {
                case "engine":
                    lease.Engine = "onnxruntime";
                    break;
                case "reference":
                    lease.Reference = "key-none";
                    break;
                case "phase":
                    lease.Variants.SelectMany(variant => variant.Runs).ToList().ForEach(run => run.Phase = "sustained");
                    break;
                default:
                    silo.Artefacts.TryRemove(lease.TestSet.Sha256, out _);
                    break;
            }
        });
        await using var agent = Agent("exit 0");
        await Until.TrueAsync(() => silo.Reports.Count() == 2, "both runs are answered");

        var expected = fault switch { "engine" => "'onnxruntime'", "reference" => "'key-none'", "phase" => "'sustained'", _ => "does not have" };
        Assert.All(silo.Reports, report => Assert.Contains(expected, report.Failure, StringComparison.Ordinal));
    }

    private static async Task<string> ReadWholeAsync(string path)
    {
        await Until.TrueAsync(() => File.ReadAllText(path).EndsWith('\n'), "the file is whole");
        return File.ReadAllText(path);
    }

    private RunningAgent Agent(string script = "exit 0") => new(silo.Grpc, State, Workers.Script(script));

    /// <summary>The first request for work is granted with two variants; later ones find nothing to do.</summary>
    private Lease GrantOnce(Action<Lease>? change = null)
    {
        var message = Support.Leases.Of(silo.Add([1, 2, 3]), silo.Add([4, 5]), silo.Add([6, 7]));
        change?.Invoke(message.Lease);
        var nothing = silo.Work;
        var granted = 0;
        silo.Work = () => Interlocked.Exchange(ref granted, 1) == 0 ? message : nothing();
        return message.Lease;
    }
}
