using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Fleet.Domain.Jobs;
using Fleet.Domain.Recipes;
using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Os.Files;
using Fleet.Os.Machines;
using Fleet.Protocol.Training;
using Fleet.Tasks.Packs;
using Fleet.Trainer.Machines;
using Fleet.Training.Calibration;
using Fleet.Training.Runs;

namespace Fleet.Trainer.Jobs;

/// <summary>Does one training job: checks its inputs, goes on from its checkpoint if there is one, trains, and writes the model.</summary>
/// <param name="messages">What people may want to know; never needed to follow the job.</param>
internal sealed class JobRunner(TrainingEventWriter events, TextWriter messages, MachineLock machine, TimeProvider time)
{
    /// <summary>
    /// An epoch that takes longer is cut at a step: there it is written down how far it is, and whoever wants to measure gets the machine.
    /// </summary>
    private static readonly TimeSpan LongestPart = TimeSpan.FromSeconds(30);

    // Enough of a hash for a table.
    private const int ImportDigits = 12;

    /// <exception cref="JobException">The job cannot be done.</exception>
    /// <exception cref="TrainingDivergedException">Training ran off.</exception>
    /// <exception cref="OperationCanceledException">Stopped; the last checkpoint is kept.</exception>
    public async Task RunAsync(TrainingJob job, CancellationToken cancel)
    {
        using var turns = new MachineTurns(machine, time);
        if (job.Recipe.NeedsModel)
        {
            // To compress the dense model, to ask it, to judge it, or to quantise a trained one, is work like training.
            var waiting = new TrainingEvent { Event = TrainingEventKind.Waiting, Epoch = 0, Epochs = job.Recipe.Training.Epochs };
            await turns.TakeAsync(() => events.Write(waiting), cancel).ConfigureAwait(false);
        }

        var (data, plan, given) = await ReadAsync(job, cancel).ConfigureAwait(false);
        if (job.Recipe.QuantisesTrained)
        {
            await QuantiseAsync(job, data, plan, given!, cancel).ConfigureAwait(false);
            return;
        }

        Directory.CreateDirectory(job.CheckpointFolder);
        var path = Path.Combine(job.CheckpointFolder, Checkpoint.FileName);
        DurableFile.ClearUnfinished(path);
        DurableFile.ClearUnfinished(job.OutputPath);
        var attempt = await ResumeAsync(job, plan, path, cancel).ConfigureAwait(false);
        messages.WriteLine($"{job.VariantName}: {plan.HeldBack}.");
        events.Write(attempt.Progress(TrainingEventKind.Started));

        attempt = await TrainAsync(job, plan, attempt, turns, path, cancel).ConfigureAwait(false);
        var (run, last) = (attempt.Run, attempt.Last);
        var validation = job.Recipe.Import is null ? last.LastValidation : await JudgeAsync(run, cancel).ConfigureAwait(false);
        var chosen = attempt.Choice.Choose(new ChosenEpoch(run.EpochsDone, validation, run.Parameters.ToArray()));
        run.Take(chosen);
        var model = Store(job, attempt.Plan, run.Export(Identity(job), data.Metadata), chosen.Validation, last.Seconds);
        turns.LetGo();
        run.Dispose();
        var what = job.Recipe.Import is null ? $"epoch {chosen.Epoch} of {plan.Settings.Epochs}" : "what was imported";
        messages.WriteLine($"{job.VariantName}: {what} is the model, {plan.Metric.Text(chosen.Validation)} on the validation part.");
        events.Write(attempt.Progress(TrainingEventKind.Done) with { Validation = chosen.Validation, Model = model });
    }

    /// <summary>Quantises the trained model, which takes seconds: it is done anew where it was stopped.</summary>
    private async Task QuantiseAsync(TrainingJob job, TaskPack data, TrainingPlan plan, ModelDocument trained, CancellationToken cancel)
    {
        DurableFile.ClearUnfinished(job.OutputPath);
        events.Write(new TrainingEvent { Event = TrainingEventKind.Started, Epoch = 0, Epochs = 1 });
        var begun = time.GetTimestamp();
        var (document, validation) = await Task.Run(
            () =>
            {
                var metadata = ModelExport.Metadata(Identity(job), data.Metadata, plan) with { LearningRate = trained.Metadata.LearningRate };
                var quantised = PostTrainingQuantisation.Quantise(trained with { Metadata = metadata }, plan, job.Threads, cancel);
                return (quantised, plan.Validate(SequenceModel.Create(ModelExport.OnNormalised(quantised)), cancel));
            },
            CancellationToken.None).WaitAsync(cancel).ConfigureAwait(false);
        var model = Store(job, plan, document, validation, time.GetElapsedTime(begun).TotalSeconds);
        messages.WriteLine($"{job.VariantName}: quantised; {plan.Metric.Text(validation)} on the validation part, run in int8.");
        events.Write(new TrainingEvent { Event = TrainingEventKind.Done, Epoch = 1, Epochs = 1, Validation = validation, Model = model });
    }

