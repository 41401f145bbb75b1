using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Fleet.Cli.Failures;
using Fleet.Cli.Silos;
using Fleet.Cli.Terminals;
using Fleet.Interchange.PyTorch;
using Fleet.Measurement.Turns;
using Fleet.Os.Files;
using Fleet.Os.Processes;

namespace Fleet.Cli.Models;

/// <summary>
/// The program that times a model on Fleet's kernels and on ONNX Runtime in turns, both in its one process. It is no part of the
/// product: it is built from the checkout, ONNX Runtime restored with it, when somebody asks for it.
/// </summary>
internal static class OnnxRuntimePeer
{
    private const string Project = "bench/OnnxRuntimePeer/Fleet.OnnxRuntimePeer.csproj";

    /// <summary>Names the checkout where it is not above the program.</summary>
    private const string Variable = "FLEET_CHECKOUT";

    /// <summary>Names the folder that the launcher builds into where that is not <c>.out</c> of the checkout.</summary>
    private const string BuildVariable = "FLEET_BUILD";

    /// <exception cref="CommandFailedException">The peer cannot be built, or failed.</exception>
    public static async Task<ModelBenchResult> RunAsync(string file, int steps, int threads, StateDictHints hints, Output output, CancellationToken cancel)
    {
        var root = Checkout()
            ?? throw new CommandFailedException(
                ExitCodes.Failed,
                "ONNX Runtime is timed by a program that is built from Fleet's sources, and they are not here.",
                $"Run ./fleet of a checkout, or set {Variable} to it.");
        var folder = Path.Combine(Environment.GetEnvironmentVariable(BuildVariable) is { Length: > 0 } told ? told : Path.Combine(root, ".out"), "peers");
        // One at a time: two would disturb each other, and a build must not replace what runs.
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitCodes.Failed, $"The peer cannot be built: {error.Message}", $"Set {BuildVariable} to a folder of your own.");
        }

        await using var turn = FileLock.TryExclusive(Path.Combine(folder, "lock"))
            ?? throw new CommandFailedException(ExitCodes.Failed, "Another model is being timed beside ONNX Runtime.", "Try again when it is done.");
        output.Progress("Building the peer (a minute the first time, while ONNX Runtime is fetched) ...");
        var (code, log) = await StartAsync(
            [
                "build", Path.Combine(root, Project), "--configuration", "Release", "--verbosity", "quiet", "--tl:off", "--nodeReuse:false",
                $"-p:FleetOut={folder}/bin", $"-p:FleetObj={folder}/obj", "-p:UseAppHost=false",
                "-p:TreatWarningsAsErrors=false", "-p:RunAnalyzers=false", "-p:NuGetAudit=false",
            ],
            cancel).ConfigureAwait(false);
        if (code != 0)
        {
            throw new CommandFailedException(
                ExitCodes.Failed,
                $"The peer could not be built:{Environment.NewLine}{log}",
                "ONNX Runtime is fetched from the package source that dotnet restore uses.");
        }

        output.Progress("Timing both in turns ...");
        var program = Path.Combine(folder, "bin", "Fleet.OnnxRuntimePeer", "fleet-onnxruntime-peer.dll");
        var (ended, answer) = await StartAsync(
            ["exec", program, file, FormattableString.Invariant($"{steps}"), FormattableString.Invariant($"{threads}"), JsonSerializer.Serialize(hints)],
            cancel).ConfigureAwait(false);
        return ended == ExitCodes.Done
            ? JsonSerializer.Deserialize(answer, ModelBenchJson.Default.ModelBenchResult)!
            : throw new CommandFailedException(ended == ExitCodes.Usage ? ExitCodes.Usage : ExitCodes.Failed, $"The peer failed: {answer.Trim()}");
    }

    private static async Task<(int Code, string Text)> StartAsync(string[] arguments, CancellationToken cancel)
    {
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var said = new StringBuilder();
        var tail = new Tail();
        await using var child = ChildProcess.Start(new ProcessStartInfo(host, arguments), line => said.AppendLine(line), tail.Add);
        await child.WaitAsync(cancel).ConfigureAwait(false);
        return (child.ExitCode, child.ExitCode == 0 ? said.ToString() : $"{said}{tail}");
    }

    private static string? Checkout()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } told)
        {
            return told;
        }

        var place = new DirectoryInfo(AppContext.BaseDirectory);
        while (place is not null && !File.Exists(Path.Combine(place.FullName, Project)))
        {
            place = place.Parent;
        }

        return place?.FullName;
    }
}
