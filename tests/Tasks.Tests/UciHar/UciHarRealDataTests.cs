using Fleet.Tasks.UciHar;

namespace Fleet.Tasks.Tests.UciHar;

public sealed class UciHarRealDataTests
{
    [Fact]
    public void The_published_layout_is_read_whole()
    {
        var set = UciHarFolder.Read(RealData.Folder("uci-har-subset"));

        Assert.Equal([400, 350, 322, 420, 449, 459], Counts(set.Training.Labels));
        Assert.Equal([160, 152, 135, 158, 172, 173], Counts(set.Test.Labels));
        // The first window of the first channel begins -0.003655 -0.004026; total_acc_x begins 1.016.
        Assert.Equal(-0.003655f, set.Training.Inputs[0]);
        Assert.Equal(-0.004026f, set.Training.Inputs[9]);
        Assert.Equal(1.016f, set.Training.Inputs[6]);
    }

    private static int[] Counts(ushort[] labels) => [.. labels.GroupBy(label => label).OrderBy(group => group.Key).Select(group => group.Count())];
}
