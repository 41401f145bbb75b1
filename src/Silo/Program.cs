using System.CommandLine;
using System.CommandLine.Invocation;
using Fleet.Os.Processes;
using Fleet.Silo.Hosting;

var parsed = SiloCommand.Create().Parse(args);
if (parsed.Action is ParseErrorAction wrong)
{
    // The whole help would bury what is wrong.
    wrong.ShowHelp = false;
}

// The command handles the signals itself.
var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
return parsed.Errors.Count > 0 ? ExitCodes.Usage : exitCode;
