using Fleet.Campaigns.Specifications;
using Fleet.Domain.Recipes;
using Fleet.Domain.Tasks;

namespace Fleet.Campaigns.Planning;

/// <summary>A variant that was trained in this fleet, and how long that took.</summary>
/// <param name="Variant">Its key.</param>
public sealed record PastTraining(string Variant, string Task, Recipe Recipe, double Seconds);

/// <summary>How long training will take, from what like it took here.</summary>
internal static class TrainingEstimate
{
    /// <summary>
    /// Seconds for all variants that are not ready, so many at a time; null where nothing of the task and size was trained here yet and the
    /// machine's speed is not known.
    /// </summary>
    public static double? Of(CampaignSpecification specification, PlanningFacts facts)
    {
        // What is imported is not trained; what is only quantised takes seconds, and tells nothing of how long training takes.
        var missing = specification.Variants
            .Where(variant => !facts.Ready.Contains(variant.Key) && variant.Recipe.Import is null && !variant.Recipe.QuantisesTrained)
            .ToArray();
        if (missing.Length == 0)
        {
            return 0;
        }

        var (total, longest) = (0.0, 0.0);
        foreach (var variant in missing)
        {
            var alike = facts.Trained.Where(past => past.Recipe.Import is null
                && past.Task == specification.Data.Task
                && past.Recipe.Cell == variant.Recipe.Cell
                && past.Recipe.Hidden == variant.Recipe.Hidden
                && past.Recipe.Layers == variant.Recipe.Layers
                && past.Recipe.Bidirectional == variant.Recipe.Bidirectional
                && past.Recipe.Quantisation == variant.Recipe.Quantisation
                && !past.Recipe.QuantisesTrained).ToArray();
            // The method matters (pruning trains dense), so its own times are better where there are any.
            var same = alike.Where(past => past.Recipe.Method == variant.Recipe.Method).ToArray();
            var known = same.Length > 0 ? same : alike;
            if (known.Length == 0 && facts.MacsPerSecond is null)
            {
                return null;
            }

            var secondsOfEpoch = known.Length > 0
                ? known.Average(past => past.Seconds / past.Recipe.Training.Epochs)
                : MacsOfEpoch(specification, variant) / facts.MacsPerSecond!.Value;
            var seconds = secondsOfEpoch * variant.Recipe.Training.Epochs;
            (total, longest) = (total + seconds, Math.Max(longest, seconds));
        }

        return Math.Max(total / facts.TrainingsAtOnce, longest);
    }

    // Forward once, and backward to the inputs and to the weights. Tokens stand one behind the other; a sequence has its steps.
    private static double MacsOfEpoch(CampaignSpecification specification, VariantSpecification variant)
    {
        var data = specification.Data;
        var steps = KnownTasks.Find(data.Task) is { ReadsTokens: true } ? 1 : data.Steps;
        return 3.0 * CampaignPlanner.Structure(specification, variant).MacsPerStep * steps * data.TrainingSamples;
    }
}
