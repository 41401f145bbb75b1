using System.Collections.Concurrent;
using System.Text.Json;
using Fleet.DeviceAgent.Artefacts;
using Fleet.DeviceAgent.Diagnostics;
using Fleet.DeviceAgent.Worker;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Domain.Text;
using Fleet.Os.Files;
using Fleet.Protocol.Messages;
using Fleet.Protocol.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Fleet.DeviceAgent.Leases;

/// <summary>
/// One session from lease to last report: fetches what it needs, has it measured by a worker, and sees to it that every run is
/// answered, with a measurement or with the reason why there is none.
/// </summary>
internal sealed class LeasedSession(
    Lease lease, ArtefactCache cache, WorkerProcess worker, string workFolder, ISessionEvents events, TimeProvider time, AgentLog log)
{
    // The worker answers on its own thread.
    private readonly ConcurrentDictionary<string, LeasedVariant> open = new(lease.Variants
        .SelectMany(variant => variant.Runs, (variant, run) => KeyValuePair.Create(run.Run, variant))
        .DistinctBy(pair => pair.Key));

    /// <exception cref="OperationCanceledException">Cancelled; the worker has stopped, and runs may be open.</exception>
    public async Task<SessionOutcome> RunAsync(string artefactsUrl, CancellationToken cancel)
    {
        try
        {
            if (LeaseCheck.FindFault(lease) is { } fault)
            {
                FailOpen(new Reason(ReasonCodes.NotSupported, Detail: fault));
            }
            else if (await PrepareAsync(artefactsUrl, cancel).ConfigureAwait(false) is { } plan)
            {
                return await MeasureAsync(plan, cancel).ConfigureAwait(false);
            }

            return SessionOutcome.Done;
        }
        catch (ArtefactException error) when (error.IsTransient)
        {
            // The silo is to blame, or the way to it, or the disk: the runs stay open for another time.
            return new SessionOutcome(error.Message, error.IsOutOfSpace);
        }
        catch (IOException error) when (DiskSpace.IsExhausted(error))
        {
            return new SessionOutcome(
                $"The disk under {workFolder} is full: {error.Message} Free some space, or move the agent's state with --state.",
                OutOfSpace: true);
        }
        catch (ArtefactException error)
        {
            FailOpen(new Reason(ReasonCodes.ArtefactUnusable, Detail: error.Message));
            return SessionOutcome.Done;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A disk that went read-only says nothing about the runs: they stay open, and the silo counts such sessions.
            return new SessionOutcome(error.Message);
        }
    }

    private async Task<WorkerPlan?> PrepareAsync(string artefactsUrl, CancellationToken cancel)
    {
        if (!Uri.TryCreate(artefactsUrl.TrimEnd('/') + "/", UriKind.Absolute, out var silo))
        {
            throw new ArtefactException($"The silo gave no address from which models can be fetched: '{artefactsUrl}'.", transient: true);
        }

        foreach (var (run, fault) in lease.Variants.SelectMany(variant => variant.Runs).Select(run => (run, ConditionMessages.ToCondition(run).Fault)).ToList())
        {
            if (fault is not null)
            {
                Fail(run.Run, new Reason(ReasonCodes.NotSupported, Detail: fault));
            }
        }

        var testSet = ArtefactReference.Of(lease.TestSet, "test set");
        var needed = new HashSet<ArtefactReference> { testSet };
        needed.UnionWith(lease.Variants.Select(ModelOf));
        var testFile = await FetchAsync(testSet, $"test set of {lease.Task}", silo, needed, cancel).ConfigureAwait(false);
        var variants = new List<WorkerVariant>();
        foreach (var variant in lease.Variants)
        {
            if (await FetchModelAsync(variant, silo, needed, cancel).ConfigureAwait(false) is { } ready)
            {
                variants.Add(ready);
            }
        }

        if (variants.Any(variant => variant.Runs.Count > 0))
        {
            return new WorkerPlan
            {
                Session = lease.Session,
                Task = lease.Task,
                Seed = lease.Seed,
                Settings = Settings(lease.Protocol ?? new MeasuringProtocol()),
                TestSet = testFile,
                Variants = variants,
                Reference = lease.Reference,
                SettingsToRestore = Path.Combine(workFolder, BoardSettings.FileName),
            };
        }

        return null;
    }

    /// <summary>Null where the model cannot be had: then the variant's runs have failed. Without the reference, all of them have.</summary>
    private async Task<WorkerVariant?> FetchModelAsync(LeasedVariant variant, Uri silo, HashSet<ArtefactReference> needed, CancellationToken cancel)
    {
        try
        {
            var file = await FetchAsync(ModelOf(variant), $"model {variant.Name}", silo, needed, cancel).ConfigureAwait(false);
            var runs = variant.Runs
                .Where(run => open.ContainsKey(run.Run))
                .Select(run => new WorkerRun(run.Run, ConditionText.Of(ConditionMessages.ToCondition(run).Condition!)));
            return new WorkerVariant(variant.Variant, variant.Name, file, [.. runs]);
        }
        catch (ArtefactException error) when (!error.IsTransient && variant.Variant != lease.Reference)
        {
            foreach (var run in variant.Runs)
            {
                Fail(run.Run, new Reason(ReasonCodes.ArtefactUnusable, Detail: error.Message));
            }

            return null;
        }
        catch (ArtefactException error) when (!error.IsTransient)
        {
            throw new ArtefactException($"The reference {variant.Name} cannot be measured, and without it nothing can be compared: {error.Message}");
        }
    }

    private static ArtefactReference ModelOf(LeasedVariant variant) => ArtefactReference.Of(variant.Model, $"model of {variant.Name}");

    private async Task<WorkerFile> FetchAsync(
        ArtefactReference artefact, string what, Uri silo, IReadOnlySet<ArtefactReference> needed, CancellationToken cancel)
    {
        events.Activity(AgentState.Preparing, 0, $"fetching {what}");
        return new WorkerFile(await cache.GetAsync(artefact, silo, needed, cancel).ConfigureAwait(false), artefact.Sha256);
    }

    private async Task<SessionOutcome> MeasureAsync(WorkerPlan plan, CancellationToken cancel)
    {
        events.Activity(AgentState.Preparing, 0, "starting the measuring worker");
        var planFile = Path.Combine(workFolder, "plan.json");
        File.WriteAllBytes(planFile, JsonSerializer.SerializeToUtf8Bytes(plan, WorkerJson.Default.WorkerPlan));
        try
        {
            var death = await worker.RunAsync(planFile, Receive, cancel).ConfigureAwait(false);
            if (death is { FromOutside: true })
            {
                // It says nothing of the runs that they cannot be measured. The silo counts how often this happens.
                return new SessionOutcome(death.Text);
            }

            FailOpen(new Reason(ReasonCodes.WorkerDied, Detail: death?.Text ?? "The measuring worker ended without an answer for this run."));
            return SessionOutcome.Done;
        }
        finally
        {
            if (BoardSettings.Restore(plan.SettingsToRestore) is { } problem)
            {
                log.Write(problem);
            }
        }
    }

    private void Receive(WorkerEvent happened)
    {
        switch (happened.Kind)
        {
            case WorkerEventKind.Waiting:
                events.Activity(AgentState.WaitingForMachine, 0, happened.Text ?? "waiting for the machine");
                break;

            case WorkerEventKind.Progress:
                events.Activity(AgentState.Measuring, happened.Share ?? 0, happened.Text ?? "measuring");
                break;

            case WorkerEventKind.Result when happened is { Run: { } run, Measurement: { } measurement }:
                Answer(run, happened.StartedAt, report => report.Measurement = ByteString.CopyFromUtf8(measurement.GetRawText()));
                break;

            case WorkerEventKind.Failure when happened.Run is { } run:
                Fail(run, new Reason(happened.Code ?? ReasonCodes.SessionFailed, Detail: happened.Text), happened.StartedAt);
                break;
        }
    }

    private void FailOpen(Reason reason)
    {
        foreach (var run in open.Keys)
        {
            Fail(run, reason);
        }
    }

    private void Fail(string run, Reason reason, DateTimeOffset? startedAt = null) => Answer(run, startedAt, report =>
    {
        report.FailureCode = reason.Code;
        report.Failure = PlainText.Clean(reason.Detail ?? ReasonText.Of(reason), PlainText.MaxDetail);
    });

    private void Answer(string run, DateTimeOffset? startedAt, Action<RunReport> fill)
    {
        if (!open.TryRemove(run, out var variant))
        {
            return;
        }

        var report = new RunReport
        {
            Run = run,
            Session = lease.Session,
            Epoch = lease.Epoch,
            Variant = variant.Variant,
            ModelSha256 = variant.Model?.Sha256 ?? "",
            StartedAt = Timestamp.FromDateTimeOffset(startedAt ?? time.GetUtcNow()),
        };
        fill(report);
        events.Report(report);
    }

    // In the message, zero means the default.
    private static ProtocolSettings Settings(MeasuringProtocol asked)
    {
        var settings = new ProtocolSettings();
        return settings with
        {
            RatioWidth = asked.RatioWidth > 0 ? asked.RatioWidth : settings.RatioWidth,
            MinRounds = asked.MinRounds > 0 ? asked.MinRounds : settings.MinRounds,
            MaxRounds = asked.MaxRounds > 0 ? asked.MaxRounds : settings.MaxRounds,
            TimeLimit = Seconds(asked.TimeLimitSeconds, settings.TimeLimit),
            BlockDuration = Seconds(asked.BlockSeconds, settings.BlockDuration),
            GateCelsius = asked.GateCelsius > 0 ? asked.GateCelsius : settings.GateCelsius,
            GateLimit = Seconds(asked.GateLimitSeconds, settings.GateLimit),
            InvalidRetries = asked.InvalidRetries > 0 ? asked.InvalidRetries : settings.InvalidRetries,
        };
    }

    private static TimeSpan Seconds(double asked, TimeSpan otherwise) =>
        asked > 0 ? TimeSpan.FromSeconds(Math.Min(asked, TimeSpan.FromDays(1).TotalSeconds)) : otherwise;
}
