using System.Net;
using Fleet.DeviceAgent.Artefacts;
using Fleet.DeviceAgent.Connection;
using Fleet.DeviceAgent.Diagnostics;
using Fleet.DeviceAgent.Introduction;
using Fleet.DeviceAgent.Journal;
using Fleet.DeviceAgent.Leases;
using Fleet.DeviceAgent.State;
using Fleet.DeviceAgent.Worker;
using Fleet.Measurement.Boards;
using Fleet.Os.Transfer;
using Fleet.Protocol.V1;

namespace Fleet.DeviceAgent.Hosting;

/// <summary>
/// The agent process: ties the decisions of <see cref="AgentCore"/> to a connection, a disk and worker processes.
/// Whatever happens is posted to one mailbox, so that the core sees one event at a time.
/// </summary>
internal sealed class Agent : ISiloConversation, IAgentActions, ISessionEvents, IAsyncDisposable
{
    /// <summary>For the silo to read what was said last.</summary>
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromMilliseconds(500);

    private readonly AgentOptions options;
    private readonly TimeProvider time;
    private readonly AgentLog log;
    private readonly AgentFolder folder;
    private readonly HttpClient http;
    private readonly ArtefactCache cache;
    private readonly AgentCore core;
    private readonly Mailbox mailbox;
    private readonly SiloLink link;
    private readonly BoardRoot root = new();

    // Of the mailbox's thread alone, as all that the core asks for is done there.
    private SiloStream? stream;
    private CancellationTokenSource? sessionStop;
    private Task session = Task.CompletedTask;

    /// <exception cref="AgentException">The state folder cannot be used.</exception>
    public Agent(AgentOptions options, TimeProvider time, AgentLog log)
    {
        this.options = options;
        this.time = time;
        this.log = log;
        folder = AgentFolder.Open(options.StateFolder);
        if (BoardSettings.Restore(Path.Combine(folder.Work, BoardSettings.FileName)) is { } problem)
        {
            log.Write(problem);
        }

        var token = new TokenFile(options.TokenFile);
        var plain = new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None, UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(10) };
        http = new HttpClient(new TokenHandler(token, plain))
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        cache = new ArtefactCache(folder.Artefacts, options.CacheBytes, options.FetchPatience, http, time, log);
        mailbox = new Mailbox(time);
        core = new AgentCore(ResultJournal.Open(folder.Journal, log), this, time, log);
        link = new SiloLink(options.Silo, token, this, new Backoff(options.FirstBackoff, options.MaxBackoff, Random.Shared), time, log);
    }

    /// <summary>Runs until asked to stop: then the worker is stopped, the lease given back, and the journal kept.</summary>
    /// <exception cref="AgentException">The silo refused this agent.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        using var end = new CancellationTokenSource();
        var decisions = mailbox.RunAsync(() => core.NextDue, core.OnTick, end.Token);
        var connection = link.RunAsync(end.Token);
        try
        {
            var asked = Task.Delay(Timeout.Infinite, stop);
            await await Task.WhenAny(connection, decisions, asked.ContinueWith(_ => { }, TaskScheduler.Default)).ConfigureAwait(false);
        }
        finally
        {
            // A mailbox that failed reads no more letters.
            if (!decisions.IsCompleted)
            {
                await StopSessionAsync().ConfigureAwait(false);
            }

            link.Leave();
            await connection.WaitAsync(FarewellLimit, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await end.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(connection, decisions).WaitAsync(FarewellLimit, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public ValueTask DisposeAsync()
    {
        sessionStop?.Dispose();
        http.Dispose();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    Task<Hello> ISiloConversation.IntroduceAsync() =>
        mailbox.CallAsync(() => core.Introduce(DeviceIntroduction.Make(folder.Device, options.Name, options.Tags, BoardProbe.Identify(root))));

    void ISiloConversation.Connected(SiloStream connected) => mailbox.Post(() =>
    {
        stream = connected;
        core.OnWelcome(connected.Welcome);
    });

    void ISiloConversation.Received(SiloMessage message) => mailbox.Post(() => core.OnMessage(message));

    void ISiloConversation.Disconnected() => mailbox.Post(() =>
    {
        stream = null;
        core.OnDisconnected();
    });

    void IAgentActions.Send(AgentMessage message) => stream?.Send(message);

    void IAgentActions.StartSession(Lease lease, string artefactsUrl)
    {
        sessionStop?.Dispose();
        sessionStop = new CancellationTokenSource();
        var work = new LeasedSession(lease, cache, new WorkerProcess(options.Worker), folder.Work, this, time, log);
        session = RunSessionAsync(work, artefactsUrl, sessionStop.Token);
    }

    // Whatever waits for the token goes on elsewhere, and does not hold up the mailbox.
    void IAgentActions.StopSession() => _ = sessionStop?.CancelAsync();

    IReadOnlyDictionary<string, double> IAgentActions.Telemetry() => Introduction.Telemetry.Read(root);

    void ISessionEvents.Activity(AgentState state, double progress, string activity) => mailbox.Post(() => core.OnActivity(state, progress, activity));

    void ISessionEvents.Report(RunReport report) => mailbox.Post(() => core.OnReport(report));

    private async Task StopSessionAsync()
    {
        mailbox.Post(core.OnStopping);
        await mailbox.CallAsync(() => session).Unwrap().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // What the session said last is in the mailbox before this.
        await mailbox.CallAsync(() => true).ConfigureAwait(false);
    }

    private async Task RunSessionAsync(LeasedSession work, string artefactsUrl, CancellationToken cancel)
    {
        SessionOutcome outcome;
        try
        {
            outcome = await Task.Run(() => work.RunAsync(artefactsUrl, cancel), CancellationToken.None).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            outcome = new SessionOutcome("The session was stopped.");
        }
        catch (Exception error)
        {
            // Whatever went wrong in a session, the agent goes on; the person sees where it was.
            log.Write(error.ToString());
            outcome = new SessionOutcome($"The agent failed: {error.Message}");
        }

        mailbox.Post(() => core.OnSessionOver(outcome));
    }
}
