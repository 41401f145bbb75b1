using System.Text.RegularExpressions;
using Fleet.Architecture.Tests;
using Fleet.Cli.Data.Own;

namespace Fleet.Cli.Tests.Data;

public sealed partial class TaskFilePageTests
{
    [Fact]
    public void The_page_of_own_data_explains_every_key_of_a_task_file_and_no_other()
    {
        var section = Checkout.Read("docs/data.md").Split("\n## Your own data\n")[1].Split("\n## ")[0];

        Assert.Equal([.. TaskFile.Keys, .. TaskFile.PartKeys], Row().Matches(section).Select(match => match.Groups["key"].Value));
    }

    [GeneratedRegex("^\\| `(?<key>[a-z_]+)` ", RegexOptions.Multiline)]
    private static partial Regex Row();
}
