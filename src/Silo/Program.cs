using System.CommandLine;
using Fleet.Protocol;
using Fleet.Silo.Hosting;

// The command handles the signals itself.
var parsed = SiloCommand.Create().Parse(args);
var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
return parsed.Errors.Count > 0 ? ExitCodes.Usage : exitCode;
