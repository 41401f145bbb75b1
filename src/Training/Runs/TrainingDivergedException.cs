using System.Globalization;
using Fleet.Domain.Recipes;

namespace Fleet.Training.Runs;

/// <summary>Training came to NaN or infinite values. The message says what to change.</summary>
public sealed class TrainingDivergedException(int epoch, TrainingSettings settings) : Exception(
    $"{What(epoch)} Lower learning_rate (now {Text(settings.LearningRate)}) or clip_norm (now {Text(settings.ClipNorm)}),"
        + $" or allow retries at lower rates (retries, now {settings.Retries}).")
{
    /// <summary>What happened, without what to do about it.</summary>
    public string Cause { get; } = What(epoch);

    private static string What(int epoch) => $"Training diverged in epoch {epoch}: loss or gradient is NaN or infinite.";

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
