using System.CommandLine;
using Fleet.Cli.Packages;
using Fleet.Os.Processes;
using Fleet.Reports.Quantities;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet agent package</c></summary>
internal static class AgentCommand
{
    public static Command Create(CommandEnvironment environment) => new("agent", "Make the agent for a board")
    {
        Package(environment),
    };

    private static Command Package(CommandEnvironment environment)
    {
        var arch = new Option<string>("--arch") { Description = "The board's processor", HelpName = "arm64|x64", Required = true };
        arch.AcceptOnlyFromAmong([.. AgentTarget.All.Select(target => target.Arch)]);
        var file = new Option<string?>("--out")
        {
            Description = "Where to write the package (else fleet-agent-VERSION-linux-ARCH.tar.gz in this folder)",
            HelpName = "FILE",
        };
        var runtime = new Option<string>("--runtime")
        {
            Description = "aot compiles ahead of time and needs clang and a cross toolchain; jit needs the SDK alone; auto takes aot where it can",
            HelpName = "auto|aot|jit",
            DefaultValueFactory = _ => "auto",
        };
        runtime.AcceptOnlyFromAmong("auto", "aot", "jit");
        var level = new Option<string>("--isa")
        {
            Description = "Processors that an x64 agent compiled ahead of time is for: v3 has AVX2, v4 AVX-512, v2 neither",
            HelpName = string.Join('|', AgentTarget.LevelNames),
            DefaultValueFactory = _ => AgentTarget.DefaultLevel,
        };
        level.AcceptOnlyFromAmong([.. AgentTarget.LevelNames]);
        var command = new Command("package", "Pack the agent with its service and its installer, to be copied to a board") { arch, file, runtime, level };
        command.SetAction(environment.Handle(async (invocation, cancel) =>
        {
            var target = AgentTarget.All.Single(one => one.Arch == invocation.Get(arch));
            var order = new PackageOrder(
                target,
                invocation.Get(level)!,
                invocation.Get(runtime) switch { "aot" => true, "jit" => false, _ => null },
                Path.GetFullPath(invocation.Get(file) ?? $"fleet-agent-{ProductVersion.Text}-linux-{target.Arch}.tar.gz"));
            var packager = new AgentPackager(environment.Tools, invocation.Output, environment.Interruption, invocation.Time);
            var package = await packager.MakeAsync(order, cancel).ConfigureAwait(false);
            invocation.Output.Result(Words(package));
            invocation.Output.Document(package, CommandJson.Default.AgentPackage);
            return ExitCodes.Done;
        }));
        return command;
    }

    private static string Words(AgentPackage package)
    {
        var processor = package.Cpu.Count > 0 ? $", and a processor with {string.Join(' ', package.Cpu)}" : "";
        var name = Path.GetFileName(package.Path);
        // Within the package the folder has its own name, whatever the file is called.
        var folder = $"fleet-agent-{package.Version}-linux-{package.Arch}";
        return $"""
            {package.Path}: {Quantity.Bytes(package.Bytes)}, runtime {package.Runtime}
            It needs a 64-bit Linux with systemd on {package.Arch}, glibc {package.Glibc} or newer{processor}.
            On the board:  tar xf {name} && cd {folder} && sudo ./install.sh
            """;
    }
}
