using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Fleet.Tasks.Data;

namespace Fleet.Tasks.Speech.Commands;

/// <summary>
/// Which recordings are for testing: those of <c>testing_list.txt</c> where the folder has its lists, else those whose speaker's
/// hash says so. Either way a speaker is in one part only. The validation part of the data set counts as training here, for the
/// trainer holds back speakers of its own.
/// </summary>
/// <param name="Rule">How it was told, for the record.</param>
internal sealed record CommandSplit(IReadOnlySet<string> Testing, string Rule)
{
    private const string ValidationList = "validation_list.txt";
    private const string TestingList = "testing_list.txt";

    // The data set's readme: the hash modulo 2^27, as a percentage of the greatest remainder; below 10 validation, below 20 testing.
    private const uint GreatestRemainder = (1u << 27) - 1;
    private const double ValidationPercent = 10;
    private const double TestingPercent = 10;

    /// <exception cref="TaskDataException">A list is missing beside the other, names what is not there, or contradicts the other.</exception>
    public static CommandSplit Of(string folder, IReadOnlyList<CommandRecording> recordings)
    {
        var (validation, testing) = (Path.Combine(folder, ValidationList), Path.Combine(folder, TestingList));
        if (!File.Exists(validation) && !File.Exists(testing))
        {
            return new CommandSplit(
                recordings.Where(IsTesting).Select(recording => recording.Entry).ToHashSet(), "hash of the speaker, for there are no lists");
        }

        if (!File.Exists(validation) || !File.Exists(testing))
        {
            var (there, missing) = File.Exists(validation) ? (validation, TestingList) : (testing, ValidationList);
            throw new TaskDataException($"{there} is there, but {missing} is not. The two belong together: put the other back, or remove this one:"
                + " the speakers' hashes then decide the parts.");
        }

        var known = recordings.Select(recording => recording.Entry).ToHashSet();
        var held = ReadList(validation, known, []);
        return new CommandSplit(ReadList(testing, known, held), TestingList);
    }

    private static HashSet<string> ReadList(string path, HashSet<string> known, HashSet<string> other)
    {
        var entries = new HashSet<string>();
        foreach (var (index, line) in File.ReadLines(path).Index())
        {
            var entry = line.Trim();
            if (entry.Length == 0)
            {
                continue;
            }

            if (!known.Contains(entry))
            {
                throw new TaskDataException(
                    $"{path}:{index + 1}: there is no recording '{entry}'. Put it back, or remove both lists: the speakers' hashes then decide the parts.");
            }

            if (other.Contains(entry))
            {
                throw new TaskDataException($"{path}:{index + 1}: '{entry}' is also in {ValidationList}, but a recording is for one of the two.");
            }

            entries.Add(entry);
        }

        return entries;
    }

    [SuppressMessage(
        "Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "The data set's rule is written in SHA-1; nothing is kept safe by it.")]
    internal static bool IsTesting(CommandRecording recording)
    {
        var hash = SHA1.HashData(Encoding.UTF8.GetBytes(recording.Speaker));
        var percent = (BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(hash.Length - 4)) & GreatestRemainder) * (100.0 / GreatestRemainder);
        return percent is >= ValidationPercent and < ValidationPercent + TestingPercent;
    }
}
