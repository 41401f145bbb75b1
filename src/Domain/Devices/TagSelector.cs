namespace Fleet.Domain.Devices;

/// <summary><c>key=value</c> tags that are asked of a device, all of them. Values are compared without regard to case.</summary>
public static class TagSelector
{
    public static bool Matches(IReadOnlyDictionary<string, string> tags, IEnumerable<string> selector) => !Unmet(tags, selector).Any();

    /// <summary>The tags that are asked for and not had, each with what the device has in its place; null where it has no such tag.</summary>
    public static IEnumerable<(string Key, string Asked, string? Has)> Unmet(IReadOnlyDictionary<string, string> tags, IEnumerable<string> selector)
    {
        foreach (var tag in selector)
        {
            var sign = tag.IndexOf('=', StringComparison.Ordinal);
            var (key, asked) = (tag[..sign], tag[(sign + 1)..]);
            var has = tags.GetValueOrDefault(key);
            if (has is null || !has.Equals(asked, StringComparison.OrdinalIgnoreCase))
            {
                yield return (key, asked, has);
            }
        }
    }
}
