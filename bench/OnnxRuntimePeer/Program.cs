using Fleet.Cli.Models;
using System.Globalization;
using System.Text.Json;
using Fleet.Interchange;
using Fleet.Interchange.PyTorch;
using Fleet.Kernels.Models;
using Fleet.Measurement.Boards;
using Fleet.Measurement.Clocks;
using Fleet.Measurement.Turns;
using Fleet.OnnxRuntimePeer;
using Fleet.Os.Processes;
using Microsoft.ML.OnnxRuntime;
using var stop = new CancellationTokenSource();

// fleet model bench starts this: FILE STEPS THREADS HINTS. The answer is one JSON document on standard output.
if (args is not [var file, var stepsText, var threadsText, var hintsText]
    || !int.TryParse(stepsText, NumberStyles.None, CultureInfo.InvariantCulture, out var steps)
    || !int.TryParse(threadsText, NumberStyles.None, CultureInfo.InvariantCulture, out var threads))
{
    Console.Error.WriteLine("This program is started by: fleet model bench FILE --against onnxruntime");
    return ExitCodes.Usage;
}

ParentWatch.Start(stop);
try
{
    var read = ModelExchange.Read(file, JsonSerializer.Deserialize<StateDictHints>(hintsText));
    // One thread stays on one core; several must not share it.
    if (threads == 1)
    {
        ProcessorPin.PinCurrentThread(new BoardRoot());
    }

    var turns = new ModelTurns(read.Document, steps);
    using var window = new PeerWindow(read, file, turns, threads);
    using var streaming = turns.Streaming is null ? null : new PeerStreaming(read.Document, turns, threads);
    turns.Window.Run();
    window.Run();
    var difference = OutputDifference.Greatest(turns.WindowOutput, window.Output);

    var timer = new TurnTimer(new SystemClock());
    var windows = timer.Run([turns.Window, window], stop.Token);
    var single = turns.Streaming is { } own && streaming is not null ? timer.Run([own, streaming], stop.Token) : null;
    var result = new ModelBenchResult(
        ModeBenchResult.Of(windows[0], windows[1]),
        single is null ? null : ModeBenchResult.Of(single[0], single[1]),
        difference);
    Console.Out.WriteLine(JsonSerializer.Serialize(result, ModelBenchJson.Default.ModelBenchResult));
    return ExitCodes.Done;
}
catch (Exception error) when (error is FileFormatException or IOException or InvalidDataException or NotSupportedException or OnnxRuntimeException)
{
    Console.Error.WriteLine(error.Message);
    return ExitCodes.Usage;
}
catch (OperationCanceledException)
{
    return ExitCodes.Interrupted;
}
