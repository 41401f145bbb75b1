using Fleet.DeviceAgent.Diagnostics;
using Fleet.DeviceAgent.Journal;
using Fleet.Protocol.V1;

namespace Fleet.DeviceAgent.Leases;

/// <summary>
/// What the agent decides: when to ask for work, take a lease, speak up, and let go of a result. Plain: it knows no connection,
/// process or clock but those given, and is called by one thread at a time.
/// </summary>
internal sealed class AgentCore(ResultJournal journal, IAgentActions actions, TimeProvider time, AgentLog log)
{
    /// <summary>A silo that forgot the question is asked again.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DefaultHeartbeat = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MinWait = TimeSpan.FromMilliseconds(100);

    /// <summary>Between two attempts at a session for which the disk has no space.</summary>
    private static readonly TimeSpan RoomPause = TimeSpan.FromMinutes(1);
    private const string Idle = "idle";

    private readonly DeliveryRetries retries = new(time);
    private Welcome? welcome;
    private HeldSession? held;
    private string idleActivity = Idle;
    private bool stopping;
    private DateTimeOffset askAt;
    private DateTimeOffset heartbeatAt;

    /// <summary>When <see cref="OnTick"/> has something to do; null while there is no silo.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            if (welcome is null || stopping)
            {
                return null;
            }

