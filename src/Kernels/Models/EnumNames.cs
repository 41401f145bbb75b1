namespace Fleet.Kernels.Models;

/// <summary>Names of enumerations as files write them.</summary>
internal static class EnumNames
{
    public static string Of<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    /// <exception cref="ArgumentException">No value is called so; the message names those that are.</exception>
    public static T Parse<T>(string place, string word)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (Of(value) == word)
            {
                return value;
            }
        }

        throw new ArgumentException($"{place} '{word}' is unknown; known are {string.Join(", ", Enum.GetValues<T>().Select(Of))}");
    }
}
