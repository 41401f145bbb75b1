using System.CommandLine;
using Fleet.Cli.Failures;
using Fleet.Cli.Models;
using Fleet.Cli.Views;
using Fleet.Kernels.Runtime;
using Fleet.Measurement.Boards;
using Fleet.Measurement.Clocks;
using Fleet.Measurement.Models;
using Fleet.Measurement.Turns;
using Fleet.Os.Processes;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet model bench FILE</c>: how long a model takes here, alone or beside ONNX Runtime.</summary>
internal static class ModelBenchCommand
{
    public static Command Create(CommandEnvironment environment)
    {
        var file = ModelFiles.Argument();
        var against = new Option<string?>("--against")
        {
            Description = "A peer to time beside: onnxruntime (built when it is first asked for)",
            HelpName = "PEER",
        };
        var threads = new Option<int>("--threads")
        {
            Description = "Threads of the peer; Fleet's kernels run on one",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        var steps = new Option<int>("--steps") { Description = "Steps of the sequence", HelpName = "N", DefaultValueFactory = _ => 35 };
        var hints = new StateDictOptions();
        against.AcceptOnlyFromAmong("onnxruntime");
        AtLeastOne(threads, 64);
        AtLeastOne(steps, 1 << 16);
        var command = new Command("bench", "Time a model on this machine: a whole sequence, and a step at a time") { file, against, threads, steps };
        hints.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(threads) is { Implicit: false } && result.GetResult(against) is null)
            {
                result.AddError("--threads is how many threads the peer has, and there is none. Name it with --against onnxruntime, or leave --threads out.");
            }
        });
        command.SetAction(environment.Handle(async (invocation, cancel) =>
        {
            var path = invocation.Get(file)!;
            var model = hints.Read(invocation, path);
            var most = ModelRunner.StepLimit(model.Document.Structure);
            if (invocation.Get(steps) > most)
            {
                throw CommandFailedException.Usage(
                    $"--steps is {invocation.Get(steps)}, but {path} can be run over at most {most} steps at once.", $"Give fewer: --steps {most}");
            }

            invocation.Output.Progress($"Timing {path} ...");
            var result = invocation.Get(against) is null
                ? await AloneAsync(new ModelTurns(model.Document, invocation.Get(steps)), cancel).ConfigureAwait(false)
                : await OnnxRuntimePeer.RunAsync(
                    Path.GetFullPath(path),
                    invocation.Get(steps),
                    invocation.Get(threads),
                    hints.Hints(invocation),
                    invocation.Output,
                    cancel).ConfigureAwait(false);
            invocation.Output.Result(ModelView.Bench(result, invocation.Output.Width));
            invocation.Output.Document(result, ModelBenchJson.Default.ModelBenchResult);
            return ExitCodes.Done;
        }));
        return command;
    }

    // On a thread of its own, which alone is pinned.
    private static Task<ModelBenchResult> AloneAsync(ModelTurns turns, CancellationToken cancel) => Task.Factory.StartNew(
        () =>
        {
            ProcessorPin.PinCurrentThread(new BoardRoot());
            var timer = new TurnTimer(new SystemClock());
            return new ModelBenchResult(One(turns.Window), turns.Streaming is { } streaming ? One(streaming) : null, null);

            ModeBenchResult One(IInference inference) => ModeBenchResult.Of(timer.Run([inference], cancel)[0], null);
        },
        cancel,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private static void AtLeastOne(Option<int> option, int most) => option.Validators.Add(result =>
    {
        if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() is var value && (value < 1 || value > most))
        {
            result.AddError($"{option.Name} is {value}, but must be 1 to {most}.");
        }
    });
}
