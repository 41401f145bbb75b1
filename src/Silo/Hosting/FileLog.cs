using System.Collections.Concurrent;
using System.Globalization;

namespace Fleet.Silo.Hosting;

/// <summary>The log in the state folder: what was written to the terminal last night is gone by the morning. Two files at most, of bounded size.</summary>
[ProviderAlias("File")]
internal sealed class FileLog(string folder, TimeProvider time) : ILoggerProvider
{
    private const long MaxBytes = 4 << 20;
    private readonly ConcurrentDictionary<string, ILogger> loggers = new();
    private readonly Lock gate = new();
    private StreamWriter? writer;

    /// <summary>Where it is written; the file before it ends in <c>.1</c>.</summary>
    public string Path { get; } = System.IO.Path.Combine(folder, "silo.log");

    public ILogger CreateLogger(string categoryName) => loggers.GetOrAdd(categoryName, name => new Category(this, name));

    public void Dispose()
    {
        lock (gate)
        {
            writer?.Dispose();
            writer = null;
        }
    }

    private void Write(string line)
    {
        lock (gate)
        {
            try
            {
                if (writer is { BaseStream.Length: > MaxBytes })
                {
                    writer.Dispose();
                    writer = null;
                    File.Move(Path, Path + ".1", overwrite: true);
                }

                writer ??= new StreamWriter(new FileStream(Path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
                writer.WriteLine(line);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // A full disk must not take the silo down for want of a log line; the terminal has it too.
            }
        }
    }

    private sealed class Category(FileLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Write(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{log.Now():yyyy-MM-ddTHH:mm:ss.fffZ} {logLevel} {name}:"
                        + $" {formatter(state, exception)}{(exception is null ? "" : Environment.NewLine + exception)}"));
    }

    private DateTimeOffset Now() => time.GetUtcNow();
}
