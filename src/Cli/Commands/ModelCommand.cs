using System.CommandLine;
using Fleet.Cli.Campaigns;
using Fleet.Cli.Failures;
using Fleet.Cli.Files;
using Fleet.Cli.Models;
using Fleet.Cli.Silos;
using Fleet.Cli.Views;
using Fleet.Interchange.Arrays;
using Fleet.Interchange.Networks;
using Fleet.Interchange.Onnx;
using Fleet.Kernels.Models;
using Fleet.Os.Processes;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet model import|export|show|run|bench</c>: model files, of Fleet and of other programs.</summary>
internal static class ModelCommand
{
    public static Command Create(CommandEnvironment environment) => new("model", "Bring models from other programs, look at them, run and time them")
    {
        Import(environment),
        Export(environment),
        Show(environment),
        Run(environment),
        ModelBenchCommand.Create(environment),
    };

    private static Command Import(CommandEnvironment environment)
    {
        var file = ModelFiles.Argument();
        var target = new Option<string?>("--out")
        {
            Description = "Model file to write (default: the same name, .safetensors, in the current folder)",
            HelpName = "MODEL.safetensors",
        };
        var hints = new StateDictOptions();
        var command = new Command("import", "Make a model of Fleet from an ONNX file or a PyTorch state dict") { file, target };
        hints.AddTo(command);
        command.SetAction(environment.Handle((invocation, _) =>
        {
            var source = invocation.Get(file)!;
            var path = Path.GetFullPath(invocation.Get(target) ?? Path.GetFileNameWithoutExtension(source) + ".safetensors");
            if (path == Path.GetFullPath(source))
            {
                throw CommandFailedException.Usage($"{source} would be overwritten.", "Give another name: --out MODEL.safetensors");
            }

            OutputFile.Check(path);
            var model = hints.Read(invocation, source);
            return Write(invocation, model, path, stream => ModelFile.Write(stream, model.Document));
        }));
        return command;
    }

    private static Command Export(CommandEnvironment environment)
    {
        var file = ModelFiles.Argument();
        var target = new Option<string>("--out") { Description = "ONNX file to write", HelpName = "FILE.onnx", Required = true };
        var hints = new StateDictOptions();
        var command = new Command("export", "Write a model as ONNX, its structured matrices as the products that they are") { file, target };
        hints.AddTo(command);
        command.SetAction(environment.Handle((invocation, _) =>
        {
            var source = invocation.Get(file)!;
            var path = Path.GetFullPath(invocation.Get(target)!);
            if (path == Path.GetFullPath(source))
            {
                throw CommandFailedException.Usage($"{source} would be overwritten.", "Give another name: --out FILE.onnx");
            }

            OutputFile.Check(path);
            var model = hints.Read(invocation, source);
            var bytes = ModelFiles.Guard(() => OnnxModelFile.ToBytes(model.Document));
            return Write(invocation, model, path, stream => stream.Write(bytes));
        }));
        return command;
    }

    private static Command Show(CommandEnvironment environment)
    {
        var file = new Argument<string>("MODEL")
        {
            Description = "A model file (ONNX, or safetensors of Fleet or with a PyTorch state dict), or else the name or key of a trained variant",
        };
        var seed = TrainedModels.SeedOption();
        var hints = new StateDictOptions();
        var command = new Command("show", "Show a model's layers, parameters, bytes and multiply-accumulates") { file, seed };
        hints.AddTo(command);
        command.SetAction(environment.Handle(async (invocation, cancel) =>
        {
            var name = invocation.Get(file)!;
            var summary = ModelFiles.IsMeant(name)
                ? Of(name, hints.Read(invocation, name))
                : await TrainedAsync(invocation, name, invocation.Get(seed), cancel).ConfigureAwait(false);
            invocation.Output.Result(ModelView.Summary(summary, invocation.Output.Width));
            invocation.Output.Document(summary, CommandJson.Default.ModelSummary);
            return ExitCodes.Done;
        }));
        return command;
    }

    private static ModelSummary Of(string path, ExchangedModel model) => ModelSummary.Of(path, new FileInfo(path).Length, model);

    private static async Task<ModelSummary> TrainedAsync(Invocation invocation, string name, long? seed, CancellationToken cancel)
    {
        await using var silo = await invocation.Silos().OpenAsync(new SiloRequest(), cancel).ConfigureAwait(false);
        try
        {
            var (job, bytes) = await TrainedModels.GetAsync(silo.Client, name, seed, cancel).ConfigureAwait(false);
            var document = ModelFiles.Guard(() => ModelFile.Read(bytes, job.Name));
            return ModelSummary.Of(job.Name, bytes.Length, new ExchangedModel(document, ModelOrigin.Fleet, BatchFirst: false, []));
        }
        finally
        {
            await silo.StopAsync(invocation.Environment.Interruption).ConfigureAwait(false);
        }
    }

    private static Command Run(CommandEnvironment environment)
    {
        var file = ModelFiles.Argument();
        var input = new Option<string[]>("--input")
        {
            Description = "NumPy array: steps x batch x input (tokens: steps x batch); NAME=X.npy for each input of an ONNX graph that wants several",
            HelpName = "X.npy",
            Required = true,
        };
        var target = new Option<string>("--output") { Description = "NumPy array to write", HelpName = "Y.npy", Required = true };
        var batchFirst = new Option<bool>("--batch-first") { Description = "The arrays are batch x steps x ... instead" };
        var last = new Option<bool>("--last") { Description = "Write only the last answer of each sequence: batch x outputs" };
        var hints = new StateDictOptions();
        var command = new Command("run", "Feed a model a NumPy array, and write its outputs") { file, input, target, batchFirst, last };
        hints.AddTo(command);
        command.SetAction(environment.Handle((invocation, _) =>
        {
            var path = Path.GetFullPath(invocation.Get(target)!);
            OutputFile.Check(path);
            var run = new ModelRun(invocation.Get(file)!, hints.Hints(invocation), invocation.Get(batchFirst), invocation.Get(last), invocation.Output);
            var (y, engine) = run.Run(invocation.Get(input)!);
            OutputFile.Write(path, stream => NpyFile.Write(stream, y));
            invocation.Output.Result($"Written: {path}, {string.Join(" x ", y.Shape)}");
            invocation.Output.Document(new WrittenOutputs(path, y.Shape, engine), CommandJson.Default.WrittenOutputs);
            return Task.FromResult(ExitCodes.Done);
        }));
        return command;
    }

    private static Task<int> Write(Invocation invocation, ExchangedModel model, string path, Action<Stream> write)
    {
        OutputFile.Write(path, write);
        var output = invocation.Output;
        foreach (var what in model.LeftOut)
        {
            output.Warn($"Left out: {what}.");
        }

        output.Result($"Written: {path}");
        output.Document(
            new WrittenModel(path, new FileInfo(path).Length, ModelSummary.SourceName(model.Origin), model.LeftOut), CommandJson.Default.WrittenModel);
        return Task.FromResult(ExitCodes.Done);
    }
}
