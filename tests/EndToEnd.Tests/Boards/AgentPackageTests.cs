using System.Text.RegularExpressions;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Boards;

public sealed partial class AgentPackageTests(AgentPackages packages)
{
    private const long MaxBinaryBytes = 12_000_000;
    private const long MaxIdleBytes = 30_000_000;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData("arm64", "AArch64")]
    [InlineData("x64", "X86-64")]
    public async Task What_a_package_says_it_needs_is_what_readelf_sees(string arch, string machine)
    {
        var agent = await packages.AheadOfTimeAsync(arch);
        await using var sandbox = new Sandbox();

        var header = await RunAsync(sandbox, "readelf", "--file-header", agent.Binary);
        Assert.Contains(machine, header.Output, StringComparison.Ordinal);
        Assert.Contains("ELF64", header.Output, StringComparison.Ordinal);

        var versions = await RunAsync(sandbox, "readelf", "--wide", "--version-info", agent.Binary);
        var newest = GlibcVersion().Matches(versions.Output).Select(match => Version.Parse(match.Groups[1].Value)).Max()!;
        Assert.Equal(newest.ToString(), agent.Document.GetProperty("glibc").GetString());
        Assert.Contains($"glibc={newest}\n", File.ReadAllText(Path.Combine(agent.Folder, "requirements")), StringComparison.Ordinal);
        // Debian 12 and Raspberry Pi OS 12 have this one.
        Assert.True(newest <= new Version(2, 36), newest.ToString());
    }

    [Fact]
    public async Task The_x64_agent_is_small_and_starts_and_idles_in_little_memory()
    {
        var agent = await packages.AheadOfTimeAsync("x64");
        Assert.InRange(new FileInfo(agent.Binary).Length, 1_000_000, MaxBinaryBytes);
        await using var sandbox = new Sandbox();
        (await RunAsync(sandbox, "sh", Path.Combine(agent.Folder, "install.sh"), "--check")).Succeeded();

        var silo = sandbox.Start("up", "--no-agent", "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0");
        var address = await sandbox.SiloAsync(silo, Limit);
        var running = sandbox.StartProgram([agent.Binary, "run", "--silo", address, "--state", Path.Combine(sandbox.Folder, "agent")]);
        await running.SaysAsync("connected to the silo", Limit);
        // Idle is what it is a while after its start.
        await Wait.UntilAsync(
            () => running.ResidentBytes() is > 1_000_000 and <= MaxIdleBytes,
            Limit,
            () => $"it takes {running.ResidentBytes()} bytes, and may take {MaxIdleBytes}.\n{running}");

        await running.InterruptAsync();
        await running.WaitAsync(Limit);
        await silo.InterruptAsync();
        await sandbox.NothingRunsAsync(Limit);
    }

    [Fact]
    public async Task On_a_processor_that_is_too_old_the_x64_agent_says_so()
    {
        Need.Command("qemu-x86_64-static", "qemu-user-static");
        var agent = await packages.AheadOfTimeAsync("x64");
        await using var sandbox = new Sandbox();

        var old = await RunAsync(sandbox, "qemu-x86_64-static", "-cpu", "Nehalem", agent.Binary, "--version");

        Assert.NotEqual(0, old.ExitCode);
        Assert.Contains("instruction sets are not supported by the current CPU", old.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Illegal instruction", old.Error, StringComparison.Ordinal);
    }

    private static async Task<FleetRun> RunAsync(Sandbox sandbox, params string[] command)
    {
        var run = sandbox.StartProgram(command, ("LC_ALL", "C"));
        await run.WaitAsync(Limit);
        return run;
    }

    [GeneratedRegex(@"\bGLIBC_([0-9.]+)")]
    private static partial Regex GlibcVersion();
}