    // Not disposed where it is cancelled: its threads may still be at work, and the process ends anyway.
    // A teacher is asked about all samples first.
    private static async Task<TrainingAttempt> BeginAsync(TrainingJob job, TrainingPlan plan, int divergences, CancellationToken cancel)
    {
        plan = plan.After(divergences);
        var run = await Task.Run(() => new TrainingLoop(plan, job.Threads), CancellationToken.None).WaitAsync(cancel).ConfigureAwait(false);
        return new TrainingAttempt(
            plan, run, new Checkpoint(job.Variant, run.Capture(), Best: null, LastValidation: 0, Seconds: 0, EpochSeconds: 0) { Divergences = divergences });
    }

    private async Task<TrainingAttempt> ResumeAsync(TrainingJob job, TrainingPlan plan, string path, CancellationToken cancel)
    {
        var found = Checkpoint.TryRead(path, job.Variant, out var reason);
        var attempt = await BeginAsync(job, plan, found?.Divergences ?? 0, cancel).ConfigureAwait(false);
        try
        {
            if (found is not null)
            {
                attempt.Resume(found);
                return attempt;
            }
        }
        catch (ArgumentException error)
        {
            reason = error.Message;
            attempt.Run.Dispose();
            attempt = await BeginAsync(job, plan, divergences: 0, cancel).ConfigureAwait(false);
        }

        if (reason is not null)
        {
            messages.WriteLine($"The checkpoint {path} is not used, and training begins anew: {reason}.");
        }

        return attempt;
    }

