using Fleet.Training.Runs;

namespace Fleet.Training.Tests.Runs;

public sealed class CheckpointTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("fleet-checkpoint-").FullName;

    private static readonly Checkpoint Sample = new(
        "variant-1",
        new TrainingSnapshot(3, 12, 0.1 + 0.2, [9], [1, 2], [3, 4], [5, 6], [[true, false, true]]),
        new ChosenEpoch(2, 0.75, [7, 8]),
        LastValidation: 0.7,
        Seconds: 12.5,
        EpochSeconds: 2.5) { Divergences = 2 };

    private string Path => System.IO.Path.Combine(folder, Checkpoint.FileName);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Reading_gives_back_what_was_written()
    {
        WriteSample();

        var read = Checkpoint.TryRead(Path, "variant-1", out var reason);

        Assert.Null(reason);
        Assert.NotNull(read);
        Assert.Equal((3, 12L), (read.Snapshot.Epoch, read.Snapshot.Steps));
        Assert.Equal([1, 2], read.Snapshot.Parameters);
        Assert.Equal([3, 4], read.Snapshot.First);
        Assert.Equal([5, 6], read.Snapshot.Second);
        Assert.Equal([true, false, true], Assert.Single(read.Snapshot.Masks));
        Assert.Equal((2, 0.75), (read.Best!.Epoch, read.Best.Validation));
        Assert.Equal([7, 8], read.Best.Parameters);
        Assert.Equal((0.7, 12.5), (read.LastValidation, read.Seconds));
        Assert.Equal((0.1 + 0.2, 2.5), (read.Snapshot.Loss, read.EpochSeconds));
        Assert.Equal([9], read.Snapshot.Carried);
        Assert.Equal(2, read.Divergences);
    }

    [Fact]
    public void Where_there_is_no_file_there_is_nothing_to_complain_about()
    {
        Assert.Null(Checkpoint.TryRead(Path, "variant-1", out var reason));
        Assert.Null(reason);
    }

    [Fact]
    public void A_checkpoint_of_another_variant_is_not_taken()
    {
        WriteSample();

        Assert.Null(Checkpoint.TryRead(Path, "variant-2", out var reason));
        Assert.Equal("it is of variant variant-1", reason);
    }

    [Fact]
    public void A_damaged_checkpoint_is_not_taken()
    {
        WriteSample();
        var bytes = File.ReadAllBytes(Path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(Path, bytes);

        Assert.Null(Checkpoint.TryRead(Path, "variant-1", out var reason));
        Assert.Contains("it cannot be read", reason);
    }

    private void WriteSample()
    {
        using var file = File.Create(Path);
        Sample.Write(file);
    }
}
