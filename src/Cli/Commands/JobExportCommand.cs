using System.CommandLine;
using Fleet.Cli.Campaigns;
using Fleet.Cli.Files;
using Fleet.Cli.Models;
using Fleet.Interchange.Networks;
using Fleet.Interchange.Onnx;
using Fleet.Kernels.Models;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet job export VARIANT --out FILE</c>: a trained model as a file of its own.</summary>
internal static class JobExportCommand
{
    private const string Onnx = "onnx";
    private const string Safetensors = "safetensors";

    public static Command Create(CommandEnvironment environment)
    {
        var reference = new Argument<string>("VARIANT") { Description = "Its name, its key, or the beginning of its key" };
        var target = new Option<string>("--out") { Description = "File to write", HelpName = "FILE", Required = true };
        var format = new Option<string?>("--format")
        {
            Description = "safetensors or onnx (default: onnx where FILE ends in .onnx, else safetensors)",
            HelpName = "NAME",
        };
        format.AcceptOnlyFromAmong(Safetensors, Onnx);
        var seed = TrainedModels.SeedOption();
        var replace = new Option<bool>("--replace") { Description = "Write FILE even where it exists already" };
        var command = new Command("export", "Write a trained model to a file, for Fleet or as ONNX") { reference, target, format, seed, replace };
        command.SetAction(environment.HandleWithSilo(async (invocation, silo, cancel) =>
        {
            var path = Path.GetFullPath(invocation.Get(target)!);
            OutputFile.Check(path, invocation.Get(replace));
            var kind = invocation.Get(format) ?? (Path.GetExtension(path).Equals(".onnx", StringComparison.OrdinalIgnoreCase) ? Onnx : Safetensors);
            var model = await TrainedModels.GetAsync(silo.Client, invocation.Get(reference)!, invocation.Get(seed), cancel).ConfigureAwait(false);
            var bytes = kind == Onnx ? ModelFiles.Guard(() => OnnxModelFile.ToBytes(ModelFile.Read(model.Bytes, model.Job.Name))) : model.Bytes;
            OutputFile.Write(path, bytes);
            invocation.Output.Result($"Written: {path}, {model.Job.Name}{(model.Job.Seed is { } number ? $" of seed {number}" : "")}");
            invocation.Output.Document(new WrittenModel(path, bytes.Length, ModelSummary.SourceName(ModelOrigin.Fleet), []), CommandJson.Default.WrittenModel);
        }));
        return command;
    }
}
