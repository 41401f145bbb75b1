using Fleet.DeviceAgent.Tests.Support;
using Fleet.DeviceAgent.Worker;
using Fleet.Measurement.Boards;

namespace Fleet.DeviceAgent.Tests.Worker;

public sealed class BoardSettingsTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();
    private readonly BoardRoot root;

    public BoardSettingsTests() => root = new BoardRoot(temporary.File("board"));

    private string Note => temporary.File(BoardSettings.FileName);

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Every_core_gets_its_own_governor_back()
    {
        Governor(0, "ondemand");
        Governor(1, "powersave");
        Governor(2, "performance");

        using (BoardSettings.SetPerformance(root, Note))
        {
            Assert.Equal(["performance", "performance", "performance"], Governors());
        }

        Assert.Equal(["ondemand", "powersave", "performance"], Governors());
        Assert.False(File.Exists(Note));
    }

    [Fact]
    public void What_a_worker_that_died_had_changed_is_put_back_by_whoever_comes_next()
    {
        Governor(0, "ondemand");
        _ = BoardSettings.SetPerformance(root, Note);

        Assert.Null(BoardSettings.Restore(Note));
        Assert.Equal(["ondemand"], Governors());
        Assert.Null(BoardSettings.Restore(Note));
    }

    [Fact]
    public void A_governor_that_may_not_be_set_leaves_the_others_as_they_were_and_says_what_to_do()
    {
        Governor(0, "ondemand");
        Governor(1, "ondemand");

        // Not even root writes there.
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /proc");
        var second = PathOf(1);
        File.Delete(second);
        File.CreateSymbolicLink(second, "/proc/version");

        var error = Assert.Throws<SettingRefusedException>(() => BoardSettings.SetPerformance(root, Note));

        Assert.Contains("clock as-is", error.Message, StringComparison.Ordinal);
        Assert.Equal("ondemand", File.ReadAllText(PathOf(0)).Trim());
    }

    [Fact]
    public void A_board_without_governors_says_so()
    {
        var error = Assert.Throws<SettingRefusedException>(() => BoardSettings.SetPerformance(root, Note));

        Assert.Contains("no governors", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Note));
    }

    private string PathOf(int core) => root.PathOf($"sys/devices/system/cpu/cpu{core}/cpufreq/scaling_governor");

    private void Governor(int core, string value)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(core))!);
        File.WriteAllText(PathOf(core), value + "\n");
    }

    private IEnumerable<string> Governors() => Enumerable.Range(0, 4).Select(PathOf).Where(File.Exists).Select(path => File.ReadAllText(path).Trim());
}
