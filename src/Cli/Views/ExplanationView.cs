using Fleet.Domain.Explanations;

namespace Fleet.Cli.Views;

/// <summary>An explanation as text: its head, then a paragraph for each cause with the way out below it.</summary>
internal static class ExplanationView
{
    public static string Render(Explanation explanation)
    {
        var name = explanation.Name == explanation.Id ? explanation.Id : $"{explanation.Id} ({explanation.Name})";
        var lines = new List<string> { $"{explanation.Kind} {name}: {explanation.State}" };
        foreach (var cause in explanation.Causes)
        {
            lines.Add("");
            lines.Add(cause.Text);
            if (cause.WayOut is { } wayOut)
            {
                lines.Add($"    {wayOut}");
            }
        }

        return string.Join(Environment.NewLine, lines);
    }
}
