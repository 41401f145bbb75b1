namespace Fleet.EndToEnd.Tests.Chaos;

internal enum Victim
{
    Silo,
    Agent,
    Worker,
    Trainer,

    /// <summary>The connection between agent and silo.</summary>
    Line,
}

/// <summary>One SIGKILL, or one cut of the line.</summary>
/// <param name="Moment">When, as a share of the time that the victim's part of an undisturbed campaign takes.</param>
/// <param name="Gone">How long the victim stays away, where it does not come back by itself.</param>
internal sealed record Strike(Victim Victim, double Moment, TimeSpan Gone)
{
    /// <summary>What a seed stands for: one or two strikes. Of four seeds in a row, each begins with another process.</summary>
    public static IReadOnlyList<Strike> Of(int seed)
    {
        var random = new Random(seed);
        var first = new Strike((Victim)(seed % 4), random.NextDouble(), TimeSpan.FromSeconds(3 * random.NextDouble()));
        return random.Next(2) == 0
            ? [first]
            : [first, new Strike((Victim)random.Next(5), random.NextDouble(), TimeSpan.FromSeconds(3 * random.NextDouble()))];
    }

    public override string ToString() => $"{Victim} at {Moment:0.00}, gone for {Gone.TotalSeconds:0.0} s";
}
