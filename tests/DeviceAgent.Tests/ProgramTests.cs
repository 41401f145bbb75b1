using System.Diagnostics;
using System.Text.Json;
using Fleet.DeviceAgent.Tests.Support;
using Fleet.Os.Machines;
using Fleet.Os.Processes;
using Fleet.Os.State;
using Fleet.Protocol;
using Fleet.Protocol.V1;

namespace Fleet.DeviceAgent.Tests;

/// <summary>fleet-agent as people and services run it: a process with arguments, signals and an exit code.</summary>
public sealed class ProgramTests : IAsyncLifetime
{
    private readonly TemporaryFolder temporary = new();
    private readonly List<string> output = [];
    private readonly List<string> errors = [];
    private FakeSilo silo = null!;

    private string State => temporary.File("state");

    private string Errors => string.Join('\n', errors.ToArray());

    public async ValueTask InitializeAsync() => silo = await FakeSilo.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await silo.DisposeAsync();
        temporary.Dispose();
    }

    [Theory]
    [InlineData("TERM", ExitCodes.Done)]
    [InlineData("INT", ExitCodes.Interrupted)]
    [InlineData("HUP", ExitCodes.Interrupted)]
    public async Task A_signal_stops_it(string signal, int exitCode)
    {
        await using var agent = Run();
        await silo.HearAsync(message => message.WorkRequest is not null, "the agent asks for work");

        await KillAsync(signal, agent.Id);
        await agent.WaitAsync(CancellationToken.None).WaitAsync(Until.Limit);

        Assert.Equal(exitCode, agent.ExitCode);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("HUP")]
    public async Task A_child_leaves_the_terminals_signals_to_its_parent_and_stops_with_it(string signal)
    {
        await using var agent = Run("--child");
        await silo.HearAsync(message => message.WorkRequest is not null, "the agent asks for work");

        await KillAsync(signal, agent.Id);
        var beats = silo.Heard.Count(message => message.Heartbeat is not null);
        await Until.TrueAsync(() => silo.Heard.Count(message => message.Heartbeat is not null) > beats + 2, "its heart goes on beating");
        await agent.StopAsync(Until.Limit);

        Assert.Equal(ExitCodes.Done, agent.ExitCode);
    }

    [Fact]
    public async Task A_measuring_worker_dies_with_its_agent_even_if_that_is_killed()
    {
        var message = Support.Leases.Of(silo.Add(SmallModels.TestSet), silo.Add(SmallModels.Dense));
        message.Lease.Protocol.MinRounds = message.Lease.Protocol.MaxRounds = 100_000;
        message.Lease.Protocol.TimeLimitSeconds = 600;
        silo.Work = () => message;
        await using var agent = Run();
        await silo.HearAsync(said => said.Heartbeat?.State == AgentState.Measuring, "the worker measures");
        var worker = Workers(agent.Id).Single();

        await KillAsync("KILL", agent.Id);

        await Until.TrueAsync(() => worker.HasExited, "the worker is gone, too");
    }

    [Fact]
    public async Task An_agent_that_is_refused_says_why_and_exits_with_1()
    {
        silo.Welcome = _ => new SiloMessage { Refused = new Refused { Reason = "Another version.", ProtocolVersion = ProtocolVersion.Current + 6 } };

        Assert.Equal(ExitCodes.Failed, await EndAsync(Run()));

        Assert.Contains(
            $"fleet-agent: The silo refused this agent: the agent speaks protocol version {ProtocolVersion.Current}, the silo {ProtocolVersion.Current + 6}",
            Errors,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_whose_identity_another_one_has_stops_and_says_what_to_do()
    {
        var agent = Run();
        var hello = (await silo.HearAsync(message => message.Hello is not null, "the agent introduces itself")).Hello;
        Assert.NotEmpty(hello.Instance);
        await silo.HearAsync(message => message.WorkRequest is not null, "the agent asks for work");

        var refused = new Refused { Reason = "Another agent has this identity.", ProtocolVersion = ProtocolVersion.Current };
        await silo.SayAsync(new SiloMessage { Refused = refused });

        Assert.Equal(ExitCodes.Failed, await EndAsync(agent));
        Assert.Contains("fleet-agent: The silo refused this agent: Another agent has this identity.", Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_whose_identity_was_reset_is_another_device()
    {
        Assert.Equal(ExitCodes.Usage, await EndAsync(Start(["reset-identity", "--state", State])));
        Assert.Contains("No agent has used the state folder", Errors, StringComparison.Ordinal);

        await using (var agent = Run())
        {
            await silo.HearAsync(message => message.Hello is not null, "the agent introduces itself");
            Assert.Equal(ExitCodes.Failed, await EndAsync(Start(["reset-identity", "--state", State])));
            Assert.Contains("Another agent is running on the state folder", Errors, StringComparison.Ordinal);
        }

        // Also where what a damaged card holds is no identity any longer.
        var before = silo.Heard.First(message => message.Hello is not null).Hello.Device;
        await File.WriteAllTextAsync(Path.Combine(State, "device-id"), "\0\0\0", TestContext.Current.CancellationToken);
        Assert.Equal(ExitCodes.Done, await EndAsync(Start(["reset-identity", "--state", State])));

        await using var again = Run();
        var after = (await silo.HearAsync(message => message.Hello is { } hello && hello.Device != before, "another device introduces itself")).Hello.Device;
        Assert.Contains(output, line => line.Contains($"is now device {after}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_agent_on_the_same_state_says_so_and_exits_with_1()
    {
        await using var first = Run();
        await silo.HearAsync(message => message.Hello is not null, "the first agent");

        Assert.Equal(ExitCodes.Failed, await EndAsync(Run()));

        Assert.Contains("fleet-agent: Another agent is running on the state folder", Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--silo nowhere", "an address is http://HOST:PORT")]
    [InlineData("--tag attic", "a tag is key=value")]
    [InlineData("--tag arch=arm64", "cannot be given")]
    [InlineData("--cache 0", "at least 1")]
    [InlineData("--sillo http://127.0.0.1:5081", "--sillo")]
    public async Task Wrong_usage_is_explained_and_exits_with_2(string arguments, string explanation)
    {
        Assert.Equal(ExitCodes.Usage, await EndAsync(Start(["run", .. arguments.Split(' ')])));

        Assert.Contains(explanation, Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Usage:", string.Join('\n', [.. errors, .. output]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "cannot be read")]
    [InlineData("{\"session\": \"s\"}", "missing required")]
    public async Task A_worker_without_a_sound_plan_says_so_and_exits_with_2(string? plan, string explanation)
    {
        if (plan is not null)
        {
            File.WriteAllText(temporary.File("plan.json"), plan);
        }

        Assert.Equal(ExitCodes.Usage, await EndAsync(Start(["worker", "--plan", temporary.File("plan.json")])));

        Assert.Contains(explanation, Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_prints_one_JSON_document_and_finds_the_silo()
    {
        Assert.Equal(ExitCodes.Done, await EndAsync(Start(["doctor", "--json", "--state", State, "--silo", silo.Grpc.ToString()])));

        using var diagnosis = JsonDocument.Parse(string.Join('\n', output));
        Assert.True(diagnosis.RootElement.GetProperty("sound").GetBoolean());
        var findings = diagnosis.RootElement.GetProperty("findings").EnumerateArray().ToDictionary(finding => finding.GetProperty("name").GetString()!);
        foreach (var name in new[] { "board", "processor", "governor", "temperature", "throttling", "timer", "machine lock", "state", "silo" })
        {
            Assert.NotEqual("", findings[name].GetProperty("value").GetString());
            Assert.Contains(findings[name].GetProperty("severity").GetString(), new[] { "ok", "note" });
        }

        Assert.Equal("ok", findings["silo"].GetProperty("severity").GetString());
    }

    [Fact]
    public async Task The_doctor_says_where_a_silo_wants_its_token()
    {
        silo.Authorization = AccessToken.ReadOrCreate(temporary.Path).Header;
        string[] doctor = ["doctor", "--state", State, "--silo", silo.Grpc.ToString(), "--token-file"];
        Assert.Equal(ExitCodes.Failed, await EndAsync(Start([.. doctor, temporary.File("none")])));
        Assert.Contains(output, line => line.Contains($"it wants its token, and there is no file {temporary.File("none")}", StringComparison.Ordinal));

        output.Clear();
        Assert.Equal(ExitCodes.Done, await EndAsync(Start([.. doctor, temporary.File("token")])));
    }

    [Theory]
    [InlineData("run", "--state", "", "--state is empty")]
    [InlineData("doctor", "--state", " ", "--state is empty")]
    [InlineData("run", "--token-file", "", "--token-file is empty")]
    public async Task An_empty_place_is_wrong_usage(string command, string option, string value, string explanation)
    {
        Assert.Equal(ExitCodes.Usage, await EndAsync(Start([command, option, value])));
        Assert.Contains(explanation, Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9/", "does not answer")]
    [InlineData("http", "")]
    public async Task The_doctor_fails_where_no_silo_answers(string address, string explanation)
    {
        // The second: the silo's HTTP address, a likely mistake.
        Assert.Equal(ExitCodes.Failed, await EndAsync(Start(["doctor", "--state", State, "--silo", address == "http" ? silo.ArtefactsUrl : address])));

        Assert.Contains(output, line => line.StartsWith("! silo", StringComparison.Ordinal) && line.Contains(explanation, StringComparison.Ordinal));
        Assert.Contains(output, line => line.Contains("5081 by default", StringComparison.Ordinal));
    }

    private ChildProcess Run(params string[] arguments) => Start(["run", "--silo", silo.Grpc.ToString(), "--state", State, .. arguments]);

    private ChildProcess Start(string[] arguments)
    {
        var start = AgentProgram.StartInfo(arguments);
        start.Environment[MachineLock.Variable] = temporary.File("machine");
        return ChildProcess.Start(start, line => Add(output, line), line => Add(errors, line));
    }

    private static async Task<int> EndAsync(ChildProcess process)
    {
        await using (process)
        {
            await process.WaitAsync(CancellationToken.None).WaitAsync(Until.Limit);
            return process.ExitCode;
        }
    }

    private static IEnumerable<Process> Workers(int agent) => Directory.GetDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
        .Where(id => id != 0 && Status(id).Contains($"\nPPid:\t{agent}\n", StringComparison.Ordinal))
        .Select(Process.GetProcessById);

    private static string Status(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/status");
        }
        catch (IOException)
        {
            // Processes of others come and go.
            return "";
        }
    }

    private static async Task KillAsync(string signal, int process)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        await kill.WaitForExitAsync();
    }

    private static void Add(List<string> lines, string line)
    {
        lock (lines)
        {
            lines.Add(line);
        }
    }
}
