namespace Fleet.Cli.Silos;

/// <summary>The last lines that a program wrote, to be shown where it fails.</summary>
internal sealed class Tail
{
    private const int Most = 30;

    private readonly Queue<string> lines = new();

    public void Add(string line)
    {
        lock (lines)
        {
            lines.Enqueue(line);
            if (lines.Count > Most)
            {
                lines.Dequeue();
            }
        }
    }

    public override string ToString()
    {
        lock (lines)
        {
            return string.Join(Environment.NewLine, lines).Trim();
        }
    }
}
