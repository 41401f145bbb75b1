using Fleet.Tasks.Data;

namespace Fleet.Tasks.Tests;

public sealed class TaskCatalogueTests
{
    [Fact]
    public void An_unknown_task_names_the_known_ones()
    {
        var mistake = Assert.Throws<TaskDataException>(() => TaskCatalogue.Pack("uci-hat", folder: null)).Message;

        Assert.StartsWith("Unknown task 'uci-hat'. Known tasks: uci-har, ", mistake);
        Assert.All(TaskCatalogue.All, task => Assert.Contains(task.Name, mistake));
        Assert.Null(TaskCatalogue.Find("uci-hat"));
    }

    [Fact]
    public void A_task_that_needs_a_folder_says_so()
    {
        Assert.Contains("--data DIR", Assert.Throws<TaskDataException>(() => TaskCatalogue.Pack("uci-har", folder: null)).Message);
    }
}
