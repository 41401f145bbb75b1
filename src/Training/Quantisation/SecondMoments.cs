using System.Numerics;
using System.Runtime.Intrinsics;
using Fleet.Training.Arithmetic;

namespace Fleet.Training.Quantisation;

/// <summary>
/// H = sum of x x' over the vectors x that a product reads: an error e of a row of weights changes the row's outputs by e'x, whose
/// squares add up to e' H e. Sums are taken in one order, whatever the processor.
/// </summary>
internal sealed unsafe class SecondMoments
{
    private readonly int columns;
    // None of the identity, which may be of thousands of columns.
    private readonly double[]? sums;

    public SecondMoments(int columns)
        : this(columns, new double[(long)columns * columns])
    {
    }

    private SecondMoments(int columns, double[]? sums) => (this.columns, this.sums) = (columns, sums);

    public int Columns => columns;

    public double this[int row, int column] => sums is null ? (row == column ? 1 : 0) : sums[((long)row * columns) + column];

    /// <summary>H = identity: where nothing is known of x but that no column matters more than another.</summary>
    public static SecondMoments Identity(int columns) => new(columns, sums: null);

    public static SecondMoments Of(int columns, Func<int, int, double> element)
    {
        var moments = new SecondMoments(columns);
        for (var row = 0; row < columns; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                moments.sums![((long)row * columns) + column] = element(row, column);
            }
        }

        return moments;
    }

    /// <summary>Adds the vectors of a micro-batch, x[columns, samples]: all of its samples are there.</summary>
    public void Add<T>(T* x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var own = sums ?? throw new InvalidOperationException("What is the identity by assumption has not seen anything.");
        var values = new double[columns * MicroBatch.Samples];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = double.CreateTruncating(x[index]);
        }

        for (var row = 0; row < columns; row++)
        {
            var left = values.AsSpan(row * MicroBatch.Samples, MicroBatch.Samples);
            for (var column = 0; column <= row; column++)
            {
                var sum = Dot(left, values.AsSpan(column * MicroBatch.Samples, MicroBatch.Samples));
                own[((long)row * columns) + column] += sum;
                if (column < row)
                {
                    own[((long)column * columns) + row] += sum;
                }
            }
        }
    }

    /// <summary>V H V' of some rows of V: those of V x.</summary>
    public SecondMoments Through(float[] v, int first, int count)
    {
        var n = columns;
        var product = new double[count * n];
        for (var row = 0; row < count; row++)
        {
            for (var inner = 0; inner < n; inner++)
            {
                double weight = v[((first + row) * n) + inner];
                for (var column = 0; column < n; column++)
                {
                    product[(row * n) + column] += weight * this[inner, column];
                }
            }
        }

        return Of(count, (row, column) =>
        {
            var sum = 0.0;
            for (var inner = 0; inner < n; inner++)
            {
                sum += product[(row * n) + inner] * v[((first + column) * n) + inner];
            }

            return sum;
        });
    }

    /// <summary>e' H e.</summary>
    public double Square(ReadOnlySpan<double> error)
    {
        if (sums is null)
        {
            return Dot(error, error);
        }

        var sum = 0.0;
        for (var row = 0; row < columns; row++)
        {
            if (error[row] != 0)
            {
                sum += error[row] * Dot(error, sums.AsSpan(row * columns, columns));
            }
        }

        return sum;
    }

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var sum = Vector256<double>.Zero;
        var whole = left.Length - (left.Length % Vector256<double>.Count);
        for (var index = 0; index < whole; index += Vector256<double>.Count)
        {
            sum += Vector256.Create(left[index..]) * Vector256.Create(right[index..]);
        }

        var total = (sum[0] + sum[1]) + (sum[2] + sum[3]);
        for (var index = whole; index < left.Length; index++)
        {
            total += left[index] * right[index];
        }

        return total;
    }
}
