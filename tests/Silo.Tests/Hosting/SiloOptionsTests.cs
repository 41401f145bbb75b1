using Fleet.Silo.Configuration;
using Fleet.Silo.Hosting;

namespace Fleet.Silo.Tests.Hosting;

public sealed class SiloOptionsTests
{
    private const long Gigabyte = 1L << 30;

    [Theory]
    // cores, memory, threads that were asked for; trainings at once.
    [InlineData(2, 18, null, 2)]
    [InlineData(16, 48, null, 16)]
    [InlineData(16, 4, null, 2)]
    [InlineData(4, 1, null, 1)]
    [InlineData(4, 64, 4, 1)]
    [InlineData(4, 64, 3, 1)]
    [InlineData(8, 64, 2, 4)]
    [InlineData(2, 64, 16, 1)]
    public void Unless_it_is_said_as_many_train_at_once_as_there_are_cores_and_memory_for(int cores, int gigabytes, int? threads, int expected) =>
        Assert.Equal(expected, new SiloOptions { State = "", TrainingMemoryBytes = gigabytes * Gigabyte, TrainingThreads = threads }.UsualSlots(cores));

    [Fact]
    public void What_is_said_holds() => Assert.Equal(7, new SiloOptions { State = "", TrainingSlots = 7 }.TrainingsAtOnce);

    [Theory]
    [InlineData("--training-slots", "0", "--training-slots must be 1 to 1024.")]
    [InlineData("--training-threads", "2000000000", "--training-threads must be 1 to 1024.")]
    [InlineData("--training-memory", "-1", "--training-memory must be at least 1.")]
    [InlineData("--state", "", "--state is empty: give a folder, as --state DIR.")]
    public void What_cannot_be_is_refused(string option, string value, string message) =>
        Assert.Contains(message, SiloCommand.Create().Parse([option, value]).Errors.Select(error => error.Message));
}
