using Fleet.DeviceAgent.Journal;
using Fleet.DeviceAgent.Leases;
using Fleet.DeviceAgent.Tests.Support;
using Fleet.Protocol.V1;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.DeviceAgent.Tests.Leases;

/// <summary>The agent's decisions, with no connection, process or clock.</summary>
public sealed class AgentCoreTests : IDisposable, IAgentActions
{
    private readonly TemporaryFolder temporary = new();
    private readonly FakeTimeProvider time = new();
    private readonly LogLines log = new();
    private readonly List<AgentMessage> sent = [];
    private readonly List<Lease> started = [];
    private readonly AgentCore core;
    private int stopped;

    public AgentCoreTests() => core = new AgentCore(ResultJournal.Open(temporary.Path, log.Writer), this, time, log.Writer);

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void An_idle_agent_asks_at_once_and_again_when_the_silo_said()
    {
        Welcome();
        Assert.Single(Sent(AgentMessage.BodyOneofCase.WorkRequest));

        core.OnMessage(new SiloMessage { NoWork = new NoWork { RetryAfterSeconds = 3 } });
        Pass(2.9);
        Assert.Single(Sent(AgentMessage.BodyOneofCase.WorkRequest));
        Pass(0.2);
        Assert.Equal(2, Sent(AgentMessage.BodyOneofCase.WorkRequest).Count);
    }

    [Fact]
    public void A_question_that_the_silo_forgot_is_asked_again()
    {
        Welcome();
        Pass(31);

        Assert.Equal(2, Sent(AgentMessage.BodyOneofCase.WorkRequest).Count);
    }

    [Fact]
    public void A_busy_agent_asks_for_nothing()
    {
        Welcome();
        Lease("one");
        Pass(120);

        Assert.Single(Sent(AgentMessage.BodyOneofCase.WorkRequest));
    }

    [Fact]
    public void A_lease_that_is_pushed_while_the_agent_waits_is_taken()
    {
        Welcome();
        core.OnMessage(new SiloMessage { NoWork = new NoWork { RetryAfterSeconds = 3000 } });
        Lease("pushed");

        Assert.Equal("pushed", Assert.Single(started).Session);
    }

    [Fact]
    public void A_second_lease_is_given_back_without_blame()
    {
        Welcome();
        Lease("one");
        Lease("one");
        Lease("two");

        Assert.Single(started);
        var ended = Assert.Single(Sent(AgentMessage.BodyOneofCase.SessionEnded)).SessionEnded;
        Assert.Equal("two", ended.Session);
        Assert.True(ended.Interrupted);
    }

    [Fact]
    public void Heartbeats_come_at_the_silos_interval_with_state_progress_and_the_journals_length()
    {
        Welcome(heartbeatSeconds: 2);
        Lease("one");
        core.OnActivity(AgentState.Measuring, 0.25, "measuring window, round 3");
        Report("run-1");
        sent.Clear();
        Pass(10);

        var beats = Sent(AgentMessage.BodyOneofCase.Heartbeat);
        Assert.Equal(5, beats.Count);
        var last = beats[^1].Heartbeat;
        Assert.Equal(("one", 5UL, AgentState.Measuring, 0.25, "measuring window, round 3", 1),
            (last.Session, last.Epoch, last.State, last.Progress, last.Activity, last.Journalled));
        Assert.Equal(45.5, last.Telemetry["temperature_celsius"]);
    }

    [Fact]
    public void A_change_of_state_is_told_at_once()
    {
        Welcome();
        Lease("one");
        sent.Clear();

        core.OnActivity(AgentState.WaitingForMachine, 0, "waiting");
        core.OnActivity(AgentState.WaitingForMachine, 0, "still waiting");

        Assert.Equal(AgentState.WaitingForMachine, Assert.Single(sent).Heartbeat.State);
    }

    [Theory]
    [InlineData(ReportOutcome.Stored)]
    [InlineData(ReportOutcome.Superseded)]
    [InlineData(ReportOutcome.Rejected)]
    public void A_result_is_sent_until_its_final_answer_and_never_after_it(ReportOutcome final)
    {
        Welcome();
        Lease("one");
        Report("run-1");
        core.OnDisconnected();
        Welcome();
        Assert.Equal(2, Sent(AgentMessage.BodyOneofCase.RunReport).Count);

        Answer("run-1", final);
        core.OnDisconnected();
        Welcome();

        Assert.Equal(2, Sent(AgentMessage.BodyOneofCase.RunReport).Count);
    }

