using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Matrices;

/// <summary>
/// A matrix of bytes with a scale a row, cut into panels of so many vectors of rows, the last with what is left. Within a panel, a
/// group of four columns follows the other, and within a group each row's four weights stand together, as a dot product takes them:
/// a product reads the weights once from front to back.
/// y = initial + (sum of q x) * (row's scale * x's scale), with the sums in integers.
/// </summary>
internal sealed unsafe class Int8Panels<D>
    where D : unmanaged, IDotVector<D>
{
    /// <summary>Vectors of a panel that all are summed up at once.</summary>
    public const int Widest = 8;

    private const int LaneBytes = 4;

    private readonly Aligned<sbyte> weights;
    private readonly Aligned<float> scales;

    // What the sums begin with: what D's offset to x has added to them, taken off.
    private readonly Aligned<int> starts;
    private readonly int columns;
    private readonly int groups;
    private readonly int vectors;
    private readonly int widest;

    /// <summary>Rows as they stand.</summary>
    /// <param name="source">Row-major, <paramref name="rows"/> x <paramref name="columns"/>.</param>
    /// <param name="rowScales">[rows]</param>
    /// <param name="width">Vectors of rows in a panel.</param>
    public Int8Panels(int rows, int columns, ReadOnlySpan<sbyte> source, ReadOnlySpan<float> rowScales, int width)
        : this(new UnitOrder(1, rows, D.Lanes), columns, source, rowScales, width)
    {
    }

    /// <summary>Rows gate by gate, packed in the order of their units.</summary>
    /// <param name="source">Row-major, [gates * units, columns].</param>
    /// <param name="rowScales">[gates * units]</param>
    /// <param name="width">Vectors of rows in a panel.</param>
    public Int8Panels(UnitOrder order, int columns, ReadOnlySpan<sbyte> source, ReadOnlySpan<float> rowScales, int width)
    {
        var rows = order.Gates * order.Units;
        var sources = order.Sources();
        this.columns = columns;
        groups = Int8Operand.Groups(columns);
        widest = width;
        vectors = (rows + D.Lanes - 1) / D.Lanes;
        weights = new Aligned<sbyte>(checked(vectors * D.Lanes * LaneBytes * groups));
        scales = new Aligned<float>(vectors * D.Lanes);
        starts = new Aligned<int>(vectors * D.Lanes);
        for (var row = 0; row < rows; row++)
        {
            var first = row / D.Lanes / widest * widest;
            var panel = Panel(first) + ((row - (first * D.Lanes)) * LaneBytes);
            var groupBytes = GroupBytes(first);
            var values = source.Slice(sources[row] * columns, columns);
            var sum = 0;
            for (var column = 0; column < values.Length; column++)
            {
                var weight = values[column];
                panel[((long)(column / 4) * groupBytes) + (column % 4)] = weight;
                sum += weight;
            }

            scales.Span[row] = rowScales[sources[row]];
            starts.Span[row] = -D.Offset * sum;
        }
    }

    public long ResidentBytes => weights.Bytes + scales.Bytes + starts.Bytes;

    public int OperandFloats => Int8Operand.Floats(columns);

    private int Count => (vectors + widest - 1) / widest;

    /// <summary>y = initial + W x</summary>
    /// <param name="operand">x, as <see cref="Int8Operand"/> writes it.</param>
    public void Multiply(float* operand, float* initial, float* y, bool backwards)
    {
        for (var turn = 0; turn < Count; turn++)
        {
            var index = backwards ? Count - 1 - turn : turn;
            var row = index * widest * D.Lanes;
            MultiplyPanel(index, operand, initial + row, y + row);
        }
    }

    /// <summary>The rows of one panel.</summary>
    /// <param name="initial">Of the panel's first row; so is <paramref name="y"/>.</param>
    public void MultiplyPanel(int index, float* operand, float* initial, float* y)
    {
        var first = index * widest;
        var width = Width(first);
        var panel = Panel(first);
        for (var vector = 0; vector < width;)
        {
            var row = vector * D.Lanes;
            var rows = Rows(panel + (row * LaneBytes), first, vector);
            switch (width - vector)
            {
                case >= 8:
                    Int8Products<D>.Eight(rows, operand, initial + row, y + row);
                    vector += 8;
                    break;
                case >= 4:
                    Int8Products<D>.Four(rows, operand, initial + row, y + row);
                    vector += 4;
                    break;
                case >= 2:
                    Int8Products<D>.Two(rows, operand, initial + row, y + row);
                    vector += 2;
                    break;
                default:
                    Int8Products<D>.One(rows, operand, initial + row, y + row);
                    vector++;
                    break;
            }
        }
    }

    /// <summary>y_s = initial_s + W x_s</summary>
    /// <param name="operands">One after the other, <see cref="OperandFloats"/> apart.</param>
    public void MultiplyMany(float* operands, int steps, float* initial, int initialStride, float* y, int yStride)
    {
        for (var index = 0; index < Count; index++)
        {
            var row = index * widest * D.Lanes;
            MultiplyPanelMany(index, operands, steps, initial + row, initialStride, y + row, yStride);
        }
    }

    /// <summary>The rows of one panel, which stays in the cache while all steps pass by it.</summary>
    /// <param name="initial">Of the panel's first row; so is <paramref name="y"/>.</param>
    public void MultiplyPanelMany(int index, float* operands, int steps, float* initial, int initialStride, float* y, int yStride)
    {
        var first = index * widest;
        var panel = Panel(first);
        var width = Width(first);
        var step = 0;
        for (; step <= steps - Int8Tiles<D>.Steps; step += Int8Tiles<D>.Steps)
        {
            var xs = operands + ((long)step * OperandFloats);
            var initials = initial + ((long)step * initialStride);
            var ys = y + ((long)step * yStride);
            for (var vector = 0; vector < width; vector += 2)
            {
                var row = vector * D.Lanes;
                var rows = Rows(panel + (row * LaneBytes), first, vector);
                if (vector < width - 1)
                {
                    Int8Tiles<D>.Two(rows, xs, OperandFloats, initials + row, initialStride, ys + row, yStride);
                }
                else
                {
                    Int8Tiles<D>.One(rows, xs, OperandFloats, initials + row, initialStride, ys + row, yStride);
                }
            }
        }

        for (; step < steps; step++)
        {
            MultiplyPanel(index, operands + ((long)step * OperandFloats), initial + ((long)step * initialStride), y + ((long)step * yStride));
        }
    }

    /// <summary>Where the panel begins whose first rows are those of vector <paramref name="first"/>.</summary>
    private sbyte* Panel(int first) => weights.Pointer + ((long)first * D.Lanes * LaneBytes * groups);

    private int Width(int first) => Math.Min(widest, vectors - first);

    private int GroupBytes(int first) => Width(first) * D.Lanes * LaneBytes;

    private Int8Rows Rows(sbyte* start, int first, int vector)
    {
        var row = (first + vector) * D.Lanes;
        return new(start, GroupBytes(first), groups, scales.Pointer + row, starts.Pointer + row);
    }
}
