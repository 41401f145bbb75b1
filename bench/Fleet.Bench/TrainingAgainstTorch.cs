using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Fleet.Domain.Recipes;
using Fleet.Kernels.Methods.Hmd;
using Fleet.Kernels.Structures;
using Fleet.Tasks.Data;
using Fleet.Training.Runs;

namespace Fleet.Bench;

/// <summary>
/// A training step (forward, cross-entropy, backward, clipping, Adam) of an LSTM 9 -> 128 with 64 sequences of 128 steps: on one core
/// against PyTorch, and on two cores against one.
/// </summary>
internal static class TrainingAgainstTorch
{
    private const int Features = 9;
    private const int Hidden = 128;
    private const int Steps = 128;
    private const int Batch = 64;

    // A step takes tens of milliseconds: one is a turn.
    private const int Rounds = 31;
    private const int WarmUp = 3;

    private static readonly string[] Labels = ["walking", "upstairs", "downstairs", "sitting", "standing", "lying"];

    private static readonly (string Name, string Method, double Compression)[] Methods = [("dense", "dense", 1), ("hmd-4x", "hmd", 4)];

    /// <summary>All comparisons: those on one core run in a process that has only this one.</summary>
    public static IEnumerable<TrainingComparison> Run(string core, string python, string script)
    {
        var start = new ProcessStartInfo(
            "taskset", ["-c", core, Environment.ProcessPath!, "training-one-core", python, script]) { RedirectStandardOutput = true };
        using var pinned = Process.Start(start)!;
        var rows = JsonSerializer.Deserialize(pinned.StandardOutput.ReadToEnd(), TrainingComparisonJson.Default.IReadOnlyListTrainingComparison);
        pinned.WaitForExit();
        return [.. rows!, .. TwoCores()];
    }

    /// <summary>Turn by turn with PyTorch, on the core that both have.</summary>
    public static IEnumerable<TrainingComparison> OneCore(string python, string script)
    {
        using var torch = Process.Start(new ProcessStartInfo(python, [script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            // Else its linear algebra starts a thread for every core of the machine, all of them on this one.
            Environment = { ["OPENBLAS_NUM_THREADS"] = "1", ["OMP_NUM_THREADS"] = "1" },
        })!;
        var rows = new List<TrainingComparison>();
        foreach (var (name, method, compression) in Methods)
        {
            var plan = Plan(method, compression);
            using var ours = new TrainingLoop(plan, threads: 1);
            var (peer, question) = plan.Structure.Layers[0].Cells[0].Recurrent is HmdStructure hmd
                ? ("torch-eager-hmd", $"hmd {hmd.Rich} {hmd.Blocks} 1")
                : ("torch-nn-lstm", "dense 1");
            rows.Add(Compare($"{name}-one-core", () => Milliseconds(ours), peer, () => Ask(torch, question)));
        }

        torch.StandardInput.Close();
        torch.WaitForExit();
        return rows;
    }

    private static IEnumerable<TrainingComparison> TwoCores()
    {
        foreach (var (name, method, compression) in Methods)
        {
            using var two = new TrainingLoop(Plan(method, compression), threads: 2);
            using var one = new TrainingLoop(Plan(method, compression), threads: 1);
            yield return Compare($"{name}-two-cores", () => Milliseconds(two), "one-core", () => Milliseconds(one));
        }
    }

    private static TrainingComparison Compare(string name, Func<double> ours, string peer, Func<double> theirs)
    {
        var (us, them) = (new List<double>(), new List<double>());
        for (var round = -WarmUp; round < Rounds; round++)
        {
            var (own, other) = (ours(), theirs());
            if (round >= 0)
            {
                us.Add(own);
                them.Add(other);
            }
        }

        return TrainingComparison.Of(name, us, peer, them);
    }

    private static double Milliseconds(TrainingLoop run)
    {
        var start = Stopwatch.GetTimestamp();
        // It pauses after one step.
        var epoch = run.RunEpoch(() => true, CancellationToken.None);
        var took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return epoch is null ? took : throw new InvalidOperationException("The epoch ended: its last step is timed together with the validation.");
    }

    private static double Ask(Process torch, string question)
    {
        torch.StandardInput.WriteLine(question);
        torch.StandardInput.Flush();
        var answer = torch.StandardOutput.ReadLine() ?? throw new InvalidOperationException("PyTorch's process ended early.");
        return double.Parse(answer, CultureInfo.InvariantCulture) / 1e6;
    }

    private static TrainingPlan Plan(string method, double compression)
    {
        var recipe = new Recipe
        {
            Cell = CellShape.Lstm,
            Hidden = Hidden,
            Method = method,
            Compression = compression,
            Training = new TrainingSettings { BatchSize = Batch, ValidationFraction = 0.05 },
        };
        // More than the steps that are timed take, for a part of them is held back for validation.
        const int Samples = (WarmUp + Rounds + 4) * Batch;
        var labels = Enumerable.Range(0, Samples).Select(sample => (ushort)(sample % Labels.Length)).ToArray();
        return TrainingPlan.Of(recipe, seed: 1, new SequenceSet(Steps, Features, Bench.Samples.Floats(Samples * Steps * Features, 1), labels), Labels);
    }
}
