using System.CommandLine;
using System.CommandLine.Invocation;
using Fleet.DeviceAgent.Commands;
using Fleet.Os.Processes;

var root = new RootCommand("Fleet's agent: measures models on this board for a silo.")
{
    RunCommand.Create(),
    WorkerCommand.Create(),
    DoctorCommand.Create(),
    ResetIdentityCommand.Create(),
};

var parsed = root.Parse(args);
if (parsed.Action is ParseErrorAction wrong)
{
    // The whole help would bury what is wrong.
    wrong.ShowHelp = false;
}

var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
return parsed.Errors.Count > 0 ? ExitCodes.Usage : exitCode;
