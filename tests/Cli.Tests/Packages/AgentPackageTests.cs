using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text.Json;
using Fleet.Cli.Packages;
using Fleet.Cli.Tests.Support;
using Fleet.Os.Processes;

namespace Fleet.Cli.Tests.Packages;

/// <summary>With an SDK that only plays: it copies a program of this machine to where the agent should be published.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class AgentPackageTests : IDisposable
{
    private static readonly string Arch = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();
    private static readonly string OtherArch = Arch == "x64" ? "arm64" : "x64";

    private readonly CommandHarness fleet = new();

    public AgentPackageTests()
    {
        Directory.CreateDirectory(fleet.Folder["checkout", "src", "DeviceAgent"]);
        Directory.CreateDirectory(fleet.Folder["checkout", "deploy", "agent"]);
        foreach (var (name, place) in new[] { ("install.sh", "deploy/agent"), ("fleet-agent.service", "deploy/agent"), ("LICENSE", "") })
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, "scripts", name), fleet.Folder["checkout", place, name]);
        }

        Sdk("""cp /proc/self/exe "$out/fleet-agent" """);
    }

    private string Package => fleet.Folder["agent.tar.gz"];

    public void Dispose() => fleet.Dispose();

    [Fact]
    public async Task A_package_holds_the_binary_its_service_its_installer_its_needs_and_the_licence()
    {
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("agent", "package", "--arch", Arch, "--runtime", "jit", "--out", Package, "--json"));
        var document = JsonDocument.Parse(fleet.Out).RootElement;
        var files = Unpack();
        var folder = $"fleet-agent-{document.GetProperty("version").GetString()}-linux-{Arch}/";
        Assert.Equal(
            ["LICENSE", "fleet-agent", "fleet-agent.service", "install.sh", "requirements"],
            files.Keys.Select(name => name[folder.Length..]).Order(StringComparer.Ordinal));
        Assert.True(files[folder + "fleet-agent"].Mode.HasFlag(UnixFileMode.OtherExecute));
        Assert.True(files[folder + "install.sh"].Mode.HasFlag(UnixFileMode.OtherExecute));

        var needs = new StreamReader(new MemoryStream(files[folder + "requirements"].Content)).ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ToDictionary(line => line.Split('=')[0], line => line.Split('=')[1]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(files[folder + "fleet-agent"].Content)), needs["sha256"]);
        Assert.Equal(document.GetProperty("glibc").GetString(), needs["glibc"]);
        Assert.Equal(Arch, needs["arch"]);
        Assert.Equal("jit", needs["runtime"]);
        Assert.Contains("Building the agent", fleet.Error, StringComparison.Ordinal);
        Nothing_else_is_left();
    }

    [Fact]
    public async Task Without_the_toolchain_the_agent_gets_the_other_runtime_and_the_person_is_told_what_is_missing()
    {
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("agent", "package", "--arch", Arch, "--out", Package, "--json"));
        Assert.Equal("jit", JsonDocument.Parse(fleet.Out).RootElement.GetProperty("runtime").GetString());
        Assert.Contains("clang", fleet.Error, StringComparison.Ordinal);
        Assert.Contains("apt-get install", fleet.Error, StringComparison.Ordinal);
        Assert.Contains("PublishSingleFile=true", Arguments(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_the_toolchain_it_is_compiled_ahead_of_time_for_the_processors_asked_for()
    {
        fleet.Tools = fleet.Tools with { Find = command => "/usr/bin/" + command };
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("agent", "package", "--arch", Arch, "--isa", "x86-64-v4", "--out", Package, "--json"));
        var document = JsonDocument.Parse(fleet.Out).RootElement;
        Assert.Equal("aot", document.GetProperty("runtime").GetString());
        Assert.Contains("PublishAot=true", Arguments(), StringComparison.Ordinal);
        Assert.Contains("FleetInstructionSet=x86-64-v4", Arguments(), StringComparison.Ordinal);
        var flags = document.GetProperty("cpu").EnumerateArray().Select(flag => flag.GetString()!).ToArray();
        Assert.Equal(Arch == "x64", flags.Contains("avx512f") && flags.Contains("avx2") && flags.Contains("ssse3"));
    }

    [Fact]
    public async Task Asked_for_what_the_toolchain_cannot_do_it_fails_and_names_the_packages()
    {
        Assert.Equal(ExitCodes.Failed, await fleet.RunAsync("agent", "package", "--arch", OtherArch, "--runtime", "aot", "--out", Package));
        Assert.Contains(
            OtherArch == "arm64" ? "clang gcc-aarch64-linux-gnu binutils-aarch64-linux-gnu libc6-dev-arm64-cross" : "gcc-x86-64-linux-gnu",
            fleet.Error,
            StringComparison.Ordinal);
        Nothing_is_left();
    }

    [Fact]
    public async Task A_binary_for_another_architecture_is_never_packed()
    {
        Assert.Equal(ExitCodes.Failed, await fleet.RunAsync("agent", "package", "--arch", OtherArch, "--runtime", "jit", "--out", Package));
        Assert.Contains($"cannot run on {OtherArch}", fleet.Error, StringComparison.Ordinal);
        Nothing_is_left();
    }

    [Fact]
    public async Task A_build_that_fails_shows_its_log_and_leaves_nothing()
    {
        Sdk("echo 'Program.cs(1,1): error CS1002: ; expected'; exit 1");
        Assert.Equal(ExitCodes.Failed, await fleet.RunAsync("agent", "package", "--arch", Arch, "--runtime", "jit", "--out", Package));
        Assert.Contains("error CS1002", fleet.Error, StringComparison.Ordinal);
        Nothing_is_left();
    }

    [Fact]
    public async Task Ctrl_C_stops_the_build_and_leaves_nothing()
    {
        Sdk($"touch '{fleet.Folder["started"]}'; sleep 600 & wait");
        var running = fleet.RunAsync("agent", "package", "--arch", Arch, "--runtime", "jit", "--out", Package);
        await Eventually.HoldsAsync(() => File.Exists(fleet.Folder["started"]), "the build starts");
        fleet.Interruption.Signal();
        Assert.Equal(ExitCodes.Interrupted, await running.WaitAsync(Eventually.Limit));
        Nothing_is_left();
    }

    [Fact]
    public async Task Without_sources_or_an_SDK_it_says_what_is_missing()
    {
        var checkout = fleet.Tools;
        fleet.Tools = checkout with { Checkout = null };
        Assert.Equal(ExitCodes.Failed, await fleet.RunAsync("agent", "package", "--arch", Arch, "--out", Package));
        Assert.Contains("does not run from a checkout", fleet.Error, StringComparison.Ordinal);
        Assert.Contains("FLEET_CHECKOUT", fleet.Error, StringComparison.Ordinal);

        fleet.Tools = checkout with { Dotnet = fleet.Folder["no-such-dotnet"] };
        Assert.Equal(ExitCodes.Failed, await fleet.RunAsync("agent", "package", "--arch", Arch, "--out", Package));
        Assert.Contains(".NET SDK could not be started", fleet.Error, StringComparison.Ordinal);
        Nothing_is_left();
    }

    [Theory]
    [InlineData("--arch", "mips")]
    [InlineData("--arch", "arm64", "--runtime", "mono")]
    [InlineData("--out", "x.tar.gz")]
    public async Task Wrong_usage_is_said_at_once(params string[] arguments) =>
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync(["agent", "package", .. arguments]));

    [Fact]
    public async Task A_place_that_cannot_be_written_is_named_before_anything_is_built()
    {
        Assert.Equal(
            ExitCodes.Usage, await fleet.RunAsync("agent", "package", "--arch", Arch, "--runtime", "jit", "--out", fleet.Folder["nowhere", "agent.tar.gz"]));
        Assert.Contains("nowhere", fleet.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(fleet.Folder["arguments"]));
    }

    private void Sdk(string behaviour)
    {
        var path = fleet.Folder["dotnet"];
        Executable.Write(path, $"""
            #!/bin/sh
            echo "$@" >'{fleet.Folder["arguments"]}'
            while [ "$1" != --output ]; do shift; done
            out=$2
            mkdir -p "$out"
            {behaviour}

            """);
        fleet.Tools = new BuildTools(fleet.Folder["checkout"], path, _ => null);
    }

    private string Arguments() => File.ReadAllText(fleet.Folder["arguments"]);

    // The draft of the build is in the temporary folder, whose name the SDK was told.
    private void Nothing_else_is_left()
    {
        Assert.Empty(Directory.GetFiles(fleet.Folder.Path, "*.new"));
        if (File.Exists(fleet.Folder["arguments"]))
        {
            var draft = Arguments().Split(' ').Single(word => word.StartsWith("-p:FleetObj=", StringComparison.Ordinal))["-p:FleetObj=".Length..];
            Assert.False(Directory.Exists(Path.GetDirectoryName(draft)));
        }
    }

    private void Nothing_is_left()
    {
        Assert.False(File.Exists(Package));
        Nothing_else_is_left();
    }

    private Dictionary<string, (UnixFileMode Mode, byte[] Content)> Unpack()
    {
        using var tar = new TarReader(new GZipStream(File.OpenRead(Package), CompressionMode.Decompress));
        var files = new Dictionary<string, (UnixFileMode, byte[])>();
        while (tar.GetNextEntry() is { } entry)
        {
            using var content = new MemoryStream();
            entry.DataStream!.CopyTo(content);
            files[entry.Name] = (entry.Mode, content.ToArray());
        }

        return files;
    }
}
