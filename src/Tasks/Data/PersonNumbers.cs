namespace Fleet.Tasks.Data;

/// <summary>Numbers persons for <see cref="SequenceSet.Groups"/>.</summary>
public static class PersonNumbers
{
    private const int Max = ushort.MaxValue + 1;

    /// <summary>The place of each name in the ordinal order of all, from 0.</summary>
    /// <param name="source">What messages call the data.</param>
    /// <exception cref="TaskDataException">There are more persons than numbers.</exception>
    public static ushort[] Of(IReadOnlyCollection<string> names, string source)
    {
        var numbers = names.Distinct()
            .Order(StringComparer.Ordinal).Select((name, number) => (name, number)).ToDictionary(pair => pair.name, pair => pair.number);
        return numbers.Count <= Max
            ? [.. names.Select(name => (ushort)numbers[name])]
            : throw new TaskDataException($"{source} names {numbers.Count} persons; a pack tells {Max} apart.");
    }
}
