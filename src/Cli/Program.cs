using Fleet.Cli;

// Asked for by scripts, and by people who wonder whether it works at all: answered before anything else is loaded.
if (args is ["--version"])
{
    Console.Out.WriteLine(ProductVersion.Text);
    return Fleet.Protocol.ExitCodes.Done;
}

return await FleetCommandLine.RunProcessAsync(args).ConfigureAwait(false);
