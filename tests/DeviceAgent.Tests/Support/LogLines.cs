using System.Collections.Concurrent;
using Fleet.DeviceAgent.Diagnostics;

namespace Fleet.DeviceAgent.Tests.Support;

/// <summary>What the agent wrote to its log.</summary>
internal sealed class LogLines : StringWriter
{
    private readonly ConcurrentQueue<string> lines = [];

    public LogLines() => Writer = new AgentLog(this, TimeProvider.System);

    public AgentLog Writer { get; }

    public IReadOnlyCollection<string> Lines => lines;

    public string Text => string.Join('\n', lines);

    public override void WriteLine(string? value) => lines.Enqueue(value ?? "");
}
