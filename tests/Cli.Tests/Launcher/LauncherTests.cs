using System.Diagnostics;
using System.Globalization;
using Fleet.Cli.Tests.Support;

namespace Fleet.Cli.Tests.Launcher;

public sealed class LauncherTests : IDisposable
{
    private readonly ScriptedCheckout checkout = new("fleet");

    public void Dispose() => checkout.Dispose();

    private string Fleet => checkout["checkout", "fleet"];

    [Fact]
    public async Task It_builds_once_and_then_only_starts()
    {
        var first = await checkout.RunAsync(Fleet, ["device", "list", "two words"]);
        Assert.Equal(0, first.Code);
        Assert.Contains("arguments: device list two words", first.Out, StringComparison.Ordinal);
        Assert.Contains("fleet: building", first.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("the log of the build", first.Out + first.Error, StringComparison.Ordinal);
        var second = await checkout.RunAsync(Fleet, []);
        Assert.Empty(second.Error);
        Assert.Equal(1, checkout.Builds);
    }

    [Fact]
    public async Task A_changed_source_is_built_beside_what_was_there()
    {
        await checkout.RunAsync(Fleet, []);
        var before = Assert.Single(checkout.Outputs);
        checkout.Edit("second");
        await checkout.RunAsync(Fleet, []);
        Assert.Equal(2, checkout.Outputs.Count);
        Assert.Contains(before, checkout.Outputs);
        checkout.Edit("first");
        await checkout.RunAsync(Fleet, []);
        Assert.Equal(2, checkout.Builds);
    }

    [Fact]
    public async Task A_changed_source_with_an_old_date_is_still_compiled()
    {
        await checkout.RunAsync(Fleet, []);
        var intermediate = checkout["checkout", ".out", "obj", "Fleet.Cli", "Release", "old.dll"];
        await File.WriteAllTextAsync(intermediate, "stale");
        checkout.Edit("second");
        File.SetLastWriteTimeUtc(checkout["checkout", "src", "Cli", "Program.cs"], new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await checkout.RunAsync(Fleet, []);
        Assert.False(File.Exists(intermediate));
    }

    [Fact]
    public async Task It_works_from_any_folder_and_through_a_symbolic_link()
    {
        var elsewhere = Directory.CreateDirectory(checkout["else where"]).FullName;
        var link = Path.Combine(elsewhere, "flt");
        File.CreateSymbolicLink(link, Fleet);
        var ran = await checkout.RunAsync(link, [], elsewhere);
        Assert.Equal(0, ran.Code);
        Assert.Contains($"folder: {elsewhere}", ran.Out, StringComparison.Ordinal);
        Assert.Contains(checkout["checkout", ".out"], ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_build_that_fails_shows_its_log_and_leaves_nothing()
    {
        checkout.Play("broken");
        var ran = await checkout.RunAsync(Fleet, []);
        Assert.Equal(1, ran.Code);
        Assert.Contains("the log of the build", ran.Error, StringComparison.Ordinal);
        Assert.Empty(checkout.Outputs);
        Assert.False(Directory.Exists(checkout["checkout", ".out", "draft"]));
        checkout.StopPlaying("broken");
        Assert.Equal(0, (await checkout.RunAsync(Fleet, [])).Code);
    }

    [Fact]
    public async Task An_interrupted_build_ends_and_leaves_nothing()
    {
        checkout.Play("slow");
        using var process = checkout.Start(Fleet, []);
        await Eventually.HoldsAsync(() => File.Exists(checkout["play", "started"]), "the build begins");
        using (Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
        }

        var ended = await ScriptedCheckout.EndAsync(process);
        Assert.Equal(130, ended.Code);
        Assert.Empty(checkout.Outputs);
        Assert.False(Directory.Exists(checkout["checkout", ".out", "draft"]));
        Assert.False(File.Exists(checkout["checkout", ".out", "draft.log"]));
    }

    [Fact]
    public async Task Two_at_once_build_once()
    {
        var both = await Task.WhenAll(checkout.RunAsync(Fleet, ["one"]), checkout.RunAsync(Fleet, ["two"]));
        Assert.All(both, ran => Assert.Equal(0, ran.Code));
        Assert.Equal(1, checkout.Builds);
    }

    [Fact]
    public async Task Old_outputs_go_but_never_one_that_is_in_use()
    {
        checkout.Play("slow-program");
        using var running = checkout.Start(Fleet, []);
        await Eventually.HoldsAsync(() => File.Exists(checkout["play", "running"]), "the program runs");
        var inUse = Assert.Single(checkout.Outputs);
        File.SetLastWriteTimeUtc(Path.Combine(inUse, ".lock"), new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var others = new List<Process>();
        for (var i = 0; i < 4; i++)
        {
            checkout.Edit($"version {i}");
            others.Add(checkout.Start(Fleet, []));
            await Eventually.HoldsAsync(() => checkout.Starts == i + 2, "the next version is built and runs");
        }

        Assert.Equal(5, checkout.Outputs.Count);
        checkout.StopPlaying("slow-program");
        foreach (var other in others)
        {
            await ScriptedCheckout.EndAsync(other);
            other.Dispose();
        }

        await ScriptedCheckout.EndAsync(running);

        checkout.Edit("the last version");
        await checkout.RunAsync(Fleet, []);
        Assert.Equal(3, checkout.Outputs.Count);
        Assert.DoesNotContain(inUse, checkout.Outputs);
    }

    [Fact]
    public async Task A_missing_SDK_is_said_with_what_to_install()
    {
        checkout.Play("no-sdk");
        var ran = await checkout.RunAsync(Fleet, []);
        Assert.Equal(1, ran.Code);
        Assert.Contains("Installed: 8.0.100", ran.Error, StringComparison.Ordinal);
        Assert.Contains(".NET 10 SDK", ran.Error, StringComparison.Ordinal);
        Assert.Equal(0, checkout.Builds);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_said_with_the_way_out()
    {
        // A file where the folder should be keeps even root from writing.
        await File.WriteAllTextAsync(checkout["checkout", ".out"], "");
        var ran = await checkout.RunAsync(Fleet, []);
        Assert.Equal(1, ran.Code);
        Assert.Contains("cannot be written", ran.Error, StringComparison.Ordinal);
        Assert.Contains("FLEET_BUILD", ran.Error, StringComparison.Ordinal);
        var moved = await checkout.RunAsync(Fleet, [], null, ("FLEET_BUILD", checkout["mine"]));
        Assert.Equal(0, moved.Code);
        Assert.Contains(checkout["mine"], moved.Out, StringComparison.Ordinal);
    }
}
