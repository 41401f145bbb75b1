using System.CommandLine;
using Fleet.Silo.Hosting;

// The command handles the signals itself.
return await SiloCommand.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
