using System.Globalization;

namespace Fleet.Domain.Tasks;

/// <summary>How a task judges a model: what the number is called, how it is written and which way it is better. Nothing else knows.</summary>
/// <param name="Name">As packs, models, result rows and labels have it.</param>
/// <param name="Noun">What follows a value in a sentence: "at 91.2 % accuracy", "at 1.612 nats a token".</param>
/// <param name="HigherIsBetter">More is better; otherwise less is.</param>
/// <param name="IsShare">From 0 to 1, and written in per cent.</param>
/// <param name="Decimals">Of the number as it is written.</param>
public sealed record TaskMetric(string Name, string Noun, bool HigherIsBetter, bool IsShare, int Decimals)
{
    private const int PerCent = 100;

    /// <summary>Share of right answers.</summary>
    public static TaskMetric Accuracy { get; } = new("accuracy", "accuracy", HigherIsBetter: true, IsShare: true, Decimals: 1);

    /// <summary>Mean cross-entropy of the next token, -1/n sum ln p(token_i | those before), in nats.</summary>
    public static TaskMetric Nats { get; } = new("nats", "nats a token", HigherIsBetter: false, IsShare: false, Decimals: 3);

    /// <summary>For a heading.</summary>
    public string Title => Noun.Length == 0 ? "Metric" : char.ToUpperInvariant(Noun[0]) + Noun[1..];

    /// <summary>The number that is written stands for this many times the value.</summary>
    public double Factor => IsShare ? PerCent : 1;

    /// <summary>What is written behind the number, or nothing.</summary>
    public string Sign => IsShare ? "%" : "";

    /// <summary>The metric of this name. One that this build does not know is written as a plain number and taken to be better when higher.</summary>
    public static TaskMetric Of(string name) => name switch
    {
        "accuracy" => Accuracy,
        "nats" => Nats,
        _ => new TaskMetric(name, name.Replace('_', ' '), HigherIsBetter: true, IsShare: false, Decimals: 3),
    };

    /// <summary>A value as it is written: <c>91.2 %</c>, <c>1.612</c>.</summary>
    public string Write(double value) => Number(value) + (Sign.Length == 0 ? "" : $" {Sign}");

    /// <summary>What one value is better by than another, with its sign, a share in points: <c>-1.2 points</c>.</summary>
    public string WriteDifference(double value) => WriteSigned(value) + (IsShare ? " points" : "");

    /// <summary>The same without its unit: <c>-1.2</c>.</summary>
    public string WriteSigned(double value) => (value < 0 ? "-" : "+") + Number(Math.Abs(value));

    /// <summary>The digits alone.</summary>
    public string Number(double value) => (value * Factor).ToString("F" + Decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>e^value where the metric is a cross-entropy: how many tokens the model hesitates between. Null elsewhere.</summary>
    public double? Perplexity(double value) => Name == Nats.Name ? Math.Exp(value) : null;

    /// <summary>The value as a cost, for comparisons in which less is better.</summary>
    public double Cost(double value) => HigherIsBetter ? -value : value;
}
