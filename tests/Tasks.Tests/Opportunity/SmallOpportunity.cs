using System.Globalization;
using System.Text;
using Fleet.Tasks.Opportunity;

namespace Fleet.Tasks.Tests.Opportunity;

/// <summary>
/// A whole, small folder in the layout of Opportunity: 281 rows a run, which are six windows. Column c of row r is 1000 c + r, and
/// the gestures of the windows' last rows go round through all eighteen.
/// </summary>
internal sealed class SmallOpportunity : IDisposable
{
    public const int Rows = 281;

    public SmallOpportunity()
    {
        Folder = Directory.CreateTempSubdirectory("fleet-opportunity-").FullName;
        Directory.CreateDirectory(Path.Combine(Folder, "dataset"));
        var window = 0;
        foreach (var run in Runs)
        {
            var text = new StringBuilder();
            for (var row = 0; row < Rows; row++)
            {
                var isLast = row >= 80 && (row - 80) % 40 == 0;
                text.Append(Row(row, isLast ? OpportunityColumns.Gestures[window++ % 18].Code : 0)).Append('\n');
            }

            File.WriteAllText(PathOf(run), text.ToString());
        }
    }

    public static IEnumerable<string> Runs =>
        from part in new[] { "S2-ADL4 S2-ADL5 S3-ADL4 S3-ADL5", "S1-Drill S1-ADL1 S1-ADL2 S1-ADL3 S1-ADL4 S1-ADL5 S2-Drill"
            + " S2-ADL1 S2-ADL2 S2-ADL3 S3-Drill S3-ADL1 S3-ADL2 S3-ADL3" }
        from run in part.Split(' ')
        select run;

    public string Folder { get; }

    public string PathOf(string run) => Path.Combine(Folder, "dataset", run + ".dat");

    public static string Row(int row, int gesture, int columns = 250) => string.Join(' ', Enumerable.Range(1, columns).Select(column =>
        column == 250 ? gesture.ToString(CultureInfo.InvariantCulture) : ((1000 * column) + row).ToString(CultureInfo.InvariantCulture)));

    /// <summary>Writes words of one column, from a row counted from 0.</summary>
    public void Replace(string run, int column, int firstRow, params string[] words)
    {
        var lines = File.ReadAllLines(PathOf(run));
        foreach (var (index, word) in words.Index())
        {
            var row = lines[firstRow + index].Split(' ');
            row[column - 1] = word;
            lines[firstRow + index] = string.Join(' ', row);
        }

        File.WriteAllLines(PathOf(run), lines);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
