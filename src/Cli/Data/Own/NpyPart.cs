using System.Globalization;
using Fleet.Interchange.Arrays;
using Fleet.Kernels.Models;
using Fleet.Tasks.Data;

namespace Fleet.Cli.Data.Own;

/// <summary>One part of a person's own data as NumPy arrays: inputs [samples, steps, channels], labels and persons [samples].</summary>
internal static class NpyPart
{
    /// <exception cref="TaskDataException">An array is of another shape or type, or a value is wrong: file and sample are named.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static OwnPart Read(PartFiles files, TaskFile task)
    {
        var inputs = Load(files.Inputs);
        if (inputs.Shape is not [> 0 and var samples, > 0 and var steps, var channels] || channels != task.Channels.Count)
        {
            throw new TaskDataException(
                $"{files.Inputs} has the shape {inputs.ShapeText}, but [samples, steps, {task.Channels.Count}] is expected, for the"
                    + $" task has {task.Channels.Count} channels.");
        }

        var values = inputs.ToFloats();
        if (Array.FindIndex(values, value => !float.IsFinite(value)) is >= 0 and var wrong)
        {
            throw new TaskDataException(
                $"{files.Inputs}: {task.Channels[wrong % channels]} of sample {wrong / (steps * channels)}, step {wrong / channels % steps}, is"
                    + $" {values[wrong].ToString(CultureInfo.InvariantCulture)}, but must be a finite number.");
        }

        var labels = ReadIntegers(files.Labels!, samples, files.Inputs);
        return Array.FindIndex(labels, label => label < 0 || label >= task.Labels.Count) is >= 0 and var stray
            ? throw new TaskDataException($"{files.Labels}: the label of sample {stray} is {labels[stray]}, but must be 0 to {task.Labels.Count - 1}.")
            : new OwnPart(
                files.Inputs,
                steps,
                values,
                Array.ConvertAll(labels, label => (ushort)label),
                files.Persons is { } persons
                    ? Array.ConvertAll(ReadIntegers(persons, samples, files.Inputs), person => person.ToString(CultureInfo.InvariantCulture))
                    : null);
    }

    private static long[] ReadIntegers(string path, int samples, string inputs)
    {
        var array = Load(path);
        if (array.Shape is not [var count] || count != samples)
        {
            throw new TaskDataException($"{path} has the shape {array.ShapeText}, but {inputs} has {samples} samples. Each needs its number.");
        }

        try
        {
            return array.ToIntegers();
        }
        catch (InvalidOperationException wrong)
        {
            throw new TaskDataException($"{path}: {wrong.Message} Write them with astype(int64).", wrong);
        }
    }

    private static NumericArray Load(string path)
    {
        try
        {
            return NpyFile.Read(path);
        }
        catch (FileFormatException wrong)
        {
            throw new TaskDataException(wrong.Message, wrong);
        }
    }
}
