namespace Fleet.Interchange.Tests;

/// <summary>Valid bytes with a few things wrong. The same seed makes the same bytes.</summary>
internal static class Mutation
{
    public static byte[] Of(IReadOnlyList<byte[]> valid, int seed)
    {
        var random = new Random(seed);
        var bytes = valid[random.Next(valid.Count)].ToList();
        for (var change = random.Next(1, 5); change > 0; change--)
        {
            var place = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[place] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[place] = (byte)random.Next(256);
                    break;
                case 2:
                    // Small and great numbers where a length, an extent or an axis may be.
                    bytes[place] = (byte)(random.Next(2) == 0 ? random.Next(3) : 253 + random.Next(3));
                    break;
                case 3:
                    bytes.RemoveRange(place, Math.Min(random.Next(1, 9), bytes.Count - place - 1));
                    break;
                case 4:
                    bytes.InsertRange(place, bytes.Skip(random.Next(bytes.Count)).Take(random.Next(1, 40)).ToArray());
                    break;
                default:
                    bytes.RemoveRange(place, random.Next(10) == 0 ? bytes.Count - place - 1 : 0);
                    break;
            }
        }

        return [.. bytes];
    }
}
