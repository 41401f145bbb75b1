using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Fleet.Cli.Failures;
using Fleet.Cli.Terminals;
using Fleet.Os.Processes;

namespace Fleet.Cli.Packages;

/// <summary>What a person asks for.</summary>
/// <param name="Level">Level of the x64 instruction set.</param>
/// <param name="AheadOfTime">Null: where this machine can.</param>
internal sealed record PackageOrder(AgentTarget Target, string Level, bool? AheadOfTime, string Out);

/// <summary>
/// Makes the package that a board's owner unpacks and installs: the binary, its systemd unit, the install script, what the binary
/// needs, and the licence.
/// </summary>
internal sealed class AgentPackager(BuildTools tools, Output output, Interruption interruption, TimeProvider time)
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The package is there whole or not at all.</summary>
    /// <exception cref="CommandFailedException">It could not be made; the message says why.</exception>
    public async Task<AgentPackage> MakeAsync(PackageOrder order, CancellationToken cancel)
    {
        var build = new AgentBuild(tools, output, interruption);
        var checkout = build.FindSources();
        var aheadOfTime = build.ChooseAheadOfTime(order.Target, order.AheadOfTime);
        var archive = $"{order.Out}.{Guid.NewGuid():N}.new";
        // A place that cannot be written is told before minutes are spent on the build.
        await Create(archive).DisposeAsync().ConfigureAwait(false);
        var draft = Directory.CreateTempSubdirectory("fleet-agent-package-").FullName;
        try
        {
            output.Progress(
                $"Building the agent for {order.Target.Arch},"
                    + $" {(aheadOfTime ? "compiled ahead of time (a minute or two)" : "with the just-in-time runtime")} ...");
            var binary = await build.PublishAsync(order.Target, aheadOfTime, order.Level, draft, cancel).ConfigureAwait(false);
            var package = Describe(order, aheadOfTime, binary);
            await using (var file = Create(archive))
            {
                await WriteAsync(file, package, binary, checkout, cancel).ConfigureAwait(false);
            }

            File.Move(archive, order.Out, overwrite: true);
            return package with { Bytes = new FileInfo(order.Out).Length };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitCodes.Failed, $"The package could not be written: {error.Message}");
        }
        finally
        {
            File.Delete(archive);
            Directory.Delete(draft, recursive: true);
        }
    }

    private static FileStream Create(string archive)
    {
        try
        {
            return File.Create(archive);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CommandFailedException.Usage($"The package cannot be written there: {error.Message}", "Give another file with --out FILE.");
        }
    }

    private static AgentPackage Describe(PackageOrder order, bool aheadOfTime, string binary)
    {
        try
        {
            var elf = ElfFile.Read(binary);
            if (elf.Machine != order.Target.ElfMachine)
            {
                throw new InvalidDataException($"it is for another architecture (number {elf.Machine})");
            }

            using var content = File.OpenRead(binary);
            return new AgentPackage(
                order.Out,
                0,
                ProductVersion.Text,
                order.Target.Arch,
                aheadOfTime ? "aot" : "jit",
                content.Length,
                Convert.ToHexStringLower(SHA256.HashData(content)),
                elf.Glibc.ToString(),
                elf.Libraries,
                aheadOfTime && order.Target.Arch == "x64" ? [.. AgentTarget.FlagsOf(order.Level)] : []);
        }
        catch (InvalidDataException wrong)
        {
            throw new CommandFailedException(ExitCodes.Failed, $"What the build made cannot run on {order.Target.Arch}: {wrong.Message}.");
        }
    }

    private async Task WriteAsync(Stream file, AgentPackage package, string binary, string checkout, CancellationToken cancel)
    {
        var folder = $"fleet-agent-{package.Version}-linux-{package.Arch}";
        await using var compressed = new GZipStream(file, CompressionLevel.SmallestSize);
        await using var tar = new TarWriter(compressed, TarEntryFormat.Pax);
        await AddFileAsync("fleet-agent", binary, Executable).ConfigureAwait(false);
        await AddFileAsync("install.sh", Path.Combine(checkout, "deploy", "agent", "install.sh"), Executable).ConfigureAwait(false);
        await AddFileAsync("fleet-agent.service", Path.Combine(checkout, "deploy", "agent", "fleet-agent.service"), Readable).ConfigureAwait(false);
        await AddFileAsync("LICENSE", Path.Combine(checkout, "LICENSE"), Readable).ConfigureAwait(false);
        using var requirements = new MemoryStream(Encoding.UTF8.GetBytes(Requirements(package)));
        await AddAsync("requirements", requirements, Readable).ConfigureAwait(false);

        async Task AddFileAsync(string name, string path, UnixFileMode mode)
        {
            await using var content = File.OpenRead(path);
            await AddAsync(name, content, mode).ConfigureAwait(false);
        }

        Task AddAsync(string name, Stream content, UnixFileMode mode) => tar.WriteEntryAsync(
            new PaxTarEntry(TarEntryType.RegularFile, $"{folder}/{name}") { DataStream = content, Mode = mode, ModificationTime = time.GetUtcNow() },
            cancel);
    }

    // A line each, for a shell to read.
    private static string Requirements(AgentPackage package) =>
        $"""
        version={package.Version}
        arch={package.Arch}
        machine={AgentTarget.All.Single(target => target.Arch == package.Arch).Machine}
        runtime={package.Runtime}
        glibc={package.Glibc}
        libraries={string.Join(' ', package.Libraries)}
        cpu={string.Join(' ', package.Cpu)}
        sha256={package.Sha256}

        """.ReplaceLineEndings("\n");
}
