using System.Diagnostics;
using Fleet.Cli.Tests.Support;

namespace Fleet.Cli.Tests.Launcher;

/// <summary>bench/training.sh compares with a PyTorch that multiplies as fast as it can, or not at all.</summary>
public sealed class TrainingBenchTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_PyTorch_with_the_reference_BLAS_is_no_peer()
    {
        var (code, error) = await RunAsync("reference /usr/lib/libblas.so.3");
        Assert.Equal(1, code);
        Assert.Contains("PyTorch multiplies with the reference BLAS (/usr/lib/libblas.so.3)", error, StringComparison.Ordinal);
        Assert.Contains("apt-get install libopenblas0-pthread", error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["ran"]));
    }

    [Fact]
    public async Task With_another_it_is_compared_and_the_library_is_named()
    {
        var (code, error) = await RunAsync("/usr/lib/openblas-pthread/libblas.so.3");
        Assert.Equal(0, code);
        Assert.Contains("PyTorch multiplies with: /usr/lib/openblas-pthread/libblas.so.3", error, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["ran"]));
    }

    // The script among stand-ins: a PyTorch that says what it multiplies with, and a benchmark that says that it ran.
    private async Task<(int Code, string Error)> RunAsync(string blas)
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "scripts", "training.sh"), folder["training.sh"]);
        await File.WriteAllTextAsync(folder["build.sh"], "out=$here\ncore=0\n");
        Directory.CreateDirectory(folder["Fleet.Bench"]);
        Executable.Write(folder["Fleet.Bench/Fleet.Bench"], $"#!/bin/sh\ntouch '{folder["ran"]}'\n");
        Executable.Write(folder["python"], $"#!/bin/sh\n[ \"$1\" = -c ] || echo '{blas}'\n");
        using var process = Process.Start(new ProcessStartInfo("sh", [folder["training.sh"], "--json"])
        {
            Environment = { ["PYTHON"] = folder["python"] },
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, error);
    }
}
