namespace Fleet.Measurement.Turns;

/// <summary>Whether two runtimes give the same.</summary>
public static class OutputDifference
{
    /// <summary>max |own - other|.</summary>
    /// <exception cref="InvalidDataException">They are not of one length, or a value is no finite number: there is no difference to tell.</exception>
    public static double Greatest(ReadOnlySpan<float> own, ReadOnlySpan<float> other)
    {
        if (own.Length != other.Length)
        {
            throw new InvalidDataException($"The outputs cannot be compared: Fleet gives {own.Length} values, the other runtime {other.Length}.");
        }

        var greatest = 0.0;
        for (var place = 0; place < own.Length; place++)
        {
            if (!float.IsFinite(own[place]) || !float.IsFinite(other[place]))
            {
                var where = float.IsFinite(own[place]) ? $"{other[place]} on the other runtime" : $"{own[place]} on Fleet";
                throw new InvalidDataException(
                    $"The outputs cannot be compared: value {place} is {where}, no finite number. Check the model's weights: fleet model show FILE.");
            }

            greatest = Math.Max(greatest, Math.Abs((double)own[place] - other[place]));
        }

        return greatest;
    }
}
