using System.Diagnostics;
using System.Runtime.Versioning;
using Fleet.Os.Machines;
using Fleet.Os.Processes;
using Fleet.Os.Tests.Processes;

namespace Fleet.Os.Tests.Machines;

[UnsupportedOSPlatform("windows")]
public sealed class MachineLockTests : IDisposable
{
    private static readonly TimeSpan LongerThanAPoll = TimeSpan.FromMilliseconds(400);
    private readonly TemporaryFolder temporary = new();
    private readonly MachineLock own;

    public MachineLockTests() => own = new MachineLock(TimeProvider.System, temporary.File("lock"));

    public void Dispose() => temporary.Dispose();

    [Fact]
    public async Task Trainers_share_the_machine()
    {
        await using var first = new Talker("hold", "shared", own.Folder);
        await using var second = new Talker("hold", "shared", own.Folder);

        Assert.Equal("held", first.NextLine());
        Assert.Equal("held", second.NextLine());
    }

    [Theory]
    [InlineData("exclusive", "exclusive")]
    [InlineData("exclusive", "shared")]
    [InlineData("shared", "exclusive")]
    public async Task Measuring_shares_the_machine_with_nobody(string holder, string newcomer)
    {
        await using var first = new Talker("hold", holder, own.Folder);
        Assert.Equal("held", first.NextLine());
        await using var second = new Talker("hold", newcomer, own.Folder);

        Assert.True(second.SaysNothingFor(LongerThanAPoll));
        await first.Process.StopAsync(TimeSpan.FromSeconds(10));
        Assert.Equal("held", second.NextLine());
    }

    [Fact]
    public async Task A_holder_that_is_killed_lets_go()
    {
        await using var holder = new Talker("hold", "exclusive", own.Folder);
        Assert.Equal("held", holder.NextLine());

        holder.Process.Kill();
        await holder.EndAsync();

        using var held = await own.AcquireExclusiveAsync(new CancellationTokenSource(TimeSpan.FromSeconds(5)).Token);
    }

    [Fact]
    public async Task A_waiting_worker_is_seen_by_the_trainer_that_holds_the_machine_and_no_new_trainer_gets_in_before_it()
    {
        var trainer = await own.AcquireSharedAsync(CancellationToken.None);
        Assert.False(own.SomebodyWaits());
        await using var worker = new Talker("hold", "exclusive", own.Folder);
        await UntilAsync(own.SomebodyWaits);

        await using var lateTrainer = new Talker("hold", "shared", own.Folder);
        Assert.True(lateTrainer.SaysNothingFor(LongerThanAPoll));
        trainer.Dispose();

        Assert.Equal("held", worker.NextLine());
        Assert.True(lateTrainer.SaysNothingFor(LongerThanAPoll));
        await worker.Process.StopAsync(TimeSpan.FromSeconds(10));
        Assert.Equal("held", lateTrainer.NextLine());
    }

    [Fact]
    public async Task A_child_of_the_holder_does_not_keep_the_lock()
    {
        var held = await own.AcquireExclusiveAsync(CancellationToken.None);
        await using var child = new Talker("watch");
        child.NextLine();

        held.Dispose();

        using var again = await own.AcquireExclusiveAsync(new CancellationTokenSource(TimeSpan.FromSeconds(5)).Token);
    }

    [Fact]
    public async Task The_lock_is_the_kernels_flock_so_that_scripts_can_take_it_too()
    {
        using (await own.AcquireExclusiveAsync(CancellationToken.None))
        {
            Assert.Equal(1, await FlockAsync("--shared"));
        }

        using (await own.AcquireSharedAsync(CancellationToken.None))
        {
            Assert.Equal(0, await FlockAsync("--shared"));
            Assert.Equal(1, await FlockAsync("--exclusive"));
        }

        Assert.Equal(0, await FlockAsync("--exclusive"));
    }

    [Fact]
    public async Task Its_files_are_open_to_every_user_of_the_machine()
    {
        using var held = await own.AcquireExclusiveAsync(CancellationToken.None);

        const UnixFileMode All = (UnixFileMode)0b110_110_110;
        Assert.Equal(All, File.GetUnixFileMode(Path.Combine(own.Folder, "lock")));
        Assert.Equal(All, File.GetUnixFileMode(Path.Combine(own.Folder, "gate")));
        // And none of them may take away another's.
        Assert.Equal((UnixFileMode)0b1_111_111_111, File.GetUnixFileMode(own.Folder));
    }

    [Fact]
    public async Task Another_user_takes_the_lock_that_root_made()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can become another user");
        OpenUp();
        using (await own.AcquireExclusiveAsync(CancellationToken.None))
        {
        }

        var (code, output) = await AsNobodyAsync("hold", "exclusive", own.Folder);

        Assert.Equal("held", output);
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task A_lock_closed_to_this_user_is_named_with_the_way_out()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can become another user");
        OpenUp();
        using (await own.AcquireExclusiveAsync(CancellationToken.None))
        {
        }

