using Fleet.Protocol.Training;

namespace Fleet.Training.Runs;

/// <summary>Training ran off to values that are no numbers. The message says what to change.</summary>
internal sealed class TrainingDivergedException(int epoch, TrainingSettings settings) : Exception(
    $"Training diverged in epoch {epoch}: loss or gradient is no longer a number. Lower learning_rate (now {settings.LearningRate}) or clip_norm (now {settings.ClipNorm}).");
