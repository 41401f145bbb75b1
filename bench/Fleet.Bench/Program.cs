using System.Text.Json;
using BenchmarkDotNet.Running;
using Fleet.Bench;

switch (args)
{
    case ["sparse", var peer]:
        Console.Write(SparseTables.Text(SparseAgainstEigen.Run(peer), EqualBytes.Run(), SparsityBreakEven.Run()));
        break;
    case ["methods"]:
        Print(MethodsAgainstDense.Run());
        break;
    case ["int8"]:
        Print(Int8AgainstFloats.Run());
        break;
    case ["language"]:
        Print(LanguageAgainstOnnxRuntime.Run());
        break;
    case ["batch"]:
        Print(BatchAgainstSingle.Run());
        break;
    case ["onnxruntime"]:
        Print([.. DenseAgainstOnnxRuntime.Run(), .. LanguageAgainstOnnxRuntime.Run()]);
        break;
    case ["kernels", var peer]:
        Print(
        [
            .. DenseAgainstOnnxRuntime.Run(),
            .. LanguageAgainstOnnxRuntime.Run(),
            .. MethodsAgainstDense.Run(),
            .. Int8AgainstFloats.Run(),
            .. BatchAgainstSingle.Run(),
            .. SparseAgainstEigen.Run(peer),
            Loading.Run(),
        ]);
        break;
    case ["training", var core, var python, var script]:
        PrintSteps(TrainingAgainstTorch.Run(core, python, script));
        break;
    case ["training-one-core", var python, var script]:
        PrintSteps(TrainingAgainstTorch.OneCore(python, script));
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(WindowBenchmarks).Assembly).Run(args);
        break;
}

static void Print(IEnumerable<Comparison> comparisons) =>
    Console.WriteLine(JsonSerializer.Serialize([.. comparisons], ComparisonJson.Default.IReadOnlyListComparison));

static void PrintSteps(IEnumerable<TrainingComparison> comparisons) =>
    Console.WriteLine(JsonSerializer.Serialize([.. comparisons], TrainingComparisonJson.Default.IReadOnlyListTrainingComparison));
