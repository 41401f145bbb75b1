using System.Globalization;
using Fleet.Domain.Text;
using Fleet.Kernels.Models;
using Fleet.Protocol.Training;
using Fleet.Training.Runs;

namespace Fleet.Trainer.Tests.Jobs;

public sealed class DivergenceTests : IDisposable
{
    private readonly JobFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_training_that_diverges_begins_anew_at_half_the_rate_as_often_as_it_may_and_its_model_says_so()
    {
        var job = Diverging(retries: 100, "anew");

        var (events, messages) = await folder.RunAsync(job);

        var setbacks = events.Where(said => said.Event.Word() == "diverged").ToArray();
        Assert.InRange(setbacks.Length, 1, 100);
        var rate = job.Recipe.Training.LearningRate / Math.Pow(2, setbacks.Length);
        var words = "Training diverged in epoch 1: loss or gradient is NaN or infinite."
            + $" It begins anew at learning_rate {(job.Recipe.Training.LearningRate / 2).ToString(CultureInfo.InvariantCulture)} (retry 1 of 100).";
        Assert.Equal(words, setbacks[0].Reason);
        Assert.Contains(words, messages);
        var written = ModelFile.Read(job.OutputPath);
        Assert.Equal(rate, written.Metadata.LearningRate);
        Assert.Equal(rate.ToString(CultureInfo.InvariantCulture), events[^1].Model!.MethodParameters["learning_rate"]);

        // The very weights of who had asked for that rate.
        var straight = Diverging(retries: 0, "straight");
        straight = straight with { Recipe = straight.Recipe with { Training = straight.Recipe.Training with { LearningRate = rate } } };
        await folder.RunAsync(straight);
        var same = ModelFile.Read(straight.OutputPath);
        Assert.Null(same.Metadata.LearningRate);
        Assert.All(same.Tensors, pair => Assert.Equal(pair.Value.Floats, written.Tensors[pair.Key].Floats));
    }

    [Fact]
    public async Task A_training_that_was_begun_anew_is_taken_up_at_its_own_rate()
    {
        var whole = await folder.RunAsync(Diverging(retries: 100, "whole"));
        var job = Diverging(retries: 100, "stopped");
        using var stop = new CancellationTokenSource();
        var training = folder.RunAsync(job, stop.Token);
        await folder.SaidAsync("diverged");
        await stop.CancelAsync();
        await training;

        var resumed = await folder.RunAsync(job);

        Assert.Equal(whole.Events[^1].Model!.Sha256, resumed.Events[^1].Model!.Sha256);
        Assert.True(
            resumed.Events.Count(said => said.Event.Word() == "diverged") < whole.Events.Count(said => said.Event.Word() == "diverged"),
            "It began at the first rate again.");
        Assert.DoesNotContain("not used", resumed.Messages);
    }

    [Fact]
    public async Task A_training_that_diverges_once_too_often_ends_with_its_last_rate()
    {
        var error = await Assert.ThrowsAsync<TrainingDivergedException>(() => folder.RunAsync(Diverging(retries: 1, "over")));
        Assert.Contains("Lower learning_rate (now 5E+37)", error.Message);
        Assert.Contains("or allow retries at lower rates (retries, now 1).", error.Message);
    }

    private TrainingJob Diverging(int retries, string attempt)
    {
        var job = folder.Job("dense", compression: 1, epochs: 1, attempt: attempt);
        return job with { Recipe = job.Recipe with { Training = job.Recipe.Training with { LearningRate = 1e38, Retries = retries } } };
    }
}