    [Fact]
    public void A_result_that_the_silo_cannot_take_yet_is_kept_and_sent_again_ever_more_seldom()
    {
        Welcome();
        Lease("one");
        Report("run-1");
        var at = new List<double>();
        for (var second = 0; second < 60; second++)
        {
            if (Sent(AgentMessage.BodyOneofCase.RunReport).Count > at.Count)
            {
                at.Add(second);
                Answer("run-1", ReportOutcome.Retry);
            }

            Pass(1);
        }

        // Waits of 2, 4, 8 ... seconds, each drawn from its upper half, and seen at the next whole second.
        Assert.Equal(0, at[0]);
        var waits = at.Zip(at.Skip(1), (from, to) => to - from).ToArray();
        Assert.InRange(waits.Length, 4, 5);
        Assert.All(waits.Index(), wait => Assert.InRange(wait.Item, Math.Pow(2, wait.Index), Math.Pow(2, wait.Index + 1)));
    }

    [Fact]
    public void Results_measured_while_the_silo_was_away_are_delivered_in_order_when_it_is_back()
    {
        Welcome();
        Lease("one");
        core.OnDisconnected();
        Report("run-1");
        Report("run-2");
        core.OnSessionOver(SessionOutcome.Done);
        sent.Clear();

        Assert.Equal("", core.Introduce(new Hello()).Session);
        Welcome();

        Assert.Equal(["run-1", "run-2"], Sent(AgentMessage.BodyOneofCase.RunReport).Select(message => message.RunReport.Run));
        Assert.Equal(AgentMessage.BodyOneofCase.WorkRequest, sent[^1].BodyCase);
    }

    [Fact]
    public void A_session_that_goes_on_while_the_silo_is_away_is_named_when_it_is_back()
    {
        Welcome();
        Lease("one");
        core.OnDisconnected();

        var hello = core.Introduce(new Hello());

        Assert.Equal(("one", 5UL), (hello.Session, hello.Epoch));
        Assert.Equal(0, stopped);
    }

