using Fleet.Kernels.Models;
using Fleet.Tasks.Data;

namespace Fleet.Training.Data;

/// <summary>
/// (x - mean) scale, a feature: brings the samples that are trained on to mean 0 and variance 1. It is stored in the model, which
/// reads data as it comes.
/// </summary>
/// <param name="Scale">1 / standard deviation; 1 where a feature never changes.</param>
internal sealed record Normalisation(float[] Mean, float[] Scale)
{
    // Deviations below this, relative to the mean, are rounding errors of a constant.
    private const double Constant = 1e-6;

    /// <summary>Measured over the given samples only.</summary>
    public static Normalisation Of(SequenceSet data, ReadOnlySpan<int> samples)
    {
        var features = data.Features;
        var count = (double)samples.Length * data.Steps;
        var mean = new double[features];
        var variance = new double[features];
        foreach (var sample in samples)
        {
            var sequence = data.Sequence(sample);
            for (var index = 0; index < sequence.Length; index++)
            {
                mean[index % features] += sequence[index] / count;
            }
        }

        foreach (var sample in samples)
        {
            var sequence = data.Sequence(sample);
            for (var index = 0; index < sequence.Length; index++)
            {
                var difference = sequence[index] - mean[index % features];
                variance[index % features] += difference * difference / count;
            }
        }

        return new Normalisation(
            Array.ConvertAll(mean, value => (float)value),
            [.. variance.Select((value, feature) => Math.Sqrt(value) is var deviation && deviation > Constant * Math.Max(1, Math.Abs(mean[feature]))
                ? (float)(1 / deviation)
                : 1f)]);
    }

    /// <summary>That of a model; what leaves features as they are where it has none.</summary>
    public static Normalisation Of(ModelDocument model) => model.Structure.Normalised
        ? new Normalisation((float[])model.Tensors[ModelDocument.Mean].Data, (float[])model.Tensors[ModelDocument.Scale].Data)
        : new Normalisation(new float[model.Structure.Features], [.. Enumerable.Repeat(1f, model.Structure.Features)]);

    /// <summary>All samples, normalised.</summary>
    public Sequences<float> Apply(SequenceSet data)
    {
        var inputs = new float[data.Inputs.Length];
        for (var index = 0; index < inputs.Length; index++)
        {
            var feature = index % data.Features;
            inputs[index] = (data.Inputs[index] - Mean[feature]) * Scale[feature];
        }

        return new Sequences<float>(data.Steps, data.Features, inputs, data.Labels);
    }
}
