using System.Text.Json;
using Fleet.Domain.Json;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;

namespace Fleet.DeviceAgent.Worker;

/// <summary>The worker's side of its standard output: one event a line.</summary>
internal sealed class EventWriter(Stream output)
{
    private readonly Lock writing = new();

    public void Waiting(string text) => Write(new WorkerEvent { Kind = WorkerEventKind.Waiting, Text = text });

    public void Progress(double share, string text) => Write(new WorkerEvent { Kind = WorkerEventKind.Progress, Share = share, Text = text });

    public void Result(string run, DateTimeOffset startedAt, RunMeasurement measurement) => Write(new WorkerEvent
    {
        Kind = WorkerEventKind.Result,
        Run = run,
        StartedAt = startedAt,
        Measurement = JsonSerializer.SerializeToElement(measurement, MeasurementJson.Default.RunMeasurement),
    });

    public void Failure(string run, DateTimeOffset startedAt, Reason reason) =>
        Write(new WorkerEvent { Kind = WorkerEventKind.Failure, Run = run, StartedAt = startedAt, Code = reason.Code, Text = reason.Detail });

    private void Write(WorkerEvent happened)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(happened, WorkerJson.Default.WorkerEvent);
        lock (writing)
        {
            output.Write(line);
            output.WriteByte((byte)'\n');
            output.Flush();
        }
    }
}
