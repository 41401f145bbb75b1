using System.Diagnostics;
using Fleet.Cli.Tests.Support;

namespace Fleet.Cli.Tests.Launcher;

/// <summary>
/// A small checkout with the real scripts and a <c>dotnet</c> that only plays: it "builds" by making the files that a build would
/// make, "runs" by printing its arguments, and does as the files in its folder <c>play</c> say.
/// </summary>
internal sealed class ScriptedCheckout : IDisposable
{
    private const string Dotnet = """
        #!/usr/bin/env bash
        play=$(dirname -- "$0")/../play
        echo "$1" >>"$play/calls"
        case $1 in
          --version)
            [[ -e $play/no-sdk ]] && exit 145
            echo 10.0.100 ;;
          --list-sdks)
            echo "8.0.100 [/somewhere]" ;;
          build)
            for argument in "$@"; do
              [[ $argument == -p:FleetOut=* ]] && out=${argument#-p:FleetOut=}
              [[ $argument == -p:FleetObj=* ]] && mkdir -p "${argument#-p:FleetObj=}/Fleet.Cli/Release"
            done
            echo "the log of the build"
            mkdir -p "$out/Fleet.Cli"
            if [[ -e $play/slow ]]; then touch "$play/started"; sleep 600; fi
            [[ -e $play/broken ]] && exit 1
            echo "$RANDOM" >"$out/Fleet.Cli/fleet-cli.dll" ;;
          exec)
            shift
            program=$1
            shift
            if [[ $program == *.Tests.dll ]]; then
              source "$play/$(basename "$program" .dll)" "$@"
            fi
            [[ -e $play/slow-program ]] && { touch "$play/running"; while [[ -e $play/slow-program ]]; do sleep 0.02; done; }
            echo "program: $program"
            echo "arguments: $*"
            echo "folder: $PWD" ;;
        esac
        """;

    private readonly TemporaryFolder folder = new();

    public ScriptedCheckout(string script)
    {
        Directory.CreateDirectory(this["checkout", "src", "Cli"]);
        Directory.CreateDirectory(this["play"]);
        Directory.CreateDirectory(this["bin"]);
        File.WriteAllText(this["checkout", "src", "Cli", "Program.cs"], "first");
        File.WriteAllText(this["checkout", "global.json"], "{}");
        Executable.Write(this["bin", "dotnet"], Dotnet);
        // A test installs nothing.
        Executable.Write(this["bin", "apt-get"], "#!/bin/sh\nexit 100\n");
        Executable.Write(this["bin", "dpkg"], "#!/bin/sh\nexit 100\n");
        Executable.Write(this["checkout", script], File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "scripts", script)));
    }

    public string this[params string[] parts] => folder[parts];

    public int Builds => Calls("build");

    /// <summary>Programs that were started; by then its launcher has done all that it does.</summary>
    public int Starts => Calls("exec");

    /// <summary>Folders of finished builds.</summary>
    public IReadOnlyList<string> Outputs => Directory.Exists(this["checkout", ".out"])
        ? [.. Directory.GetDirectories(this["checkout", ".out"]).Where(path => File.Exists(Path.Combine(path, ".lock")))]
        : [];

    public void Play(string name, string content = "") => File.WriteAllText(this["play", name], content);

    public void StopPlaying(string name) => File.Delete(this["play", name]);

    public void Edit(string content) => File.WriteAllText(this["checkout", "src", "Cli", "Program.cs"], content);

    public Process Start(string script, IReadOnlyList<string> arguments, string? workingFolder = null, params (string Name, string? Value)[] environment)
    {
        var start = new ProcessStartInfo(script, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingFolder ?? folder.Path,
        };
        start.Environment["PATH"] = $"{this["bin"]}:/usr/bin:/bin";
        start.Environment.Remove("FLEET_BUILD");
        start.Environment.Remove("CI");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    public async Task<(int Code, string Out, string Error)> RunAsync(
        string script, IReadOnlyList<string> arguments, string? workingFolder = null, params (string Name, string? Value)[] environment)
    {
        using var process = Start(script, arguments, workingFolder, environment);
        return await EndAsync(process);
    }

    public static async Task<(int Code, string Out, string Error)> EndAsync(Process process)
    {
        using var limit = new CancellationTokenSource(Eventually.Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{process.StartInfo.FileName} has not ended within {Eventually.Limit.TotalMinutes} min.");
            throw;
        }
    }

    public void Dispose() => folder.Dispose();

    private int Calls(string verb) => File.Exists(this["play", "calls"]) ? File.ReadLines(this["play", "calls"]).Count(call => call == verb) : 0;
}
