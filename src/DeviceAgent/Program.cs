using System.CommandLine;
using Fleet.DeviceAgent.Commands;
using Fleet.Protocol;

var root = new RootCommand("Fleet's agent: measures models on this board for a silo.")
{
    RunCommand.Create(),
    WorkerCommand.Create(),
    DoctorCommand.Create(),
    ResetIdentityCommand.Create(),
};

var parsed = root.Parse(args);
var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
return parsed.Errors.Count > 0 ? ExitCodes.Usage : exitCode;