            var due = retries.NextDue is { } retry && retry < heartbeatAt ? retry : heartbeatAt;
            return held is null && askAt < due ? askAt : due;
        }
    }

    /// <summary>Completes the introduction with the session that is still held.</summary>
    public Hello Introduce(Hello hello)
    {
        hello.Session = held?.Id ?? "";
        hello.Epoch = held?.Epoch ?? 0;
        return hello;
    }

    public void OnWelcome(Welcome said)
    {
        welcome = said;
        retries.Clear();
        foreach (var report in journal.Pending)
        {
            actions.Send(new AgentMessage { RunReport = report });
        }

        SendHeartbeat();
        if (held is null)
        {
            Ask();
        }
    }

    public void OnDisconnected() => welcome = null;

    public void OnMessage(SiloMessage message)
    {
        switch (message.BodyCase)
        {
            case SiloMessage.BodyOneofCase.Lease:
                Take(message.Lease);
                break;

            case SiloMessage.BodyOneofCase.NoWork:
                var wait = TimeSpan.FromSeconds(double.IsFinite(message.NoWork.RetryAfterSeconds) ? Math.Clamp(message.NoWork.RetryAfterSeconds, 0, 3600) : 0);
                askAt = time.GetUtcNow() + (wait > MinWait ? wait : MinWait);
                break;

            case SiloMessage.BodyOneofCase.LeaseRevoked:
                Revoke(message.LeaseRevoked);
                break;

            case SiloMessage.BodyOneofCase.ReportAnswer:
                Answer(message.ReportAnswer);
                break;

            default:
                // A heartbeat's answer says until when the lease holds: the silo acts on that, the agent does not. Others are a newer silo's.
                break;
        }
    }

    public void OnTick()
    {
        if (welcome is null || stopping)
        {
            return;
        }

        var now = time.GetUtcNow();
        foreach (var (run, session) in retries.TakeDue())
        {
            if (journal.Find(run, session) is { } report)
            {
                actions.Send(new AgentMessage { RunReport = report });
            }
        }

        if (heartbeatAt <= now)
        {
            SendHeartbeat();
        }

        if (held is null && askAt <= now)
        {
            Ask();
        }
    }

    /// <summary>A run of the session at hand has ended; the journal has it before the silo does.</summary>
    public void OnReport(RunReport report)
    {
        journal.Secure();
        journal.Add(report);
        log.Write($"Run {report.Run} of session {report.Session} {(report.Failure.Length == 0 ? "is measured" : $"failed: {report.Failure}")}");
        actions.Send(new AgentMessage { RunReport = report });
    }

    public void OnActivity(AgentState state, double progress, string activity)
    {
        if (held is null)
        {
            return;
        }

        var changed = held.State != state;
        (held.State, held.Progress, held.Activity) = (state, progress, activity);
        if (changed && welcome is not null)
        {
            SendHeartbeat();
        }
    }

    public void OnSessionOver(SessionOutcome outcome)
    {
        if (held is not { } over)
        {
            return;
        }

        held = null;
        if (!over.Revoked)
        {
            log.Write(
                stopping ? $"Session {over.Id} was interrupted."
                : outcome.Failure.Length == 0 ? $"Session {over.Id} is done."
                : $"Session {over.Id} failed: {outcome.Failure}");
            SendEnd(over.Id, over.Epoch, outcome.Failure, interrupted: stopping || outcome.OutOfSpace);
        }

        if (welcome is not null && !stopping)
        {
            idleActivity = outcome.OutOfSpace ? outcome.Failure : Idle;
            SendHeartbeat();
            if (outcome.OutOfSpace)
            {
                askAt = time.GetUtcNow() + RoomPause;
            }
            else
            {
                Ask();
            }
        }
    }

    /// <summary>The process is about to end: no new session, and the one at hand is given back.</summary>
    public void OnStopping()
    {
        stopping = true;
        journal.Secure();
        if (held is not null)
        {
            actions.StopSession();
        }
    }

    private void Take(Lease lease)
    {
        if (held?.Id == lease.Session)
        {
            return;
        }

        if (held is not null || stopping)
        {
            var why = stopping ? "the agent is stopping" : $"the agent holds session {held!.Id}";
            SendEnd(lease.Session, lease.Epoch, why, interrupted: true);
            return;
        }

        held = new HeldSession(lease);
        log.Write($"Session {lease.Session}: {lease.Variants.Count} variants of {lease.Task} for campaign {lease.Campaign}.");
        actions.StartSession(lease, welcome?.ArtefactsUrl ?? "");
    }

    private void Revoke(LeaseRevoked revoked)
    {
        if (held is null || held.Id != revoked.Session || revoked.Epoch < held.Epoch || held.Revoked)
        {
            return;
        }

        held.Revoked = true;
        log.Write($"Session {held.Id} was taken back: {revoked.Reason}");
        actions.StopSession();
    }

    private void Answer(ReportAnswer answer)
    {
        switch (answer.Outcome)
        {
            case ReportOutcome.Stored or ReportOutcome.Superseded:
                journal.Forget(answer.Run, answer.Session);
                retries.Forget(answer.Run, answer.Session);
                break;

            case ReportOutcome.Rejected:
                // Perhaps it is another silo that is asked now: what was measured is kept for its owner.
                if (journal.Reject(answer.Run, answer.Session) is { } kept)
                {
                    log.Write($"The silo rejected the result of run {answer.Run}: {answer.Reason} It was moved to {kept}.");
                }

                retries.Forget(answer.Run, answer.Session);
                break;

            default:
                retries.Schedule(answer.Run, answer.Session);
                break;
        }
    }

    private void SendEnd(string session, ulong epoch, string failure, bool interrupted) => actions.Send(new AgentMessage
    {
        SessionEnded = new SessionEnded { Session = session, Epoch = epoch, Failure = failure, Interrupted = interrupted },
    });

    private void Ask()
    {
        actions.Send(new AgentMessage { WorkRequest = new WorkRequest { Undelivered = { journal.Pending.Select(report => report.Run).Distinct() } } });
        askAt = time.GetUtcNow() + AnswerLimit;
        idleActivity = Idle;
    }

    private void SendHeartbeat()
    {
        var interval = TimeSpan.FromSeconds(welcome is { HeartbeatSeconds: > 0 and < 3600 } ? welcome.HeartbeatSeconds : DefaultHeartbeat.TotalSeconds);
        heartbeatAt = time.GetUtcNow() + (interval > MinWait ? interval : MinWait);
        journal.Secure();
        var heartbeat = new Heartbeat
        {
            State = held?.State ?? AgentState.Idle,
            Session = held?.Id ?? "",
            Epoch = held?.Epoch ?? 0,
            Progress = held?.Progress ?? 0,
            Activity = held?.Activity ?? idleActivity,
            Journalled = journal.Count,
        };
        foreach (var (name, value) in actions.Telemetry())
        {
            heartbeat.Telemetry[name] = value;
        }

        actions.Send(new AgentMessage { Heartbeat = heartbeat });
    }
}
