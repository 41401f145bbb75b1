namespace Fleet.Domain.Recipes;

/// <summary>How a model's weights are stored and multiplied, as campaign files, recipes and rows name it.</summary>
public static class Precisions
{
    public const string Fp32 = "fp32";
    public const string Int8 = "int8";

    public static IReadOnlyList<string> All { get; } = [Fp32, Int8];
}

/// <summary>How an int8 model comes about, as campaign files and recipes name it.</summary>
public static class Quantisations
{
    /// <summary>A trained fp32 model is quantised, calibrated on its training data.</summary>
    public const string After = "after";

    /// <summary>Training itself counts with quantised weights and activations.</summary>
    public const string Aware = "aware";

    public static IReadOnlyList<string> All { get; } = [After, Aware];
}
