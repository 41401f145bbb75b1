using Fleet.Measurement.Models;

namespace Fleet.Measurement.Sessions;

/// <summary>A variant in one condition, loaded and ready.</summary>
internal sealed class Contender(MeasuredVariant variant, IMeasuredModel model, IInference inference, double coldMicroseconds)
{
    public MeasuredVariant Variant => variant;

    public IMeasuredModel Model => model;

    public IInference Inference => inference;

    public double ColdMicroseconds => coldMicroseconds;

    public VariantRounds Rounds { get; } = new();

    /// <summary>Microseconds of one inference in warm-up's fastest sample.</summary>
    public double WarmMicroseconds { get; set; }
}
