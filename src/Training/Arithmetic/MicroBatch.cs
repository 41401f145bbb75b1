using Fleet.Domain.Recipes;

namespace Fleet.Training.Arithmetic;

/// <summary>
/// How a mini-batch is cut for threads. The cut is fixed and gradients are summed in its order, so that the weights do not depend
/// on how many threads there are.
/// </summary>
internal static class MicroBatch
{
    /// <summary>Samples of a micro-batch; a vector of values over them is [.., Samples] and the unit of all arithmetic.</summary>
    public const int Samples = TrainingSettings.MicroBatchSize;

    /// <summary>Sums over samples are kept in this many partial sums until the end of the sequence; then added up in order.</summary>
    public const int Lanes = 16;

    /// <summary>Time steps whose weight gradients are computed in one product.</summary>
    public const int GradientSteps = 4;

    public static int Count(int samples) => (samples + Samples - 1) / Samples;
}
