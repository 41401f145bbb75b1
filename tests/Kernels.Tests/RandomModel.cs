using Fleet.Kernels.Methods;
using Fleet.Kernels.Methods.BlockSparse;
using Fleet.Kernels.Methods.DopedKronecker;
using Fleet.Kernels.Methods.Pruned;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Tests;

/// <summary>Models with random weights of the size that training gives them.</summary>
internal static class RandomModel
{
    public static ModelDocument Create(CellStructure structure, int classes, int seed) => Create(ModelStructure.Classifier(structure, classes), seed);

    public static ModelDocument Create(ModelStructure structure, int seed)
    {
        var random = new Random(seed);
        var matrices = structure.Layers
            .SelectMany((layer, index) => layer.Cells.SelectMany((cell, place) => cell.Matrices.Select(
                pair => (Prefix: ModelDocument.MatrixPrefix(index, layer.IsReverse(place), pair.Name), pair.Matrix))))
            .ToArray();
        var tensors = ModelDocument.Expected(structure)
            .Select(spec => Fill(spec, matrices.FirstOrDefault(pair => spec.Name.StartsWith(pair.Prefix, StringComparison.Ordinal)).Matrix, random))
            .ToDictionary(tensor => tensor.Name);
        var metadata = new ModelMetadata
        {
            Task = "random",
            Metric = "accuracy",
            Steps = 16,
            Labels = [.. Enumerable.Range(0, structure.Head.Outputs).Select(index => $"class {index}")],
            Method = structure.Layers[0].Cells[0].Recurrent.Method,
            VariantName = "random",
            Variant = "0123456789abcdef0123456789abcdef",
            Seed = seed,
            NumericsVersion = NumericsVersion.Current,
        };
        return new ModelDocument(metadata, structure, tensors);
    }

    public static CellStructure Structure(string method, int input, int hidden, double compression, params (string Name, string Value)[] arguments) =>
        Structure(new CellShape(CellShape.Lstm, input, hidden), method, compression, arguments);

    public static CellStructure Structure(CellShape shape, string method, double compression, params (string Name, string Value)[] arguments) =>
        CellAllocator.Allocate(
            shape,
            WeightMethods.Find(method)!,
            compression,
            arguments.ToDictionary(pair => pair.Name, pair => pair.Value));

    /// <summary>Places of the non-zeros, drawn evenly over all gates as magnitude pruning leaves random weights; one structure, one draw.</summary>
    public static (ushort[] Columns, uint[] Offsets) Places(MatrixStructure matrix) => matrix switch
    {
        PrunedStructure pruned => Places(pruned.Gates * pruned.Rows, pruned.Columns, pruned.NonZeros),
        DopedKroneckerStructure doped => Places(doped.Dope),
        BlockSparseStructure sparse => Places(sparse.Gates * sparse.Stacks, sparse.Columns, sparse.Blocks),
        _ => throw new ArgumentException($"{matrix.Method} has no places.", nameof(matrix)),
    };

    private static (ushort[] Columns, uint[] Offsets) Places(int rows, int columns, int count)
    {
        var places = Enumerable.Range(0, rows * columns).ToArray();
        new Random(count).Shuffle(places);
        var chosen = places[..count];
        Array.Sort(chosen);
        var offsets = new uint[rows + 1];
        foreach (var place in chosen)
        {
            offsets[(place / columns) + 1]++;
        }

        for (var row = 1; row < offsets.Length; row++)
        {
            offsets[row] += offsets[row - 1];
        }

        return (Array.ConvertAll(chosen, place => (ushort)(place % columns)), offsets);
    }

    private static Tensor Fill(TensorSpec spec, MatrixStructure? matrix, Random random)
    {
        Array data = spec.Type switch
        {
            ElementType.U16 => Places(matrix!).Columns,
            ElementType.U32 => Places(matrix!).Offsets,
            _ => Floats(spec, random),
        };
        return new Tensor(spec.Name, spec.Shape, data);
    }

    private static float[] Floats(TensorSpec spec, Random random)
    {
        var (centre, spread) = spec.Name == ModelDocument.Scale ? (1.0, 0.5) : (0.0, 2 / Math.Sqrt(spec.Shape[^1] + 1));
        return [.. Enumerable.Range(0, (int)spec.Elements).Select(_ => (float)(centre + (spread * ((2 * random.NextDouble()) - 1))))];
    }
}
