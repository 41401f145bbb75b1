using BenchmarkDotNet.Attributes;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;

namespace Fleet.Bench;

/// <summary>Benchmarks of whole models, which BenchmarkDotNet picks by these parameters.</summary>
[MemoryDiagnoser]
public abstract class ModelBenchmarks
{
    [ParamsSource(typeof(ModelCase), nameof(ModelCase.Cells))]
    public string Cell { get; set; } = "";

    [ParamsSource(typeof(ModelCase), nameof(ModelCase.Shapes))]
    public string Shape { get; set; } = "";

    [ParamsSource(typeof(ModelCase), nameof(ModelCase.Variants))]
    public string Variant { get; set; } = "";

    [ParamsAllValues]
    public Precision Precision { get; set; }

    [ParamsSource(typeof(ModelCase), nameof(ModelCase.Levels))]
    public SimdLevel Level { get; set; }
}
