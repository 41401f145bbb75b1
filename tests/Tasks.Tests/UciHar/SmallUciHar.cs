using System.Text;
using Fleet.Tasks.UciHar;

namespace Fleet.Tasks.Tests.UciHar;

/// <summary>A whole, tiny folder in the layout of UCI HAR, one window a class and part; value = channel + step / 1000.</summary>
internal sealed class SmallUciHar : IDisposable
{
    public SmallUciHar()
    {
        Folder = Directory.CreateTempSubdirectory("fleet-uci-har-").FullName;
        foreach (var part in new[] { "train", "test" })
        {
            Directory.CreateDirectory(Path.Combine(Folder, part, "Inertial Signals"));
            File.WriteAllText(Labels(part), "1\n2\n3\n4\n5\n6\n");
            for (var channel = 0; channel < UciHarFolder.Task.Input; channel++)
            {
                File.WriteAllLines(Signal(part, UciHarFolder.Task.Channels[channel]), Enumerable.Repeat(Row(channel), 6));
            }
        }
    }

    public string Folder { get; }

    public string Subjects => Path.Combine(Folder, "train", "subject_train.txt");

    public static string Row(int channel, int values = 128)
    {
        var row = new StringBuilder();
        for (var step = 0; step < values; step++)
        {
            row.Append(' ').Append(channel + (step / 1000.0));
        }

        return row.ToString();
    }

    public string Signal(string part, string channel) => Path.Combine(Folder, part, "Inertial Signals", $"{channel}_{part}.txt");

    public string Labels(string part) => Path.Combine(Folder, part, $"y_{part}.txt");

    public void ReplaceRow(string path, int line, string text)
    {
        var lines = File.ReadAllLines(path);
        lines[line - 1] = text;
        File.WriteAllLines(path, lines);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
