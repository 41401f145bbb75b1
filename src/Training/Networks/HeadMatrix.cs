using System.Numerics;
using Fleet.Tasks.Numerics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Matrices;
using Fleet.Training.Quantisation;

namespace Fleet.Training.Networks;

/// <summary>
/// The head's weights, [outputs, columns], packed in blocks of rows: of a vocabulary's ten thousand rows, a block is multiplied
/// with several time steps while it is in the cache.
/// </summary>
internal sealed unsafe class HeadMatrix<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // A multiple of the rows of a panel, so that only the last block has a tail.
    private const int BlockRows = 32 * PackedMatrix<T>.TallPanel;

    private readonly PackedMatrix<T>[] forward;
    private readonly PackedMatrix<T>[] backward;

    public HeadMatrix(int outputs, int columns)
    {
        Outputs = outputs;
        Columns = columns;
        forward = [.. Enumerable.Range(0, Blocks).Select(block => new PackedMatrix<T>(Rows(block), columns))];
        backward = [.. Enumerable.Range(0, Blocks).Select(block => new PackedMatrix<T>(columns, Rows(block)))];
    }

    public int Outputs { get; }

    public int Columns { get; }

    /// <summary>Takes in what the head reads, while that is looked at; null else.</summary>
    public SecondMoments? Reads { get; set; }

    public int ParameterCount => checked(Outputs * Columns);

    public int Blocks => (Outputs + BlockRows - 1) / BlockRows;

    /// <summary>The first row of a block.</summary>
    public static int Start(int block) => block * BlockRows;

    public int Rows(int block) => Math.Min(BlockRows, Outputs - Start(block));

    /// <summary>[rows of the block, columns].</summary>
    public PackedMatrix<T> Forward(int block) => forward[block];

    /// <summary>[columns, rows of the block].</summary>
    public PackedMatrix<T> Backward(int block) => backward[block];

    /// <summary>First weights: orthogonal for few classes; uniform with variance 1 / (3 columns) for a vocabulary.</summary>
    public void Initialise(Span<double> parameters, Xoshiro256 random)
    {
        if (Blocks == 1)
        {
            Initialisation.Orthogonal(parameters, Outputs, Columns, random);
        }
        else
        {
            Initialisation.Uniform(parameters, 1.0 / (3 * Columns), random);
        }
    }

    /// <summary>Takes new weights.</summary>
    public void Load(T* parameters)
    {
        for (var block = 0; block < Blocks; block++)
        {
            var own = parameters + ((long)Start(block) * Columns);
            forward[block].Pack(own, Columns, 1);
            backward[block].Pack(own, 1, Columns);
        }
    }

    public void Dispose()
    {
        foreach (var packed in forward.Concat(backward))
        {
            packed.Dispose();
        }
    }
}
