using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.Training.Tests.PyTorch;

/// <summary>Runs <c>training_step.py</c> with Debian's PyTorch.</summary>
internal static class PyTorchStep
{
    private const string Python = "/usr/bin/python3";
    private const string Package = "/usr/lib/python3/dist-packages/torch";

    /// <exception cref="InvalidOperationException">The script failed; the message is what it wrote.</exception>
    public static async Task<JsonObject> RunAsync(JsonObject request)
    {
        Assert.SkipUnless(Directory.Exists(Package), "PyTorch is not installed: apt-get install python3-torch");
        using var python = Process.Start(new ProcessStartInfo(Python, [Path.Combine(AppContext.BaseDirectory, "PyTorch", "training_step.py")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = python.StandardOutput.ReadToEndAsync();
        var errors = python.StandardError.ReadToEndAsync();
        await python.StandardInput.WriteAsync(request.ToJsonString());
        python.StandardInput.Close();
        await python.WaitForExitAsync();
        return python.ExitCode == 0
            ? JsonSerializer.Deserialize<JsonObject>(await output)!
            : throw new InvalidOperationException(await errors);
    }
}