    /// <returns>The attempt that came to its end.</returns>
    private async Task<TrainingAttempt> TrainAsync(
        TrainingJob job, TrainingPlan plan, TrainingAttempt attempt, MachineTurns turns, string path, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                await TrainAsync(attempt, turns, path, cancel).ConfigureAwait(false);
                return attempt;
            }
            catch (TrainingDivergedException error) when (attempt.Last.Divergences < plan.Settings.Retries)
            {
                var before = attempt;
                before.Run.Dispose();
                attempt = await BeginAsync(job, plan, before.Last.Divergences + 1, cancel).ConfigureAwait(false);
                attempt.Last = attempt.Last with { Seconds = before.Last.Seconds, LostSeconds = before.Last.Seconds };
                DurableFile.Write(path, attempt.Last.Write);
                var rate = attempt.Plan.Settings.LearningRate.ToString(CultureInfo.InvariantCulture);
                var reason = $"{error.Cause} It begins anew at learning_rate {rate} (retry {attempt.Last.Divergences} of {plan.Settings.Retries}).";
                messages.WriteLine($"{job.VariantName}: {reason}");
                events.Write(attempt.Progress(TrainingEventKind.Diverged) with { Reason = reason });
            }
        }
    }

    private async Task TrainAsync(TrainingAttempt attempt, MachineTurns turns, string path, CancellationToken cancel)
    {
        var (plan, run, choice) = (attempt.Plan, attempt.Run, attempt.Choice);
        while (!run.IsDone && !choice.IsOver(run.EpochsDone))
        {
            if (await turns.TakeAsync(() => events.Write(attempt.Progress(TrainingEventKind.Waiting)), cancel).ConfigureAwait(false))
            {
                events.Write(attempt.Progress(TrainingEventKind.Started));
            }

            var begun = time.GetTimestamp();
            var result = await PartAsync(run, () => time.GetElapsedTime(begun) >= LongestPart, cancel).ConfigureAwait(false);
            var seconds = time.GetElapsedTime(begun).TotalSeconds;
            var last = attempt.Last;
            last = last with { Snapshot = run.Capture(), Seconds = last.Seconds + seconds, EpochSeconds = last.EpochSeconds + seconds };
            if (result is null)
            {
                attempt.Last = last;
                DurableFile.Write(path, last.Write);
                continue;
            }

            if (run.HasFinalStructure)
            {
                choice.Consider(result, run.Parameters);
            }

            seconds = last.EpochSeconds;
            attempt.Last = last = last with { Best = choice.Best, LastValidation = result.Validation, EpochSeconds = 0 };
            DurableFile.Write(path, last.Write);
            events.Write(attempt.Progress(TrainingEventKind.Epoch) with
            {
                Loss = result.Loss,
                Validation = result.Validation,
                SamplesPerSecond = plan.SamplesPerEpoch / seconds,
                SecondsLeft = (last.Seconds - last.LostSeconds) / run.EpochsDone * (plan.Settings.Epochs - run.EpochsDone),
            });
        }
    }

    private static Task<(TaskPack Data, TrainingPlan Plan, ModelDocument? Given)> ReadAsync(TrainingJob job, CancellationToken cancel) => Task.Run(
        () =>
        {
            var data = JobInputs.ReadData(job);
            var given = JobInputs.ReadGiven(job);
            return (data, JobInputs.Plan(job, data, given), given);
        },
        CancellationToken.None).WaitAsync(cancel);

    // The caller is answered at once when it cancels; the work ends by itself at its next micro-batch.
    private static Task<EpochResult?> PartAsync(TrainingLoop run, Func<bool> pause, CancellationToken cancel) =>
        Task.Run(() => run.RunEpoch(pause, cancel), CancellationToken.None).WaitAsync(cancel);

    private static async Task<double> JudgeAsync(TrainingLoop run, CancellationToken cancel)
    {
        var validation = await Task.Run(() => run.Validate(cancel), CancellationToken.None).WaitAsync(cancel).ConfigureAwait(false);
        return double.IsFinite(validation)
            ? validation
            : throw new JobException("The imported model answers the validation part with NaN or infinite values. Is it fed as it was trained ('normalise')?");
    }

    private static VariantIdentity Identity(TrainingJob job) => new(job.Variant, job.VariantName, job.Recipe);

    private static TrainedModel Store(TrainingJob job, TrainingPlan plan, ModelDocument document, double validation, double seconds)
    {
        using var stream = new MemoryStream();
        ModelFile.Write(stream, document);
        var bytes = stream.ToArray();
        DurableFile.Write(job.OutputPath, bytes);

        var model = SequenceModel.Create(document);
        return new TrainedModel
        {
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
            Bytes = bytes.Length,
            Compression = (double)plan.Asked.Layers.Sum(layer => layer.Parameters) / document.Structure.Layers.Sum(layer => layer.Parameters),
            CompressionModel = (double)plan.Asked.Parameters / model.Parameters,
            Parameters = model.Parameters,
            MacsPerStep = model.MacsPerStep,
            Validation = validation,
            MethodParameters = Arguments(job.Recipe, plan, document.Metadata.LearningRate),
            TrainingSeconds = seconds,
        };
    }

    // Of the lowest cell: those of the recurrent matrix by their own names; the input matrix's with input_ before them where it is
    // compressed, too. Of a cell that was made smaller, how many units it has. Then where its weights come from, and the
    // learning rate where that asked for diverged.
    private static ImmutableSortedDictionary<string, string> Arguments(Recipe recipe, TrainingPlan plan, double? learningRate)
    {
        var structure = plan.Structure.Layers[0].Cells[0];
        var arguments = structure.Recurrent.Arguments.ToImmutableSortedDictionary(StringComparer.Ordinal).ToBuilder();
        foreach (var (name, value) in structure.Input.Arguments)
        {
            arguments["input_" + name] = value;
        }

        if (structure.Shape != plan.Asked.Layers[0].Shape)
        {
            arguments["hidden"] = structure.Shape.Hidden.ToString(CultureInfo.InvariantCulture);
        }

        if (recipe.Import is { } import)
        {
            arguments["import"] = import.Sha256[..ImportDigits];
            if (import.Normalise is { } way)
            {
                arguments["normalise"] = way;
            }
        }

        if (learningRate is { } rate)
        {
            arguments["learning_rate"] = rate.ToString(CultureInfo.InvariantCulture);
        }

        if (recipe.From is { } start)
        {
            arguments["from"] = start;
        }

        if (recipe.Precision == Precisions.Int8)
        {
            arguments["quantisation"] = recipe.Quantisation ?? Quantisations.After;
        }

        if (recipe.Distil is { } distil)
        {
            arguments["distil_weight"] = distil.Weight.ToString(CultureInfo.InvariantCulture);
            arguments["distil_temperature"] = distil.Temperature.ToString(CultureInfo.InvariantCulture);
        }

        return arguments.ToImmutable();
    }
}
