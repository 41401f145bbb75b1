using Fleet.Interchange.Arrays;

namespace Fleet.Interchange.Onnx.Graphs;

/// <summary>Operators that compute with numbers. Sums are taken in double precision.</summary>
internal static class ArithmeticOperators
{
    public static NumericArray[] Elementwise(NodeCall call, Func<float, float, float> floats, Func<long, long, long> integers)
    {
        var (left, right) = (call.Input(0), call.Input(1));
        var shape = Broadcasting.Shape([.. left.Shape.Select(extent => (long)extent)], [.. right.Shape.Select(extent => (long)extent)])
            ?? throw call.Wrong($"{left.ShapeText} and {right.ShapeText} do not go together.");
        var result = call.Result(shape);
        var ones = Extents.Walk(result, Broadcasting.Strides(left.Shape, result.Length));
        var others = Extents.Walk(result, Broadcasting.Strides(right.Shape, result.Length));
        return [new NumericArray(result, IsInteger(left) && IsInteger(right)
            ? Zip(left.ToIntegers(), right.ToIntegers(), integers)
            : Zip(left.ToFloats(), right.ToFloats(), floats))];

        T[] Zip<T>(T[] first, T[] second, Func<T, T, T> combine)
        {
            var values = new T[ones.Length];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = combine(first[ones[i]], second[others[i]]);
            }

            return values;
        }
    }

    /// <summary>alpha A B + beta C, A and B transposed if so said.</summary>
    public static NumericArray[] Gemm(NodeCall call)
    {
        var a = call.Int("transA", 0) == 0 ? call.Input(0) : Transposed(call, 0);
        var b = call.Int("transB", 0) == 0 ? call.Input(1) : Transposed(call, 1);
        var product = Product(call, a, b);
        var (alpha, beta) = (call.Float("alpha", 1), call.Float("beta", 1));
        var values = (float[])product.Data;
        if (call.Optional(2) is { } c)
        {
            if (Broadcasting.Shape([.. c.Shape.Select(extent => (long)extent)], [.. product.Shape.Select(extent => (long)extent)]) is not { } common
                || !common.SequenceEqual(product.Shape.Select(extent => (long)extent)))
            {
                throw call.Wrong($"C is {c.ShapeText}, which does not spread over {product.ShapeText}.");
            }

            var added = c.ToFloats();
            var from = Extents.Walk(product.Shape, Broadcasting.Strides(c.Shape, 2));
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (alpha * values[i]) + (beta * added[from[i]]);
            }
        }
        else if (alpha != 1)
        {
            product = new NumericArray(product.Shape, Array.ConvertAll(values, value => alpha * value));
        }

        return [product];
    }

    /// <summary>A times a matrix B; A may have any number of axes before the last.</summary>
    public static NumericArray[] MatMul(NodeCall call) => [Product(call, call.Input(0), call.Input(1))];

    public static NumericArray[] Softmax(NodeCall call) => [Normalise(call, (value, max, logSum) => Math.Exp(value - max - logSum))];

    public static NumericArray[] LogSoftmax(NodeCall call) => [Normalise(call, (value, max, logSum) => value - max - logSum)];

    /// <summary>Where the classes of a Softmax lie: the extents before, of, and behind them.</summary>
    public static (long Before, int Classes, int After) ClassAxis(NodeCall call)
    {
        var shape = call.Input(0).Shape;
        // Before opset 13, all axes from the given one on were taken as one.
        var axis = call.Axis(call.Int("axis", call.Opset < 13 ? 1 : -1), shape.Count);
        var behind = shape.Skip(axis + 1).Aggregate(1, (product, extent) => product * extent);
        var before = Extents.Elements<int>([.. shape.Take(axis)]);
        return call.Opset < 13 ? (before, shape[axis] * behind, 1) : (before, shape[axis], behind);
    }

    private static NumericArray Normalise(NodeCall call, Func<double, double, double, double> result)
    {
        var source = call.Input(0);
        var (before, classes, after) = ClassAxis(call);
        var values = source.ToFloats();
        var shape = call.Result([.. source.Shape.Select(extent => (long)extent)]);
        var results = new float[values.Length];
        for (var group = 0; group < (values.Length == 0 ? 0 : before * after); group++)
        {
            var start = (group / after * classes * after) + (group % after);
            var max = double.NegativeInfinity;
            for (var one = 0; one < classes; one++)
            {
                max = Math.Max(max, values[start + (one * after)]);
            }

            var sum = 0.0;
            for (var one = 0; one < classes; one++)
            {
                sum += Math.Exp(values[start + (one * after)] - max);
            }

            for (var one = 0; one < classes; one++)
            {
                results[start + (one * after)] = (float)result(values[start + (one * after)], max, Math.Log(sum));
            }
        }

        return new NumericArray(shape, results);
    }

    private static NumericArray Product(NodeCall call, NumericArray left, NumericArray right)
    {
        if (right.Rank != 2 || left.Rank < 1)
        {
            throw call.Unsupported($"{left.ShapeText} times {right.ShapeText}: the right one must be a matrix.");
        }

        var (inner, columns) = (right.Shape[0], right.Shape[1]);
        if (left.Shape[^1] != inner)
        {
            throw call.Wrong($"{left.ShapeText} times {right.ShapeText} is no product.");
        }

        var shape = call.Result([.. left.Shape.Take(left.Rank - 1).Append(columns).Select(extent => (long)extent)]);
        var rows = columns == 0 ? 0 : Extents.Elements(shape) / columns;
        var (a, b) = (left.ToFloats(), right.ToFloats());
        var result = new float[Extents.Elements(shape)];
        var sums = new double[columns];
        for (var row = 0; row < rows; row++)
        {
            Array.Clear(sums);
            for (var k = 0; k < inner; k++)
            {
                double factor = a[(row * inner) + k];
                var weights = b.AsSpan(k * columns, columns);
                for (var column = 0; column < columns; column++)
                {
                    sums[column] += factor * weights[column];
                }
            }

            for (var column = 0; column < columns; column++)
            {
                result[(row * columns) + column] = (float)sums[column];
            }
        }

        return new NumericArray(shape, result);
    }

    private static NumericArray Transposed(NodeCall call, int index)
    {
        var matrix = call.Input(index);
        return matrix.Rank == 2
            ? matrix.Pick([matrix.Shape[1], matrix.Shape[0]], Extents.Walk([matrix.Shape[1], matrix.Shape[0]], [1, matrix.Shape[1]]))
            : throw call.Wrong($"input {index} is {matrix.ShapeText}, but must be a matrix.");
    }

    private static bool IsInteger(NumericArray array) => array.Data is long[] or int[] or sbyte[] or byte[];
}
