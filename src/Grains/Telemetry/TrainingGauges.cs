using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Fleet.Campaigns.Jobs;
using Fleet.Domain.Jobs;

namespace Fleet.Grains.Telemetry;

/// <summary>
/// What trainings reported after their last epoch. Those with the same labels (seeds of a variant, or campaigns that call different variants
/// alike) are exported as their mean, so that none overwrites another. A training is exported while it runs and for <see cref="Afterwards"/>,
/// so that scrapes see short ones too, and the number of series stays bounded.
/// </summary>
internal sealed class TrainingGauges
{
    public static readonly TimeSpan Afterwards = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, Progress> trainings = new();
    private readonly TimeProvider time;

    public TrainingGauges(Meter meter, TimeProvider time)
    {
        this.time = time;
        Add("fleet.training.loss", "1", "Training loss after the last epoch, mean over seeds.", epoch => epoch.Loss);
        Add("fleet.training.validation", "1", "The task's metric on the validation part after the last epoch, mean over seeds.", epoch => epoch.Validation);
        Add("fleet.training.speed", "{sample}/s", "Training samples a second over the last epoch, mean over seeds.", epoch => epoch.SamplesPerSecond);

        void Add(string name, string unit, string description, Func<TrainingEvent, double?> value) =>
            meter.CreateObservableGauge(name, () => Means(value), unit, description);
    }

    public void Epoch(CompressionRequest request, TrainingEvent epoch) => trainings[request.Variant] = new Progress(request, epoch, null);

    public void Ended(CompressionRequest request)
    {
        if (trainings.TryGetValue(request.Variant, out var last))
        {
            trainings[request.Variant] = last with { EndedAt = time.GetUtcNow() };
        }
    }

    private IEnumerable<Measurement<double>> Means(Func<TrainingEvent, double?> value)
    {
        var now = time.GetUtcNow();
        foreach (var (variant, training) in trainings)
        {
            if (now - training.EndedAt > Afterwards)
            {
                trainings.TryRemove(KeyValuePair.Create(variant, training));
            }
        }

        return
        [
            .. from training in trainings.Values
               let known = value(training.Epoch)
               where known is { } number && double.IsFinite(number)
               group known.Value by (training.Request.Task, training.Request.Recipe.Method, training.Request.VariantName) into seeds
               select new Measurement<double>(
                   seeds.Average(),
                   new("task", seeds.Key.Task),
                   new("method", seeds.Key.Method),
                   new("variant", seeds.Key.VariantName)),
        ];
    }

    private sealed record Progress(CompressionRequest Request, TrainingEvent Epoch, DateTimeOffset? EndedAt);
}
