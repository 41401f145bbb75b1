using Fleet.Protocol;

namespace Fleet.DeviceAgent;

/// <summary>What the agent tells the person or the service manager that runs it: one line an event, on standard error.</summary>
internal sealed class AgentLog(TextWriter output, TimeProvider time)
{
    private const int MaxLine = 2 * PlainText.MaxDetail;
    private readonly Lock writing = new();

    public void Tell(string message)
    {
        lock (writing)
        {
            try
            {
                output.WriteLine($"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ} {PlainText.Clean(message, MaxLine)}");
                output.Flush();
            }
            catch (IOException)
            {
                // A log on a full disk, or a terminal that is gone, must not take the agent with it.
            }
        }
    }
}
