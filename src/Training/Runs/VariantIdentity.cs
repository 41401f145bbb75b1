using Fleet.Domain.Recipes;

namespace Fleet.Training.Runs;

/// <summary>The variant that is trained, as its model file names it.</summary>
/// <param name="Key">Hash of all that decides its weights.</param>
/// <param name="Name">For people.</param>
/// <param name="Recipe">As it was asked for, whatever learning rate training came down to.</param>
public sealed record VariantIdentity(string Key, string Name, Recipe Recipe);
