using Fleet.Silo.Configuration;
using Microsoft.Extensions.Logging.Console;

namespace Fleet.Silo.Hosting;

/// <summary>What goes wrong, on standard error; what happens, too, in the state folder's log. Standard output is nobody's.</summary>
internal static class SiloLogging
{
    public static void Add(ILoggingBuilder logging, SiloOptions options, StoppingFlag stopping)
    {
        logging.ClearProviders();
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
            console.UseUtcTimestamp = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.Services.AddSingleton<ILoggerProvider>(provider => new FileLog(options.State, provider.GetRequiredService<TimeProvider>()));
        // While a silo stops, Orleans complains of every call that it has itself cut off.
        logging.AddFilter(
            (category, level) => level >= LogLevel.Warning && !(stopping.Raised && category?.StartsWith("Orleans", StringComparison.Ordinal) == true));
        // Both remark at every start on what is as it should be: the workstation collector, and a clock that did not tick before the start.
        logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error);
        logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        // Orleans reports itself what it has retried in vain, and the silo why it cannot start.
        logging.AddFilter("Polly", LogLevel.None);
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        logging.AddFilter<FileLog>("Fleet", LogLevel.Information);
        if (options.Verbose)
        {
            logging.AddFilter("Fleet", LogLevel.Debug);
            logging.AddFilter<FileLog>("Fleet", LogLevel.Debug);
            logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        }
    }
}
