using System.Runtime.InteropServices;
using Fleet.Interchange.Arrays;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Structures.Products;
using Fleet.Kernels.Tensors;

namespace Fleet.Interchange.Onnx.Export.Products;

/// <summary>The way back from <see cref="ProductNodes"/>: a structure's tensors from the constants of its product.</summary>
internal sealed class ProductConstants : IProductOperations<ProductConstants.Value>
{
    private readonly Precision precision;
    private readonly Func<string, NumericArray> constant;
    private readonly List<(MatrixFactor Factor, NumericArray Constant, bool Transposed)> matrices = [];
    private readonly Dictionary<string, Array> elements = new(StringComparer.Ordinal);

    private ProductConstants(Precision precision, Func<string, NumericArray> constant)
    {
        this.precision = precision;
        this.constant = constant;
    }

    /// <summary>The elements of each of the structure's tensors.</summary>
    /// <param name="constant">Gives a constant by its name behind the prefix.</param>
    /// <returns>By name within the matrix.</returns>
    /// <exception cref="InvalidOperationException">A constant is missing, has another shape, or has weights where the structure has none.</exception>
    public static IReadOnlyDictionary<string, Array> Restore(MatrixStructure structure, Precision precision, Func<string, NumericArray> constant)
    {
        var constants = new ProductConstants(precision, constant);
        structure.Product(constants, default);

        // Nothing is made for what the file only says that it has: by now every constant was there, in its shape.
        foreach (var spec in precision == Precision.Int8 ? structure.Int8Tensors : structure.Tensors)
        {
            if (!constants.elements.ContainsKey(spec.Name))
            {
                if (spec.Elements > 0
                    && !constants.matrices.Exists(matrix => spec.Name == matrix.Factor.Tensor || spec.Name == TensorSpec.ScaleName(matrix.Factor.Tensor)))
                {
                    throw new InvalidOperationException($"No factor of the product of {structure.Method} has '{spec.Name}'.");
                }

                constants.elements.Add(spec.Name, spec.Type == ElementType.I8 ? new sbyte[spec.Elements] : new float[spec.Elements]);
            }
        }

        foreach (var (factor, array, transposed) in constants.matrices)
        {
            if (precision == Precision.Int8)
            {
                Gather(factor, (sbyte[])array.Data, transposed, (sbyte[])constants.elements[factor.Tensor]);
                constants.GatherScales(factor);
            }
            else
            {
                Gather(factor, (float[])array.Data, transposed, (float[])constants.elements[factor.Tensor]);
            }
        }

        return constants.elements;
    }

    public Value Multiply(Value x, MatrixFactor factor) => Take(factor, transposed: true);

    public Value Multiply(Value x, SparseFactor factor)
    {
        if (precision == Precision.Int8)
        {
            Take(SparseWeights.Entries<sbyte>(
                factor,
                Matrix<sbyte>(factor.Name, factor.Columns, factor.Rows),
                Matrix<byte>(SparseWeights.FlagsName(factor.Name), factor.Columns, factor.Rows)));
            elements.Add(TensorSpec.ScaleName(SparseFactor.Values), Scales(factor.Name, factor.Rows));
        }
        else
        {
            // Only what is not stored is +0.
            var full = Matrix<float>(factor.Name, factor.Columns, factor.Rows);
            Take(SparseWeights.Entries<float>(factor, full, MemoryMarshal.AsBytes<float>(full)));
        }

        return default;
    }

    public Value Combine(Value s, MatrixFactor factor) => Take(factor, transposed: false);

    public Value MultiplyRows(MatrixFactor factor, Value matrix) => Take(factor, transposed: false);

    public Value Add(Value left, Value right) => default;

    public IReadOnlyList<Value> Split(Value value, int parts) => new Value[parts];

    public Value Concat(IReadOnlyList<Value> values) => default;

    public Value Slice(Value value, int start, int count) => default;

    public Value Fold(Value x, int length, int rows, int columns) => default;

    public Value Unfold(Value matrix, int rows, int columns, int length) => default;

    public Value Join(IReadOnlyList<Value> unfolded, Value x, int length) => default;

    private void Take<T>((T[] Values, ushort[] Indices, uint[] Offsets) entries)
    {
        elements.Add(SparseFactor.Values, entries.Values);
        elements.Add(SparseFactor.Indices, entries.Indices);
        elements.Add(SparseFactor.Offsets, entries.Offsets);
    }

    private Value Take(MatrixFactor factor, bool transposed)
    {
        var (rows, columns) = transposed ? (factor.Columns, factor.Rows) : (factor.Rows, factor.Columns);
        _ = precision == Precision.Int8 ? (Array)Matrix<sbyte>(factor.Name, rows, columns) : Matrix<float>(factor.Name, rows, columns);
        matrices.Add((factor, constant(factor.Name), transposed));
        return default;
    }

    private void GatherScales(MatrixFactor factor)
    {
        var scales = Scales(factor.Name, factor.Rows);
        var stored = (float[])elements[TensorSpec.ScaleName(factor.Tensor)];
        for (var row = 0; row < factor.Rows; row++)
        {
            stored[factor.Scale(row)] = scales[row];
        }
    }

    private static void Gather<T>(MatrixFactor factor, T[] constant, bool transposed, T[] stored)
        where T : unmanaged, IEquatable<T>
    {
        for (var row = 0; row < factor.Rows; row++)
        {
            for (var column = 0; column < factor.Columns; column++)
            {
                var value = constant[transposed ? (column * factor.Rows) + row : (row * factor.Columns) + column];
                if (factor.Element(row, column) is not MatrixFactor.Zero and var element)
                {
                    stored[element] = value;
                }
                else if (!value.Equals(default))
                {
                    throw new InvalidOperationException($"'{factor.Name}' has a weight in row {row} of column {column}, where the structure has none.");
                }
            }
        }
    }

    private T[] Matrix<T>(string name, int rows, int columns) =>
        constant(name) is { Shape: [var height, var width], Data: T[] found } && height == rows && width == columns
        ? found
        : throw new InvalidOperationException($"'{name}' is {constant(name).ShapeText} of {constant(name).Data.GetType().GetElementType()!.Name}, but [{rows},"
            + $" {columns}] of {typeof(T).Name} is expected.");

    private float[] Scales(string name, int rows) => constant(TensorSpec.ScaleName(name)).ToFloats() is var scales && scales.Length == rows
        ? scales
        : throw new InvalidOperationException($"'{TensorSpec.ScaleName(name)}' has {scales.Length} scales, but there are {rows} rows.");

    /// <summary>Stands for every value: only constants are of interest.</summary>
    public readonly record struct Value;
}
