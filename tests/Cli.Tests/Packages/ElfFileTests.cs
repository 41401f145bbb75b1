using System.Diagnostics;
using System.Text.RegularExpressions;
using Fleet.Cli.Packages;
using Fleet.Cli.Tests.Support;

namespace Fleet.Cli.Tests.Packages;

public sealed partial class ElfFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    /// <summary>Any program of this machine will do; the host that runs the tests is one for sure.</summary>
    private static string Program => Path.GetFullPath(File.ResolveLinkTarget("/proc/self/exe", returnFinalTarget: true)!.FullName);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_programs_needs_are_those_that_readelf_sees()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(path => File.Exists(Path.Combine(path, "readelf"))),
            "readelf (Debian package binutils) is not installed.");
        var elf = ElfFile.Read(Program);
        Assert.Equal(
            NeededLibrary().Matches(await ReadElfAsync("--dynamic")).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal),
            elf.Libraries);
        Assert.Equal(
            GlibcVersion().Matches(await ReadElfAsync("--version-info")).Select(match => Version.Parse(match.Groups[1].Value)).Max(),
            elf.Glibc);
        Assert.NotEmpty(elf.Libraries);
    }

    [Theory]
    [InlineData("")]
    [InlineData("#!/bin/sh\nexit 0\n and then some more, for a header's length at least ...............")]
    public void What_is_no_program_is_said_to_be_none(string text)
    {
        File.WriteAllText(folder["text"], text);
        Assert.Contains("no 64-bit program", Assert.Throws<InvalidDataException>(() => ElfFile.Read(folder["text"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_cut_off_anywhere_is_found_to_be_broken()
    {
        var whole = File.ReadAllBytes(Program);
        for (var length = 64; length < whole.Length; length += whole.Length / 50)
        {
            // The table of the sections, which all else hangs from, stands at the end.
            File.WriteAllBytes(folder["cut"], whole[..length]);
            Assert.Throws<InvalidDataException>(() => ElfFile.Read(folder["cut"]).Libraries);
        }
    }

    private static async Task<string> ReadElfAsync(string option)
    {
        using var process = Process.Start(
            new ProcessStartInfo("readelf", ["--wide", option, Program]) { RedirectStandardOutput = true, Environment = { ["LC_ALL"] = "C" } })!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return text;
    }

    [GeneratedRegex(@"\(NEEDED\).*\[(.+)\]")]
    private static partial Regex NeededLibrary();

    [GeneratedRegex(@"\bGLIBC_([0-9.]+)")]
    private static partial Regex GlibcVersion();
}
