using System.ComponentModel;
using System.Diagnostics;
using Fleet.Os.Processes;

namespace Fleet.Os.Tests.Processes;

public sealed class ChildProcessTests
{
    [Fact]
    public async Task Every_line_is_received_before_the_wait_ends()
    {
        var (output, error) = (new List<string>(), new List<string>());
        await using var child = ChildProcess.Start(TestChild.StartInfo("talk", "2000", "7"), output.Add, error.Add);

        await child.WaitAsync(CancellationToken.None);

        Assert.Equal(7, child.ExitCode);
        Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"out {i}"), output);
        Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"err {i}"), error);
    }

    [Fact]
    public async Task A_child_that_listens_stops_at_the_end_of_its_input()
    {
        await using var child = new Talker("watch");
        child.NextLine();

        await child.Process.StopAsync(TimeSpan.FromSeconds(20));
        await child.EndAsync();

        Assert.Equal(0, child.Process.ExitCode);
        Assert.Equal("stopped", child.NextLine());
    }

    [Fact]
    public async Task A_child_that_does_not_listen_is_killed_after_the_grace()
    {
        await using var child = new Talker("deaf");
        Assert.Equal("deaf", child.NextLine());

        await child.Process.StopAsync(TimeSpan.FromMilliseconds(100));

        Assert.Equal(128 + 9, child.Process.ExitCode);
    }

    [Fact]
    public async Task A_child_whose_parent_is_killed_stops()
    {
        await using var parent = new Talker("parent");
        using var grandchild = Process.GetProcessById(int.Parse(parent.NextLine()));

        // Only the parent: as the kernel does when memory runs out.
        using (var only = Process.GetProcessById(parent.Process.Id))
        {
            only.Kill(entireProcessTree: false);
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await grandchild.WaitForExitAsync(limit.Token);
    }

    [Fact]
    public async Task A_watched_child_leaves_the_answer_to_Ctrl_C_to_its_parent()
    {
        await using var child = new Talker("watch");
        var id = child.NextLine();

        using (var kill = Process.Start("kill", ["-INT", id]))
        {
            await kill.WaitForExitAsync();
        }

        Assert.True(child.SaysNothingFor(TimeSpan.FromMilliseconds(300)));
        Assert.False(child.Process.HasExited);
        await child.Process.StopAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(0, child.Process.ExitCode);
    }

    [Fact]
    public async Task A_process_that_the_child_left_behind_with_its_output_does_not_hold_up_the_wait()
    {
        var lines = new List<string>();
        await using var child = ChildProcess.Start(new ProcessStartInfo("sh", ["-c", "sleep 30 & echo $!"]), lines.Add, _ => { });

        await child.WaitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(15));

        using var left = Process.GetProcessById(int.Parse(Assert.Single(lines)));
        left.Kill();
    }

    [Fact]
    public void A_program_that_is_not_there_is_an_error() =>
        Assert.Throws<Win32Exception>(() => ChildProcess.Start(new ProcessStartInfo("/nowhere/fleet-none"), _ => { }, _ => { }));

    [Fact]
    public async Task Stopping_a_child_that_has_ended_is_no_error()
    {
        await using var child = new Talker("talk", "1", "3");
        await child.EndAsync();

        await child.Process.StopAsync(TimeSpan.Zero);
        child.Process.Kill();

        Assert.Equal(3, child.Process.ExitCode);
    }
}
