using System.ComponentModel;
using System.Diagnostics;
using Fleet.Cli.Failures;
using Fleet.Cli.Terminals;
using Fleet.Os.Processes;

namespace Fleet.Cli.Packages;

/// <summary>Publishes the agent of the checkout for a target.</summary>
internal sealed class AgentBuild(BuildTools tools, Output output, Interruption interruption)
{
    /// <summary>Whether the code is compiled ahead of time: null asks for what this machine can do.</summary>
    /// <exception cref="CommandFailedException">It was asked for, and tools are missing.</exception>
    public bool ChooseAheadOfTime(AgentTarget target, bool? asked)
    {
        var missing = target.Toolchain.Where(tool => Array.TrueForAll(tool.AnyOf, one => tools.Find(one) is null)).ToArray();
        if (asked == false || missing.Length == 0)
        {
            return asked ?? true;
        }

        var found = $"Compiling ahead of time for {target.Arch} takes {string.Join(", ", missing.Select(tool => tool.AnyOf[0]))}, not found on this machine.";
        var install = $"On Debian: apt-get install {string.Join(' ', missing.Select(tool => tool.Package))}";
        if (asked == true)
        {
            throw new CommandFailedException(ExitCodes.Failed, found, $"{install}, or use --runtime jit, which needs the SDK alone.");
        }

        output.Warn($"{found} The agent gets the just-in-time runtime instead: larger, slower to start, and marked runtime=jit in every row. {install}");
        return false;
    }

    /// <summary>The folder with the agent's project.</summary>
    /// <exception cref="CommandFailedException">There are no sources.</exception>
    public string FindSources()
    {
        var project = Path.Combine(tools.Checkout ?? "", "src", "DeviceAgent");
        return tools.Checkout is not null && Directory.Exists(project)
            ? tools.Checkout
            : throw new CommandFailedException(
                ExitCodes.Failed,
                tools.Checkout is null
                    ? "The agent is made from the product's sources, and this command does not run from a checkout."
                    : $"The agent is made from the product's sources, and there are none in {project}.",
                $"Use ./fleet of a checkout, or set {BuildTools.CheckoutVariable} to its folder.");
    }

    /// <summary>Publishes into a folder below <paramref name="draft"/>, where everything else that the build makes goes, too.</summary>
    /// <returns>The binary.</returns>
    /// <exception cref="CommandFailedException">The build failed, or there is no SDK.</exception>
    public async Task<string> PublishAsync(AgentTarget target, bool aheadOfTime, string level, string draft, CancellationToken cancel)
    {
        var checkout = FindSources();
        var published = Path.Combine(draft, "published");
        var start = new ProcessStartInfo(
            tools.Dotnet,
            [
                "publish", Path.Combine(checkout, "src", "DeviceAgent"), "--configuration", "Release", "--runtime", target.RuntimeIdentifier,
                "--output", published, "--verbosity", "minimal", "--tl:off", "--nodeReuse:false",
                $"-p:FleetOut={Path.Combine(draft, "bin")}", $"-p:FleetObj={Path.Combine(draft, "obj")}",
                "-p:UseSharedCompilation=false", "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false", "-p:TreatWarningsAsErrors=false",
                "-p:NuGetAudit=false",
                .. aheadOfTime
                    ? (string[])["-p:PublishAot=true", $"-p:FleetInstructionSet={level}"]
                    : ["--self-contained", "true", "-p:PublishSingleFile=true", "-p:PublishTrimmed=true", "-p:TieredPGO=false"],
            ])
        {
            WorkingDirectory = checkout,
        };
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        var log = await RunAsync(start, cancel).ConfigureAwait(false);
        var binary = Path.Combine(published, FleetProgram.Agent.Assembly);
        return File.Exists(binary)
            ? binary
            : throw new CommandFailedException(ExitCodes.Failed, $"The build made no {FleetProgram.Agent.Assembly}.{Environment.NewLine}{log}".TrimEnd());
    }

    private async Task<string> RunAsync(ProcessStartInfo start, CancellationToken cancel)
    {
        var lines = new List<string>();
        ChildProcess build;
        try
        {
            build = ChildProcess.Start(start, Receive, Receive);
        }
        catch (Win32Exception error)
        {
            throw new CommandFailedException(
                ExitCodes.Failed, $"The .NET SDK could not be started ({start.FileName}): {error.Message}", "Install the .NET 10 SDK.");
        }

        await using (build.ConfigureAwait(false))
        {
            // It does not read its standard input: only killing stops it, and all that it started.
            await using (cancel.UnsafeRegister(_ => build.Kill(), null))
            {
                await build.WaitAsync(interruption.Forced).ConfigureAwait(false);
            }

            cancel.ThrowIfCancellationRequested();
            var log = string.Join(Environment.NewLine, lines);
            return build.ExitCode == 0
                ? log
                : throw new CommandFailedException(ExitCodes.Failed, $"The build of the agent failed (code {build.ExitCode}):{Environment.NewLine}{log}");
        }

        void Receive(string line)
        {
            lock (lines)
            {
                lines.Add(line);
            }

            if (line.Length > 0 && !line.Contains(": warning ", StringComparison.Ordinal))
            {
                output.Progress(line.Trim());
            }
        }
    }
}