    [Fact]
    public void A_lease_taken_back_stops_the_session_and_the_agent_asks_for_other_work()
    {
        Welcome();
        Lease("one");
        core.OnMessage(new SiloMessage { LeaseRevoked = new LeaseRevoked { Session = "one", Epoch = 5, Reason = "the campaign was paused" } });
        Assert.Equal(1, stopped);

        sent.Clear();
        core.OnSessionOver(new SessionOutcome("The session was stopped."));

        Assert.Empty(Sent(AgentMessage.BodyOneofCase.SessionEnded));
        Assert.Single(Sent(AgentMessage.BodyOneofCase.WorkRequest));
        Assert.Contains("the campaign was paused", log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("another", 5)]
    [InlineData("one", 4)]
    public void A_revocation_of_another_session_or_of_an_older_epoch_changes_nothing(string session, ulong epoch)
    {
        Welcome();
        Lease("one");
        core.OnMessage(new SiloMessage { LeaseRevoked = new LeaseRevoked { Session = session, Epoch = epoch } });

        Assert.Equal(0, stopped);
    }

    [Fact]
    public void A_session_that_ended_is_told_with_its_failure_and_the_next_is_asked_for()
    {
        Welcome();
        Lease("one");
        sent.Clear();
        core.OnSessionOver(new SessionOutcome("no address"));

        var ended = Assert.Single(Sent(AgentMessage.BodyOneofCase.SessionEnded)).SessionEnded;
        Assert.Equal(("one", 5UL, "no address", false), (ended.Session, ended.Epoch, ended.Failure, ended.Interrupted));
        Assert.Single(Sent(AgentMessage.BodyOneofCase.WorkRequest));
    }

    [Fact]
    public void A_stopping_agent_gives_its_session_back_without_blame_and_takes_no_other()
    {
        Welcome();
        Lease("one");
        core.OnStopping();
        Assert.Equal(1, stopped);
        sent.Clear();

        core.OnSessionOver(new SessionOutcome("The session was stopped."));
        Lease("two");

        Assert.Equal(["one", "two"], Sent(AgentMessage.BodyOneofCase.SessionEnded).Select(message => message.SessionEnded.Session));
        Assert.All(Sent(AgentMessage.BodyOneofCase.SessionEnded), message => Assert.True(message.SessionEnded.Interrupted));
        Assert.Empty(Sent(AgentMessage.BodyOneofCase.WorkRequest));
        Assert.Single(started);
    }

    [Fact]
    public void A_request_for_work_names_the_runs_whose_results_wait_in_the_journal()
    {
        Welcome();
        Lease("one");
        Report("run-1");
        Report("run-2");
        Answer("run-1", ReportOutcome.Stored);
        Answer("run-2", ReportOutcome.Retry);
        sent.Clear();

        core.OnSessionOver(SessionOutcome.Done);

        Assert.Equal(["run-2"], Assert.Single(Sent(AgentMessage.BodyOneofCase.WorkRequest)).WorkRequest.Undelivered);
    }

    [Fact]
    public void A_session_for_which_the_disk_has_no_space_is_given_back_without_blame_and_tried_again_a_minute_later()
    {
        Welcome();
        Lease("one");
        sent.Clear();

        core.OnSessionOver(new SessionOutcome("The disk is full.", OutOfSpace: true));

        var ended = Assert.Single(Sent(AgentMessage.BodyOneofCase.SessionEnded)).SessionEnded;
        Assert.Equal(("The disk is full.", true), (ended.Failure, ended.Interrupted));
        Assert.Equal("The disk is full.", Assert.Single(Sent(AgentMessage.BodyOneofCase.Heartbeat)).Heartbeat.Activity);
        Pass(59);
        Assert.Empty(Sent(AgentMessage.BodyOneofCase.WorkRequest));
        Pass(2);
        Assert.Single(Sent(AgentMessage.BodyOneofCase.WorkRequest));
        Pass(5);
        Assert.Equal("idle", Sent(AgentMessage.BodyOneofCase.Heartbeat)[^1].Heartbeat.Activity);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-5)]
    [InlineData(double.PositiveInfinity)]
    public void A_wait_that_makes_no_sense_does_not_stop_the_agent(double seconds)
    {
        Welcome(heartbeatSeconds: seconds);
        core.OnMessage(new SiloMessage { NoWork = new NoWork { RetryAfterSeconds = seconds } });
        Pass(1);

        Assert.True(Sent(AgentMessage.BodyOneofCase.WorkRequest).Count is > 1 and < 20);
    }

    void IAgentActions.Send(AgentMessage message) => sent.Add(message.Clone());

    void IAgentActions.StartSession(Lease lease, string artefactsUrl) => started.Add(lease);

    void IAgentActions.StopSession() => stopped++;

    IReadOnlyDictionary<string, double> IAgentActions.Telemetry() => new Dictionary<string, double> { ["temperature_celsius"] = 45.5 };

    private void Welcome(double heartbeatSeconds = 5) => core.OnWelcome(new Welcome { HeartbeatSeconds = heartbeatSeconds });

    private void Lease(string session) => core.OnMessage(new SiloMessage { Lease = new Lease { Session = session, Epoch = 5 } });

    private void Report(string run) => core.OnReport(new RunReport { Run = run, Session = "one", Epoch = 5 });

    private void Answer(string run, ReportOutcome outcome) =>
        core.OnMessage(new SiloMessage { ReportAnswer = new ReportAnswer { Run = run, Session = "one", Outcome = outcome } });

    private List<AgentMessage> Sent(AgentMessage.BodyOneofCase kind) => sent.FindAll(message => message.BodyCase == kind);

    /// <summary>Lets time pass as the agent's loop would: from one due moment to the next.</summary>
    private void Pass(double seconds)
    {
        var end = time.GetUtcNow().AddSeconds(seconds);
        while (core.NextDue is { } due && due <= end)
        {
            if (due > time.GetUtcNow())
            {
                time.SetUtcNow(due);
            }

            core.OnTick();
        }

        time.SetUtcNow(end);
    }
}
