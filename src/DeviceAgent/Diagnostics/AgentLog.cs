using Fleet.Domain.Text;

namespace Fleet.DeviceAgent.Diagnostics;

/// <summary>Events for the person or the service manager that runs the agent: one line each, on standard error.</summary>
internal sealed class AgentLog(TextWriter output, TimeProvider time)
{
    private const int MaxLine = 2 * PlainText.MaxDetail;
    private readonly Lock writing = new();

    public void Write(string message)
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
