using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Fleet.Domain.Jobs;
using Fleet.Os.Files;
using Fleet.Os.Machines;
using Fleet.Os.Processes;
using Fleet.Protocol.Training;
using Fleet.Trainer.Jobs;
using Fleet.Trainer.Machines;
using Fleet.Training.Runs;

namespace Fleet.Trainer;

/// <summary>
/// <c>fleet-trainer --job FILE</c>: does the job that a file describes (<see cref="TrainingJob"/>). It stops at the end of its
/// standard input and at SIGTERM, keeping the checkpoint; SIGINT is for its parent to act on.
/// </summary>
internal static class TrainerProgram
{
    private const string Usage = "Usage: fleet-trainer --job FILE\nTrains one variant as FILE (JSON) says."
        + " Events go to standard output, one JSON object a line.";

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not ["--job", var file])
        {
            Console.Error.WriteLine(Usage);
            return arguments is ["--help" or "-h"] ? ExitCodes.Done : ExitCodes.Usage;
        }

        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        ParentWatch.Start(stop);
        LowerPriority();
        MemoryLimit.BeKilledFirst();
        long? memory = null;
        var events = new TrainingEventWriter(Console.Out);
        var runner = new JobRunner(events, Console.Error, new MachineLock(TimeProvider.System), TimeProvider.System);
        try
        {
            var job = JobInputs.ReadJob(file);
            memory = job.MemoryBytes;
            if (memory is { } bytes)
            {
                memory = MemoryLimit.Set(bytes);
            }

            await runner.RunAsync(job, stop.Token).ConfigureAwait(false);
            return ExitCodes.Done;
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // Whatever broke while it was being stopped, broke because of that.
            Console.Error.WriteLine("Stopped. The job resumes from its last checkpoint when it is started again.");
            return ExitCodes.Interrupted;
        }
        catch (Exception error)
        {
            return Fail(events, error, memory);
        }
    }

    private static int Fail(TrainingEventWriter events, Exception error, long? memory)
    {
        // Where several threads work, what went wrong on one of them comes wrapped.
        error = error is AggregateException { InnerException: { } inner } ? inner : error;
        var reason = error switch
        {
            OverflowException => "The model has more weights than can be trained, 2^31. Use a smaller hidden, or fewer layers.",
            JobException or TrainingDivergedException => error.Message,
            OutOfMemoryException => $"{OutOfMemory(memory)} Use a smaller batch_size or hidden, or fewer trainings at once (--training-slots of the silo),"
                + " or threads of each (--training-threads).",
            _ when DiskSpace.IsExhausted(error) => $"The disk is full: {error.Message}",
            IOException or UnauthorizedAccessException => $"A file could not be used: {error.Message}",
            _ => $"The trainer broke down ({error.GetType().Name}): {error.Message}",
        };
        Console.Error.WriteLine(error is JobException or TrainingDivergedException ? reason : error.ToString());
        try
        {
            events.Write(new TrainingEvent { Event = TrainingEventKind.Failed, Reason = reason, OutOfSpace = DiskSpace.IsExhausted(error) ? true : null });
        }
        catch (IOException)
        {
            // Nobody listens any more.
        }

        return ExitCodes.Failed;
    }

    private static string OutOfMemory(long? memory) => memory is { } bytes
        ? $"The training needs more than the {bytes >> 20} MiB of memory that it may use (--training-memory of the silo)."
        : "There is not enough memory.";

    private static void Stop(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = true;
        stop.Cancel();
    }

    // Training takes what the machine has left over.
    private static void LowerPriority()
    {
        try
        {
            using var self = Process.GetCurrentProcess();
            self.PriorityClass = ProcessPriorityClass.BelowNormal;
        }
        catch (Win32Exception error)
        {
            Console.Error.WriteLine($"The trainer's priority could not be lowered: {error.Message}");
        }
    }
}
