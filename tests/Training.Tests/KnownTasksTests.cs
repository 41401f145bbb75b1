using Fleet.Protocol;
using Fleet.Tasks;

namespace Fleet.Training.Tests;

public sealed class KnownTasksTests
{
    [Fact]
    public void The_protocol_and_the_catalogue_know_the_same_tasks()
    {
        Assert.Equal(
            TaskCatalogue.All.Select(task => new KnownTask(task.Name, task.Input, task.Metric) { ReadsTokens = task.ReadsTokens }),
            KnownTasks.All);
    }
}
