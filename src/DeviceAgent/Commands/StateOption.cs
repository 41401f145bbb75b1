using System.CommandLine;
using Fleet.Os.State;

namespace Fleet.DeviceAgent.Commands;

/// <summary><c>--state</c></summary>
internal static class StateOption
{
    public static Option<string?> Create(string description)
    {
        var option = new Option<string?>("--state") { Description = description, HelpName = "DIR" };
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
