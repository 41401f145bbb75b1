using System.Text.Json;
using Fleet.Campaigns.Ports;
using Fleet.Domain.Jobs;
using Fleet.Domain.Recipes;
using Fleet.Os.Processes;
using Fleet.Protocol;

namespace Fleet.Silo.Compression;

/// <summary>What a trainer says on its two outputs, and what it comes to when it has ended.</summary>
internal sealed class TrainerConversation(IProgress<TrainingEvent> progress)
{
    private const int LinesKept = 20;
    private readonly Lock gate = new();
    private readonly Queue<string> errors = new();
    private TrainingEvent? last;
    private int epoch;

    /// <summary>A line of standard output: a training event. Anything else is kept with the errors.</summary>
    public void Output(string line)
    {
        TrainingEvent? said = null;
        try
        {
            said = JsonSerializer.Deserialize(line, ProtocolJson.Default.TrainingEvent);
        }
        catch (JsonException)
        {
            Error(line);
        }

        if (said is not null)
        {
            lock (gate)
            {
                last = said;
                epoch = Math.Max(epoch, said.Epoch ?? 0);
            }

            progress.Report(said);
        }
    }

    public void Error(string line)
    {
        lock (gate)
        {
            errors.Enqueue(line);
            if (errors.Count > LinesKept)
            {
                errors.Dequeue();
            }
        }
    }

    /// <summary>The model, once the process has ended.</summary>
    /// <exception cref="CompressionFailedException">There is none; the message says why.</exception>
    /// <exception cref="OutOfSpaceException">There is none yet: a disk is full.</exception>
    /// <exception cref="TrainerKilledException">A signal ended it.</exception>
    /// <exception cref="OperationCanceledException">It was stopped by somebody else than the silo.</exception>
    public TrainedModel Conclude(int exitCode)
    {
        lock (gate)
        {
            if (exitCode == ExitCodes.Done && last is { Event: TrainingEventKind.Done, Model: { } model })
            {
                return model;
            }

            if (last is { Event: TrainingEventKind.Failed, Reason: { Length: > 0 } reason })
            {
                throw last.OutOfSpace == true ? new OutOfSpaceException(reason) : new CompressionFailedException(reason);
            }

            if (exitCode == ExitCodes.Interrupted)
            {
                throw new OperationCanceledException("The trainer was interrupted.");
            }

            var how = exitCode > 128 ? $"was ended by signal {exitCode - 128}" : $"ended with code {exitCode}";
            var message = errors.Count == 0 ? $"The trainer {how} and gave no reason." : $"The trainer {how}: {string.Join(" / ", errors)}";
            throw exitCode > 128 ? new TrainerKilledException(message, epoch) : new CompressionFailedException(message);
        }
    }
}
