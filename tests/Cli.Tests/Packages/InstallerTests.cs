using System.Diagnostics;
using System.Security.Cryptography;
using System.Runtime.Versioning;
using Fleet.Cli.Tests.Support;

namespace Fleet.Cli.Tests.Packages;

/// <summary>The real install script on boards that only play: their commands and their files are the test's.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class InstallerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> says = new()
    {
        ["id"] = "0",
        ["uname -s"] = "Linux",
        ["uname -m"] = "aarch64",
        ["getconf LONG_BIT"] = "64",
        ["getconf GNU_LIBC_VERSION"] = "glibc 2.36",
        ["systemctl"] = "",
    };

    private readonly Dictionary<string, string> needs = new()
    {
        ["version"] = "1.2.3", ["arch"] = "arm64", ["machine"] = "aarch64", ["runtime"] = "aot", ["glibc"] = "2.34", ["libraries"] = "libc.so.6", ["cpu"] = "",
    };

    public InstallerTests()
    {
        foreach (var path in new[] { "package", "bin", "root/run/systemd/system", "root/proc", "root/lib" })
        {
            Directory.CreateDirectory(folder[path]);
        }

        foreach (var name in new[] { "install.sh", "fleet-agent.service" })
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, "scripts", name), folder["package", name]);
        }

        File.WriteAllText(folder["package", "fleet-agent"], "the binary");
        needs["sha256"] = Convert.ToHexStringLower(SHA256.HashData("the binary"u8));
        File.WriteAllText(folder["root/proc/cpuinfo"], "processor\t: 0\nflags\t\t: fpu sse4_2 avx2 fma\n");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task On_a_board_that_can_run_it_everything_is_put_in_its_place()
    {
        var (code, error) = await InstallAsync("--silo", "http://127.0.0.1:5081", "--name", "attic");
        Assert.True(code == 0, error);
        Assert.Equal("the binary", File.ReadAllText(folder["root/opt/fleet-agent/fleet-agent"]));
        Assert.True(File.GetUnixFileMode(folder["root/opt/fleet-agent/fleet-agent"]).HasFlag(UnixFileMode.OtherExecute));
        Assert.Contains(
            "ExecStart=/opt/fleet-agent/fleet-agent run", File.ReadAllText(folder["root/etc/systemd/system/fleet-agent.service"]), StringComparison.Ordinal);
        var configuration = File.ReadAllText(folder["root/etc/fleet-agent/agent.conf"]);
        Assert.Contains("FLEET_SILO=http://127.0.0.1:5081\n", configuration, StringComparison.Ordinal);
        Assert.Contains("FLEET_NAME=attic\n", configuration, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Installed_again_it_keeps_the_configuration_and_replaces_the_binary()
    {
        Assert.Equal(0, (await InstallAsync("--name", "attic")).Code);
        var configuration = folder["root/etc/fleet-agent/agent.conf"];
        File.WriteAllText(configuration, File.ReadAllText(configuration).Replace("FLEET_OPTIONS=", "FLEET_OPTIONS=--tag room=lab", StringComparison.Ordinal));
        File.WriteAllText(folder["package", "fleet-agent"], "a newer one");
        needs["sha256"] = Convert.ToHexStringLower(SHA256.HashData("a newer one"u8));
        Assert.Equal(0, (await InstallAsync("--silo", "http://127.0.0.1:9")).Code);
        Assert.Equal("a newer one", File.ReadAllText(folder["root/opt/fleet-agent/fleet-agent"]));
        Assert.Contains(
            "FLEET_SILO=http://127.0.0.1:9\nFLEET_NAME=attic\nFLEET_OPTIONS=--tag room=lab\n",
            File.ReadAllText(folder["root/etc/fleet-agent/agent.conf"]),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_silos_token_is_put_where_the_service_looks_for_it_and_nobody_else_reads_it()
    {
        var token = new string('5', 64);
        File.WriteAllText(folder["token"], token + "\n");
        var (code, error) = await InstallAsync("--token-file", folder["token"]);
        Assert.True(code == 0, error);
        Assert.DoesNotContain("no token yet", error, StringComparison.Ordinal);
        var placed = folder["root/etc/fleet-agent/token"];
        Assert.Equal(token + "\n", File.ReadAllText(placed));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(placed));
        Assert.Contains(
            "FLEET_TOKEN_FILE=/etc/fleet-agent/token\n", File.ReadAllText(folder["root/etc/systemd/system/fleet-agent.service"]), StringComparison.Ordinal);

        // An upgrade keeps it.
        Assert.Equal(0, (await InstallAsync()).Code);
        Assert.Equal(token + "\n", File.ReadAllText(placed));
    }

    [Fact]
    public async Task Without_a_token_it_says_how_to_give_one() =>
        Assert.Contains("--token-file FILE", (await InstallAsync()).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData(null, "cannot be read")]
    [InlineData("", "does not hold a silo's token")]
    [InlineData("<html>", "does not hold a silo's token")]
    [InlineData("0123456789abcdef", "does not hold a silo's token")]
    public Task A_file_that_holds_no_token_is_refused_before_anything_is_changed(string? content, string reason)
    {
        if (content is not null)
        {
            File.WriteAllText(folder["token"], content);
        }

        return RefusedAsync(reason, "--token-file", folder["token"]);
    }

    [Fact]
    public async Task Removed_it_leaves_the_configuration_and_what_was_measured()
    {
        Assert.Equal(0, (await InstallAsync()).Code);
        Assert.Equal(0, (await InstallAsync("--uninstall")).Code);
        Assert.False(Directory.Exists(folder["root/opt/fleet-agent"]));
        Assert.False(File.Exists(folder["root/etc/systemd/system/fleet-agent.service"]));
        Assert.True(File.Exists(folder["root/etc/fleet-agent/agent.conf"]));
    }

    [Theory]
    [InlineData("id", "1000", "only root")]
    [InlineData("uname -s", "Darwin", "runs on Linux")]
    [InlineData("uname -m", "x86_64", "this machine is x86_64, and this package is for aarch64")]
    [InlineData("uname -m", "armv7l", "32-bit (armv7l)")]
    [InlineData("getconf LONG_BIT", "32", "the kernel is 64-bit, but the programs of this system are 32-bit")]
    [InlineData("getconf GNU_LIBC_VERSION", "glibc 2.31", "glibc 2.31, and the agent needs 2.34 or newer")]
    [InlineData("getconf GNU_LIBC_VERSION", "glibc 2.4", "glibc 2.4, and the agent needs 2.34 or newer")]
    [InlineData("getconf GNU_LIBC_VERSION", "", "no glibc was found")]
    [InlineData("systemctl", null, "does not run systemd")]
    public Task A_board_that_cannot_run_it_is_refused_with_the_reason(string command, string? answer, string reason)
    {
        says[command] = answer!;
        return RefusedAsync(reason);
    }

    [Fact]
    public Task A_system_with_musl_is_refused_by_its_name()
    {
        says["getconf GNU_LIBC_VERSION"] = "";
        File.WriteAllText(folder["root/lib/ld-musl-aarch64.so.1"], "");
        return RefusedAsync("musl");
    }

    [Fact]
    public Task A_system_that_was_not_started_by_systemd_is_refused()
    {
        Directory.Delete(folder["root/run/systemd"], recursive: true);
        return RefusedAsync("does not run systemd");
    }

    [Fact]
    public async Task A_processor_that_lacks_an_instruction_set_is_refused_by_its_name()
    {
        says["uname -m"] = needs["machine"] = "x86_64";
        needs["cpu"] = "avx2 fma";
        Assert.Equal(0, (await InstallAsync("--check")).Code);
        needs["cpu"] = "avx2 avx512f fma movbe";
        await RefusedAsync("this processor lacks avx512f movbe");
    }

    [Fact]
    public Task A_damaged_package_is_refused()
    {
        File.AppendAllText(folder["package", "fleet-agent"], "!");
        return RefusedAsync("damaged");
    }

    [Theory]
    [InlineData("--silo")]
    [InlineData("--silo", "127.0.0.1:5081")]
    [InlineData("--name", "a b")]
    [InlineData("--silo", "http://x/|w /etc/passwd")]
    [InlineData("--frobnicate")]
    public async Task Wrong_usage_changes_nothing(params string[] arguments)
    {
        Assert.Equal(2, (await InstallAsync(arguments)).Code);
        NothingIsInstalled();
    }

    private async Task RefusedAsync(string reason, params string[] arguments)
    {
        var (code, error) = await InstallAsync(arguments);
        Assert.Equal(1, code);
        Assert.Contains("not installed: ", error, StringComparison.Ordinal);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        NothingIsInstalled();
    }

    private void NothingIsInstalled()
    {
        Assert.False(Directory.Exists(folder["root/opt"]));
        Assert.False(Directory.Exists(folder["root/etc"]));
    }

    private async Task<(int Code, string Error)> InstallAsync(params string[] arguments)
    {
        File.WriteAllLines(folder["package", "requirements"], needs.Select(need => $"{need.Key}={need.Value}"));
        Directory.CreateDirectory(folder["bin"]);
        foreach (var command in says.Keys.Select(key => key.Split(' ')[0]).Distinct())
        {
            Play(command);
        }

        // Only what the script may take for granted, so that nothing of this machine answers in the board's place.
        foreach (
            var tool in new[] { "sh", "sed", "grep", "sync", "sort", "head", "cut", "sha256sum", "dirname", "mkdir", "cp", "mv", "rm", "rmdir", "chmod",
                "printf", "cat", "tr" })
        {
            if (!File.Exists(folder["bin", tool]))
            {
                File.CreateSymbolicLink(folder["bin", tool], new[] { "/bin", "/usr/bin" }.Select(place => Path.Combine(place, tool)).First(File.Exists));
            }
        }

        var start = new ProcessStartInfo("/bin/sh", [folder["package", "install.sh"], .. arguments])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        };
        start.Environment["PATH"] = folder["bin"];
        start.Environment["FLEET_INSTALL_ROOT"] = folder["root"];
        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, error);
    }

    private void Play(string command)
    {
        var path = folder["bin", command];
        File.Delete(path);
        var answers = says.Where(one => one.Key.Split(' ')[0] == command).ToArray();
        if (answers is [{ Value: null }])
        {
            return;
        }

        var cases = answers.Select(one => $"'{string.Join(' ', one.Key.Split(' ')[1..])}') echo '{one.Value}' ;;");
        Executable.Write(path, $"#!/bin/sh\ncase \"$*\" in {string.Join(' ', cases)} *) echo '{answers[0].Value}' ;; esac\n");
    }
}
