using Fleet.Domain.Measuring;
using Fleet.Measurement.Boards;

namespace Fleet.Measurement.Tests.Boards;

public sealed class CoreClusterTests : IDisposable
{
    private static readonly int[] All = [0, 1, 2, 3, 4, 5, 6, 7];

    private readonly string folder = Directory.CreateTempSubdirectory("fleet-cores-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // As an RK3588 tells it: four Cortex-A55, then four Cortex-A76.
    [Theory]
    [InlineData("big", "", 7)]
    [InlineData("little", "", 3)]
    [InlineData("any", "", 7)]
    [InlineData("5", "", 5)]
    [InlineData("big", "2,4", 4)]
    [InlineData("little", "2,4", 2)]
    [InlineData("5", "2,4", 5)]
    [InlineData("any", "2", 2)]
    public void A_core_of_the_kind_that_is_asked_for_is_chosen_and_an_isolated_one_first(string asked, string isolated, int core)
    {
        Capacities(530, 530, 530, 530, 1024, 1024, 1024, 1024);

        Assert.Equal(core, Choose(asked, All, isolated));
    }

    [Fact]
    public void Of_three_kinds_the_greatest_is_big_and_the_least_is_little()
    {
        Capacities(250, 250, 250, 250, 800, 800, 800, 1024);

        Assert.Equal((7, 3), (Choose("big", All), Choose("little", All)));
    }

    [Fact]
    public void Intels_hybrid_processors_list_both_kinds()
    {
        Write("sys/devices/cpu_core/cpus", "0-3\n");
        Write("sys/devices/cpu_atom/cpus", "4-7\n");

        Assert.Equal((3, 7), (Choose("big", All), Choose("little", All)));
    }

    [Theory]
    [InlineData("big")]
    [InlineData("little")]
    public void A_board_of_one_kind_of_core_refuses_both(string asked)
    {
        Assert.Contains("all cores of this board are of one kind", Refusal(asked, [0, 1, 2, 3]), StringComparison.Ordinal);
        Capacities(1024, 1024, 1024, 1024);
        Assert.Contains("all cores of this board are of one kind", Refusal(asked, [0, 1, 2, 3]), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_agent_may_not_use_is_refused_with_what_it_may()
    {
        Capacities(530, 530, 1024, 1024);

        Assert.Contains("asks for core 9, but the agent may use 0, 1 here", Refusal("9", [0, 1]), StringComparison.Ordinal);
        Assert.Contains("may only use 0, 1 here, none of which is one", Refusal("big", [0, 1]), StringComparison.Ordinal);
    }

    private string Refusal(string asked, int[] allowed) => Assert.Throws<SettingRefusedException>(() => Choose(asked, allowed)).Message;

    private int Choose(string asked, int[] allowed, string isolated = "")
    {
        Assert.True(CoreChoice.TryParse(asked, out var choice));
        return CoreClusters.Choose(new BoardRoot(folder), allowed, ProcessorPin.ParseCores(isolated).ToHashSet(), choice);
    }

    private void Capacities(params int[] capacities)
    {
        foreach (var (core, capacity) in capacities.Index())
        {
            Write($"sys/devices/system/cpu/cpu{core}/cpu_capacity", $"{capacity}\n");
        }
    }

    private void Write(string path, string text)
    {
        var full = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
