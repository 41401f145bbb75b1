using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Statistics;

namespace Fleet.Measurement.Sessions;

/// <summary>Makes one run's result of its blocks.</summary>
internal static class RunSummary
{
    /// <summary>More suspect blocks than this share make the run suspect.</summary>
    private const double SuspectShare = 0.2;

    public static RunMeasurement Of(Contender contender, Contender? reference, ConditionEnd end, MeasuredMetric metric, SessionPlan plan)
    {
        VariantRounds rounds = contender.Rounds;
        (Validity validity, List<Reason> reasons) = Judge(rounds, end, plan.Settings);
        LogMean? ratio = reference is null || reference == contender ? null : RoundRatios.Of(rounds, reference.Rounds, end.Rounds);
        return new RunMeasurement
        {
            Metric = metric,
            Latency = Latency(contender, end.BatchSize),
            Ratio = ratio is { Count: >= 2 } found ? new() { Value = found.Value, Low = found.Low, High = found.High, Rounds = found.Count } : null,
            ModelBytes = contender.Model.ModelBytes,
            ModelResidentBytes = contender.Model.ResidentBytes,
            Validity = validity,
            Reasons = reasons,
            Blocks = rounds.Blocks,
            Pin = plan.Pin,
            Seed = plan.Seed,
            StoppedBy = end.StoppedBy,
        };
    }

    private static Latency Latency(Contender contender, int batch)
    {
        IReadOnlyList<float[]> samples = contender.Rounds.Samples;
        float[] pooled = SectionedQuantile.Sorted(samples);
        bool single = batch == 1;
        QuantileEstimate? p50 = single ? SectionedQuantile.Of(samples, pooled, 0.50) : null;
        QuantileEstimate? p90 = single ? SectionedQuantile.Of(samples, pooled, 0.90) : null;
        return new Latency
        {
            Cold = contender.ColdMicroseconds,
            Mean = pooled.Length == 0 ? null : pooled.Average(value => (double)value),
            P50 = p50?.Value,
            P50Low = p50?.Low,
            P50High = p50?.High,
            P90 = p90?.Value,
            P90Low = p90?.Low,
            P90High = p90?.High,
            P95 = single ? Percentile.Of(pooled, 0.95) : null,
            P99 = single ? Percentile.Of(pooled, 0.99) : null,
            N = pooled.Length,
            BatchSize = batch,
        };
    }

    private static (Validity Validity, List<Reason> Reasons) Judge(VariantRounds rounds, ConditionEnd end, ProtocolSettings settings)
    {
        List<Reason> reasons = [.. CountedReasons(rounds.Blocks)];
        if (rounds.Spoilt is { } spoilt)
        {
            return (Validity.Invalid, [.. reasons.OrderBy(reason => reason.Code != spoilt.Code)]);
        }

        int whole = rounds.WholeRounds;
        if (whole < 2 || whole < settings.MinRounds / 2)
        {
            reasons.Insert(0, new Reason(ReasonCodes.TooFewRounds, whole, end.Rounds, end.StoppedBy));
            return (Validity.Invalid, reasons);
        }

        if (whole < settings.MinRounds)
        {
            reasons.Insert(0, new Reason(ReasonCodes.RoundsBelowMin, whole, settings.MinRounds, end.StoppedBy));
            return (Validity.Suspect, reasons);
        }

        int counted = rounds.Blocks.Count(block => block.Validity != Validity.Invalid);
        int suspect = rounds.Blocks.Count(block => block.Validity == Validity.Suspect);
        return (suspect > SuspectShare * counted ? Validity.Suspect : Validity.Valid, reasons);
    }

    /// <summary>What was found against the blocks, the gravest and commonest first.</summary>
    private static IEnumerable<Reason> CountedReasons(IReadOnlyList<Block> blocks) => blocks
        .SelectMany(block => block.Reasons)
        .GroupBy(reason => reason.Code)
        .OrderByDescending(group => ReasonText.MakesBlockInvalid(group.Key))
        .ThenByDescending(group => group.Count())
        .Select(group => group.First() with { Count = group.Count(), Total = blocks.Count });
}
