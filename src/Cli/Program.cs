using Fleet.Cli;
using Fleet.Cli.Packages;
using Fleet.Os.Processes;

// Asked for by scripts, and by people who wonder whether it works at all: answered before anything else is loaded.
if (args is ["--version"])
{
    Console.Out.WriteLine(ProductVersion.Text);
    return ExitCodes.Done;
}

return await FleetCommandLine.RunProcessAsync(args).ConfigureAwait(false);
