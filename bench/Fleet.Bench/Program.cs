using System.Text.Json;
using BenchmarkDotNet.Running;
using Fleet.Bench;

switch (args)
{
    case ["sparse", var peer]:
        Print(SparseAgainstEigen.Run(peer));
        break;
    case ["methods"]:
        Print(MethodsAgainstDense.Run());
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        break;
}

static void Print(IReadOnlyList<Comparison> comparisons) =>
    Console.WriteLine(JsonSerializer.Serialize(comparisons, ComparisonJson.Default.IReadOnlyListComparison));
