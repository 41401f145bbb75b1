using Fleet.Campaigns.Specifications;
using Fleet.Domain.Devices;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Domain.Recipes;
using Fleet.Domain.Results;
using Fleet.Domain.Tasks;
using Fleet.Domain.Text;

namespace Fleet.Campaigns.Results;

/// <summary>Where a run belongs.</summary>
/// <param name="Session">Empty where it never came to one.</param>
public sealed record RunOrigin(
    string Campaign, string Run, string Session, string Task, VariantSpecification Variant, Condition Condition, int Replicate, DeviceDescription Device);

/// <summary>Writes rows from what is known of variant, board and measurement.</summary>
public static class ResultRows
{
    private const string Engine = "fleet";

    /// <summary>The row of a run that was measured.</summary>
    public static ResultRow Compose(RunOrigin origin, TrainedModel model, RunMeasurement measured, DateTimeOffset startedAt) =>
        Blank(origin, model, startedAt) with
        {
            Metric = measured.Metric.Name,
            MetricValue = measured.Metric.Value,
            MetricLow = measured.Metric.Low,
            MetricHigh = measured.Metric.High,
            Samples = measured.Metric.Samples,
            LatencyUs = measured.Latency,
            RatioToReference = measured.Ratio,
            ModelBytes = measured.ModelBytes,
            ModelResidentBytes = measured.ModelResidentBytes,
            PeakRssBytes = measured.PeakRssBytes,
            EnergyMj = measured.EnergyMillijoules,
            EnergySource = measured.EnergySource,
            Validity = measured.Validity,
            Reasons = measured.Reasons,
            Core = measured.Pin?.Core,
        };

    /// <summary>The row of a run that could not be done.</summary>
    /// <param name="model">Null where it was not even trained.</param>
    public static ResultRow Failed(RunOrigin origin, TrainedModel? model, Reason reason, DateTimeOffset at) =>
        Blank(origin, model, at) with { Validity = Validity.Failed, Reasons = [reason] };

    private static ResultRow Blank(RunOrigin origin, TrainedModel? model, DateTimeOffset startedAt)
    {
        var (variant, device, recipe) = (origin.Variant, origin.Device, origin.Variant.Recipe);
        return new ResultRow
        {
            Campaign = origin.Campaign,
            Run = origin.Run,
            Session = origin.Session,
            Variant = variant.Key,
            VariantName = variant.Name,
            Task = origin.Task,
            Cell = recipe.Cell,
            Method = recipe.Method,
            MethodParameters = model?.MethodParameters ?? recipe.MethodParameters,
            Precision = recipe.Precision,
            Seed = variant.Seed,
            Replicate = origin.Replicate,
            Compression = model?.Compression,
            CompressionModel = model?.CompressionModel,
            Parameters = model?.Parameters,
            MacsPerStep = model?.MacsPerStep,
            ModelBytes = model?.Bytes,
            Device = device.Device,
            Board = device.Board,
            Arch = device.Arch,
            Isa = device.Isa,
            Emulated = device.Emulated,
            Runtime = device.Runtime,
            Engine = Engine,
            Mode = origin.Condition.Mode.Word(),
            Phase = origin.Condition.Phase.Word(),
            Clock = origin.Condition.Clock.Word(),
            Metric = KnownTasks.MetricOf(origin.Task).Name,
            Validity = Validity.Failed,
            Reasons = [],
            StartedAt = startedAt,
            AgentVersion = device.AgentVersion,
        }.Under(origin.Condition);
    }
}
