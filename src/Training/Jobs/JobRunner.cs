using System.Globalization;
using System.Security.Cryptography;
using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Protocol.Processes;
using Fleet.Protocol.Training;
using Fleet.Tasks.Packs;
using Fleet.Training.Runs;

namespace Fleet.Training.Jobs;

/// <summary>Does one training job: checks its inputs, goes on from its checkpoint if there is one, trains, and writes the model.</summary>
/// <param name="messages">What people may want to know; never needed to follow the job.</param>
internal sealed class JobRunner(EventWriter events, TextWriter messages, MachineLock machine, TimeProvider time)
{
    /// <summary>
    /// An epoch that takes longer is cut at a step: there it is written down how far it is, and whoever wants to measure gets the machine.
    /// </summary>
    private static readonly TimeSpan LongestPart = TimeSpan.FromSeconds(30);

    /// <exception cref="JobException">The job cannot be done.</exception>
    /// <exception cref="TrainingDivergedException">Training ran off.</exception>
    /// <exception cref="OperationCanceledException">Stopped; the last checkpoint is kept.</exception>
    public async Task RunAsync(TrainingJob job, CancellationToken cancel)
    {
        using var turns = new MachineTurns(machine, time);
        if (job.Recipe.NeedsDense)
        {
            // To compress the dense model, or to ask it, is work like training.
            await turns.TakeAsync(() => events.Write(new TrainingEvent { Event = "waiting", Epoch = 0, Epochs = job.Recipe.Training.Epochs }), cancel).ConfigureAwait(false);
        }

        var (data, plan) = await ReadAsync(job, cancel).ConfigureAwait(false);
        Directory.CreateDirectory(job.CheckpointFolder);
        var path = Path.Combine(job.CheckpointFolder, Checkpoint.FileName);
        AtomicFile.ClearUnfinished(path);
        AtomicFile.ClearUnfinished(job.OutputPath);
        // Not disposed where it is cancelled: its threads may still be at work, and the process ends anyway.
        // A teacher is asked about all samples first.
        var run = await Task.Run(() => new TrainingRun(plan, job.Threads), CancellationToken.None).WaitAsync(cancel).ConfigureAwait(false);
        var choice = new EpochChoice(plan.Metric, plan.Settings.Patience);
        var last = Resume(run, choice, path, job.Variant);
        messages.WriteLine($"{job.VariantName}: {plan.HeldBack}.");
        events.Write(Progress("started", run, plan));

        last = await TrainAsync(job, run, plan, turns, choice, path, last, cancel).ConfigureAwait(false);
        turns.LetGo();

        var chosen = choice.Choose(new ChosenEpoch(run.EpochsDone, last.LastValidation, run.Network.Parameters.ToArray()));
        chosen.Parameters.CopyTo(run.Network.Parameters);
        var document = ModelExport.Document(job, data.Metadata, plan.SequenceSteps, run.Network, plan.Normalisation);
        var model = Store(job, plan, document, chosen.Validation, last.Seconds);
        run.Dispose();
        messages.WriteLine($"{job.VariantName}: epoch {chosen.Epoch} of {plan.Settings.Epochs} is the model, {plan.Metric.Text(chosen.Validation)} on the validation part.");
        events.Write(new TrainingEvent { Event = "done", Epoch = run.EpochsDone, Epochs = plan.Settings.Epochs, Validation = chosen.Validation, Model = model });
    }

    private Checkpoint Resume(TrainingRun run, EpochChoice choice, string path, string variant)
    {
        var found = Checkpoint.TryRead(path, variant, out var reason);
        try
        {
            if (found is not null)
            {
                run.Restore(found.Snapshot);
                choice.Resume(found.Best);
                return found;
            }
        }
        catch (ArgumentException error)
        {
            reason = error.Message;
        }

        if (reason is not null)
        {
            messages.WriteLine($"The checkpoint {path} is not used, and training begins anew: {reason}.");
        }

        return new Checkpoint(variant, run.Capture(), Best: null, LastValidation: 0, Seconds: 0, EpochSeconds: 0);
    }

