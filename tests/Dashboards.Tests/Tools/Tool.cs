using System.Diagnostics;

namespace Fleet.Dashboards.Tests.Tools;

/// <summary>A program of the system that a test needs.</summary>
internal static class Tool
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Skips the test where the program is missing.</summary>
    public static void Need(string name) => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, name))),
        $"{name} is not installed; test.sh installs it, when root.");

    /// <summary>Runs it to its end and returns all that it wrote; fails where it fails.</summary>
    public static async Task<string> RunAsync(string name, params string[] arguments)
    {
        Need(name);
        using var process = Process.Start(new ProcessStartInfo(name, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            var text = string.Concat(texts);
            Assert.True(process.ExitCode == 0, $"{name} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{text}");
            return text;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{name} {string.Join(' ', arguments)} has not ended within {Limit.TotalMinutes} min.");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
