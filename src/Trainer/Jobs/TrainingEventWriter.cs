using System.Text.Json;
using Fleet.Domain.Jobs;
using Fleet.Protocol;

namespace Fleet.Trainer.Jobs;

/// <summary>The trainer's standard output: one training event a line, as JSON, at once; nothing else goes there.</summary>
internal sealed class TrainingEventWriter(TextWriter output)
{
    public void Write(TrainingEvent said)
    {
        output.Write(JsonSerializer.Serialize(said, ProtocolJson.Default.TrainingEvent) + "\n");
        output.Flush();
    }
}
