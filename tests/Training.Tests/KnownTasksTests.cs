using Fleet.Domain.Tasks;
using Fleet.Tasks;

namespace Fleet.Training.Tests;

public sealed class KnownTasksTests
{
    [Fact]
    public void The_protocol_and_the_catalogue_know_the_same_tasks()
    {
        Assert.Equal(
            TaskCatalogue.All.Select(task => new KnownTask(task.Name, task.Input, task.Metric) { ReadsTokens = task.ReadsTokens }),
            KnownTasks.All.Select(known => known with { Twin = null }));
    }

    [Fact]
    public void What_needs_data_has_a_twin_that_needs_none_and_is_judged_alike()
    {
        Assert.All(TaskCatalogue.All, task =>
        {
            var twin = KnownTasks.Find(task.Name)?.Twin;
            Assert.Equal(task.NeedsFolder, twin is not null);
            if (twin is not null)
            {
                Assert.False(TaskCatalogue.Find(twin)!.NeedsFolder);
                Assert.Equal((task.ReadsTokens, task.Metric), (KnownTasks.Find(twin)!.ReadsTokens, KnownTasks.Find(twin)!.Metric));
            }
        });
    }
}
