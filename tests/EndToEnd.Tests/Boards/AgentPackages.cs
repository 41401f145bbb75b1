using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Boards;

/// <summary>A package as <c>fleet agent package</c> made it, and the folder that it was unpacked into.</summary>
internal sealed record UnpackedAgent(JsonElement Document, string Folder)
{
    public string Binary => Path.Combine(Folder, "fleet-agent");
}

/// <summary>The packages that the tests of this folder share: each takes a minute to make.</summary>
public sealed class AgentPackages : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private readonly Sandbox sandbox = new();
    private readonly Dictionary<string, Task<UnpackedAgent>> made = [];

    /// <param name="arch">arm64 | x64</param>
    internal Task<UnpackedAgent> AheadOfTimeAsync(string arch)
    {
        // One test at a time asks.
        if (!made.TryGetValue(arch, out var package))
        {
            Toolchain(arch);
            made[arch] = package = MakeAsync(arch);
        }

        return package;
    }

    public ValueTask DisposeAsync() => sandbox.DisposeAsync();

    private static void Toolchain(string arch)
    {
        Need.Command("clang", "clang");
        Need.Command("readelf", "binutils");
        if (arch == "arm64")
        {
            Need.Command("aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu");
            Need.Command("aarch64-linux-gnu-objcopy", "binutils-aarch64-linux-gnu");
            Need.File("/usr/aarch64-linux-gnu/lib/Scrt1.o", "libc6-dev-arm64-cross");
        }
    }

    private async Task<UnpackedAgent> MakeAsync(string arch)
    {
        var archive = Path.Combine(sandbox.Folder, arch + ".tar.gz");
        var run = await sandbox.RunAsync(Patience, "agent", "package", "--arch", arch, "--runtime", "aot", "--out", archive, "--json");
        run.Succeeded();
        var tar = sandbox.StartProgram(["tar", "xf", archive, "-C", sandbox.Folder]);
        await tar.WaitAsync(Patience);
        tar.Succeeded();
        var document = run.Json();
        return new UnpackedAgent(document, Path.Combine(sandbox.Folder, $"fleet-agent-{document.GetProperty("version").GetString()}-linux-{arch}"));
    }
}