    private async Task<Checkpoint> TrainAsync(
        TrainingJob job, TrainingRun run, TrainingPlan plan, MachineTurns turns, EpochChoice choice, string path, Checkpoint last, CancellationToken cancel)
    {
        while (!run.IsDone && !choice.IsOver(run.EpochsDone))
        {
            if (await turns.TakeAsync(() => events.Write(Progress("waiting", run, plan)), cancel).ConfigureAwait(false))
            {
                events.Write(Progress("started", run, plan));
            }

            var begun = time.GetTimestamp();
            var result = await PartAsync(run, () => time.GetElapsedTime(begun) >= LongestPart, cancel).ConfigureAwait(false);
            var seconds = time.GetElapsedTime(begun).TotalSeconds;
            last = last with { Snapshot = run.Capture(), Seconds = last.Seconds + seconds, EpochSeconds = last.EpochSeconds + seconds };
            if (result is null)
            {
                last.Write(path);
                continue;
            }

            if (run.HasFinalStructure)
            {
                choice.Consider(result, run.Network.Parameters);
            }

            seconds = last.EpochSeconds;
            last = last with { Best = choice.Best, LastValidation = result.Validation, EpochSeconds = 0 };
            last.Write(path);
            events.Write(Progress("epoch", run, plan) with
            {
                Loss = result.Loss,
                Validation = result.Validation,
                SamplesPerSecond = plan.SamplesPerEpoch / seconds,
                SecondsLeft = last.Seconds / run.EpochsDone * (plan.Settings.Epochs - run.EpochsDone),
            });
        }

        return last;
    }

    private static Task<(TaskPack Data, TrainingPlan Plan)> ReadAsync(TrainingJob job, CancellationToken cancel) => Task.Run(
        () =>
        {
            var data = JobInputs.ReadData(job);
            return (data, JobInputs.Plan(job, data, JobInputs.ReadDense(job)));
        },
        CancellationToken.None).WaitAsync(cancel);

    // The caller is answered at once when it cancels; the work ends by itself at its next shard.
    private static Task<EpochResult?> PartAsync(TrainingRun run, Func<bool> pause, CancellationToken cancel) =>
        Task.Run(() => run.RunEpoch(pause, cancel), CancellationToken.None).WaitAsync(cancel);

    private static TrainedModel Store(TrainingJob job, TrainingPlan plan, ModelDocument document, double validation, double seconds)
    {
        using var stream = new MemoryStream();
        ModelFile.Write(stream, document);
        var bytes = stream.ToArray();
        AtomicFile.Write(job.OutputPath, file => file.Write(bytes));

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
            MethodParameters = Arguments(job.Recipe, plan),
            TrainingSeconds = seconds,
        };
    }

    // Of the lowest cell: those of the recurrent matrix by their own names; the input matrix's with input_ before them where it is
    // compressed, too. Of a cell that was made smaller, how many units it has. Then where its weights come from.
    private static SortedDictionary<string, string> Arguments(Recipe recipe, TrainingPlan plan)
    {
        var structure = plan.Structure.Layers[0].Cells[0];
        var arguments = new SortedDictionary<string, string>(structure.Recurrent.Arguments.ToDictionary(), StringComparer.Ordinal);
        foreach (var (name, value) in structure.Input.Arguments)
        {
            arguments["input_" + name] = value;
        }

        if (structure.Shape != plan.Asked.Layers[0].Shape)
        {
            arguments["hidden"] = structure.Shape.Hidden.ToString(CultureInfo.InvariantCulture);
        }

        if (recipe.From is { } start)
        {
            arguments["from"] = start;
        }

        if (recipe.Distil is { } distil)
        {
            arguments["distil_weight"] = distil.Weight.ToString(CultureInfo.InvariantCulture);
            arguments["distil_temperature"] = distil.Temperature.ToString(CultureInfo.InvariantCulture);
        }

        return arguments;
    }

    private static TrainingEvent Progress(string kind, TrainingRun run, TrainingPlan plan) =>
        new() { Event = kind, Epoch = run.EpochsDone, Epochs = plan.Settings.Epochs };
}
