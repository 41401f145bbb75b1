using Fleet.Os.Tests.Processes;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

if (args is [TestChild.Marker, .. var role])
{
    return await TestChild.RunAsync(role);
}

return args.Contains("--server") || args.Contains("--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, Fleet.Os.Tests.SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
