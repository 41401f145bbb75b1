using System.CommandLine;
using Fleet.Os.State;

namespace Fleet.Cli.Commands;

/// <summary>Options of every command.</summary>
internal static class GlobalOptions
{
    public static Option<string?> State { get; } = Place();

    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print one JSON document on standard output, and nothing else there",
        Recursive = true,
    };

    public static Option<bool> Quiet { get; } = new("--quiet", "-q")
    {
        Description = "No progress on standard error",
        Recursive = true,
    };

    private static Option<string?> Place()
    {
        var option = new Option<string?>("--state")
        {
            Description = "Folder that the silo keeps its state in (else $FLEET_STATE, else the XDG state folder)",
            HelpName = "DIR",
            Recursive = true,
        };
        option.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string?>()))
            {
                result.AddError(StateFolder.EmptyOption);
            }
        });
        return option;
    }
}
