using System.Runtime.ExceptionServices;

namespace Fleet.Tasks.Data;

/// <summary>Reads the files of a data set on all cores.</summary>
internal static class ParallelReading
{
    /// <summary>Reads files 0 to <paramref name="count"/> - 1. Of several wrong files the first is named, whichever thread was faster.</summary>
    /// <exception cref="TaskDataException">Of the first file that is wrong.</exception>
    /// <exception cref="IOException">Of the first file, if it cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Of the first file, if it may not be read.</exception>
    public static void For(int count, Action<int> read)
    {
        var mistakes = new Exception?[count];
        Parallel.For(0, count, index =>
        {
            try
            {
                read(index);
            }
            catch (Exception mistake) when (mistake is TaskDataException or IOException or UnauthorizedAccessException)
            {
                mistakes[index] = mistake;
            }
        });
        if (Array.Find(mistakes, mistake => mistake is not null) is { } first)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }
}
