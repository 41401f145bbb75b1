using Fleet.Cli.Data;
using Fleet.Cli.Failures;
using Fleet.Os.Processes;

namespace Fleet.Cli.Tests.Campaigns;

public sealed class DataFoldersTests
{
    [Fact]
    public void One_folder_goes_to_the_only_task_that_takes_one() =>
        Assert.Equal([("synthetic", null), ("uci", "/data")], new DataFolders(["/data"]).For(["synthetic", "uci"], task => task == "uci"));

    [Fact]
    public void Several_tasks_each_get_the_folder_of_their_name() =>
        Assert.Equal([("a", "x"), ("b", "y=z")], new DataFolders(["b=y=z", "a=x"]).For(["a", "b"], _ => true));

    [Fact]
    public void A_folder_with_an_equals_sign_is_still_a_folder() =>
        Assert.Equal([("a", "./lr=3")], new DataFolders(["./lr=3"]).For(["a"], _ => true));

    [Theory]
    [InlineData("a", "needs the data of a.")]
    [InlineData("a b", "needs the data of a and b.")]
    public void Missing_folders_are_named(string tasks, string message) => Refused([], tasks.Split(' '), _ => true, message);

    [Fact]
    public void One_folder_does_not_do_for_two_tasks() => Refused(["/data"], ["a", "b"], _ => true, "needs the data of a and b.");

    [Fact]
    public void A_folder_for_a_task_that_is_not_there_is_refused() => Refused(["uci-hra=/data"], ["uci-har"], _ => true, "no task uci-hra");

    [Fact]
    public void A_folder_that_nobody_takes_is_refused() => Refused(["/data"], ["synthetic"], _ => false, "takes a folder");

    [Fact]
    public void The_same_task_twice_is_refused()
    {
        Assert.Throws<CommandFailedException>(() => new DataFolders(["a=x", "a=y"]));
        Assert.Throws<CommandFailedException>(() => new DataFolders(["x", "y"]));
        Assert.Throws<CommandFailedException>(() => new DataFolders(["a="]));
    }

    private static void Refused(string[] options, string[] tasks, Func<string, bool> needsFolder, string message)
    {
        var error = Assert.Throws<CommandFailedException>(() => new DataFolders(options).For(tasks, needsFolder));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, error.ExitCode);
    }
}