        File.SetUnixFileMode(Path.Combine(own.Folder, "gate"), UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var (code, output) = await AsNobodyAsync("hold", "exclusive", own.Folder);

        Assert.NotEqual(0, code);
        Assert.Contains(Path.Combine(own.Folder, "gate"), output, StringComparison.Ordinal);
        Assert.Contains("mkdir -m 1777", output, StringComparison.Ordinal);
        Assert.Contains(MachineLock.Variable, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_an_error_and_no_endless_wait()
    {
        File.WriteAllText(temporary.File("file"), "");
        var impossible = new MachineLock(TimeProvider.System, Path.Combine(temporary.File("file"), "lock"));

        var error = await Assert.ThrowsAsync<MachineLockException>(() => impossible.AcquireSharedAsync(CancellationToken.None));

        Assert.Contains(MachineLock.Variable, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lock")]
    [InlineData("gate")]
    public async Task A_link_in_the_place_of_a_file_is_not_followed(string name)
    {
        var victim = temporary.File("victim");
        File.WriteAllText(victim, "secret");
        File.SetUnixFileMode(victim, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.CreateDirectory(own.Folder);
        File.CreateSymbolicLink(Path.Combine(own.Folder, name), victim);

        var error = await Assert.ThrowsAsync<MachineLockException>(() => own.AcquireExclusiveAsync(CancellationToken.None));

        Assert.Contains("it is a link", error.Message, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(victim));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_link_in_the_place_of_the_folder_is_not_followed(bool targetExists)
    {
        var target = temporary.File("target");
        if (targetExists)
        {
            Directory.CreateDirectory(target);
        }

        File.CreateSymbolicLink(own.Folder, target);

        var error = await Assert.ThrowsAsync<MachineLockException>(() => own.AcquireExclusiveAsync(CancellationToken.None));

        Assert.Contains("it is a link", error.Message, StringComparison.Ordinal);
        Assert.Contains("sudo mkdir -m 1777", error.Message, StringComparison.Ordinal);
        Assert.Empty(targetExists ? Directory.GetFileSystemEntries(target) : []);
    }

    [Fact]
    public async Task What_is_no_plain_file_is_refused_and_does_not_hang()
    {
        Directory.CreateDirectory(own.Folder);
        using (var mkfifo = Process.Start("mkfifo", [Path.Combine(own.Folder, "gate")]))
        {
            await mkfifo.WaitForExitAsync();
        }

        var error = await Assert.ThrowsAsync<MachineLockException>(() => own.AcquireExclusiveAsync(CancellationToken.None));

        Assert.Contains("no plain file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Root_makes_nothing_in_a_folder_of_another_user()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can give a folder away");
        OpenUp();
        Directory.CreateDirectory(own.Folder);
        using (var chown = Process.Start("chown", ["65534", own.Folder]))
        {
            await chown.WaitForExitAsync();
        }

        var error = await Assert.ThrowsAsync<MachineLockException>(() => own.AcquireExclusiveAsync(CancellationToken.None));

        Assert.Contains("belongs to another user (uid 65534)", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(own.Folder));
    }

    [Fact]
    public async Task An_own_folder_of_an_older_version_in_which_others_could_replace_files_is_mended()
    {
        Directory.CreateDirectory(own.Folder);
        File.SetUnixFileMode(own.Folder, (UnixFileMode)0b111_111_111);
        using var held = await own.AcquireExclusiveAsync(CancellationToken.None);
        Assert.True(File.GetUnixFileMode(own.Folder).HasFlag(UnixFileMode.StickyBit));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            await Task.Delay(20, limit.Token);
        }
    }

    private void OpenUp() => File.SetUnixFileMode(temporary.Path, (UnixFileMode)0b111_101_101);

    private async Task<int> FlockAsync(string how)
    {
        using var flock = Process.Start("flock", [how, "--nonblock", Path.Combine(own.Folder, "lock"), "true"]);
        await flock.WaitForExitAsync();
        return flock.ExitCode;
    }

    // setpriv (util-linux) gives up root before it starts the program, and needs no account that can log in.
    private static async Task<(int Code, string Output)> AsNobodyAsync(params string[] role)
    {
        var start = TestChild.StartInfo(role);
        var nobody = new ProcessStartInfo("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", start.FileName, .. start.ArgumentList]);
        nobody.Environment["DOTNET_EnableDiagnostics"] = "0";
        var lines = new List<string>();
        await using var child = ChildProcess.Start(nobody, Add, Add);
        var stop = child.StopAsync(TimeSpan.FromSeconds(20));
        await child.WaitAsync(CancellationToken.None);
        await stop;
        return (child.ExitCode, string.Join('\n', lines));

        void Add(string line)
        {
            lock (lines)
            {
                lines.Add(line);
            }
        }
    }
}
