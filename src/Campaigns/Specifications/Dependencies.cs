using Fleet.Domain.Recipes;
using Fleet.Kernels.Structures;

namespace Fleet.Campaigns.Specifications;

/// <summary>Finds the recipe whose trained model another recipe learns from, among those of its campaign.</summary>
internal static class Dependencies
{
    /// <summary>
    /// Of what is quantised after training, the same recipe in fp32; of what begins <c>from: fp32</c>, the first in fp32 of the same
    /// method, factor and parameters; of what needs the dense variant, that one in fp32. Null where there is none, or none is needed.
    /// </summary>
    public static Recipe? Of(Recipe recipe, IEnumerable<Recipe> all)
    {
        var trained = all.Where(other => other.Precision == Precisions.Fp32);
        return recipe.QuantisesTrained ? trained.FirstOrDefault(other => IsOfForm(recipe, other) && LearnsAlike(recipe, other))
            : recipe.NeedsFp32 ? trained.FirstOrDefault(other => IsOfForm(recipe, other))
            : recipe.NeedsDense ? trained.FirstOrDefault(other => other.Method == DenseStructure.Name && !other.NeedsDense)
            : null;
    }

    private static bool IsOfForm(Recipe recipe, Recipe other) =>
        other.Method == recipe.Method && other.Compression == recipe.Compression && other.MethodParameters.SequenceEqual(recipe.MethodParameters);

    private static bool LearnsAlike(Recipe recipe, Recipe other) =>
        other.From == recipe.From && other.Distil == recipe.Distil && other.Training == recipe.Training;
}
