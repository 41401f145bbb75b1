using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures.Products;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Structures;

/// <summary>
/// The form of the weights of all gates that read one vector: <paramref name="Gates"/> matrices of
/// <paramref name="Rows"/> x <paramref name="Columns"/>, stacked gate by gate; y = W x.
/// </summary>
/// <param name="Gates">As many as the cell has: see <see cref="CellShape"/>.</param>
/// <param name="Rows">Outputs of one gate, the hidden size.</param>
/// <param name="Columns">Inputs: features, or the hidden size for the recurrent matrix.</param>
public abstract record MatrixStructure(int Gates, int Rows, int Columns)
{
    /// <summary>The method's name as campaign files and result rows write it.</summary>
    public abstract string Method { get; }

    /// <summary>Weights stored (indices are not parameters).</summary>
    public abstract long Parameters { get; }

    /// <summary>Multiply-accumulates of one product W x.</summary>
    public abstract long Macs { get; }

    /// <summary>How the weights are stored, in order. Names are relative to the matrix: <c>input.</c> or <c>recurrent.</c>.</summary>
    public abstract IReadOnlyList<TensorSpec> Tensors { get; }

    /// <summary>
    /// How the weights are stored in int8: each tensor of <see cref="Tensors"/> that holds floats as bytes of the same shape, and
    /// the scales of its rows under <see cref="TensorSpec.ScaleName"/>.
    /// </summary>
    public IEnumerable<TensorSpec> Int8Tensors => Tensors.SelectMany(spec => spec.Type == ElementType.F32
        ? [spec with { Type = ElementType.I8 }, new(TensorSpec.ScaleName(spec.Name), ElementType.F32, ScaleShape(spec))]
        : (TensorSpec[])[spec]);

    /// <summary>The parameters that describe this form, by name: <c>r</c>, <c>k</c>, <c>d</c>, <c>sparsity</c>.</summary>
    public abstract IReadOnlyDictionary<string, string> Arguments { get; }

    /// <summary>Shape of the scales of a tensor in int8: one for each of its rows.</summary>
    public virtual IReadOnlyList<int> ScaleShape(TensorSpec spec) => [.. spec.Shape.SkipLast(1)];

    /// <summary>Which scale each element of a tensor has in int8.</summary>
    /// <param name="tensor">Gives a tensor that is no weight, by its name within the matrix.</param>
    public virtual Func<int, int> ScaleIndex(TensorSpec spec, Func<string, Tensor> tensor)
    {
        var length = spec.Shape[^1];
        return element => element / length;
    }

    /// <summary>What is wrong with the stored tensors beyond their types and shapes, which are those of <see cref="Tensors"/>; null if nothing.</summary>
    /// <param name="tensor">Gives a tensor by its name within the matrix.</param>
    public virtual TensorFault? FindFault(Func<string, Tensor> tensor) => null;

    /// <summary>y = W x, put together from operations with the stored tensors: what is written as ONNX, and read back from it.</summary>
    /// <param name="x">Vectors of <see cref="Columns"/>.</param>
    /// <returns>Vectors of the rows of all gates.</returns>
    public abstract T Product<T>(IProductOperations<T> operations, T x);

    /// <summary>The form that is run, for one vector width.</summary>
    /// <param name="tensor">Gives a tensor by its name within the matrix.</param>
    internal abstract WeightMatrix Pack<V>(Func<string, Tensor> tensor)
        where V : unmanaged, IVector<V>;

    /// <summary>The same in int8.</summary>
    /// <typeparam name="V">What the cell works with.</typeparam>
    /// <typeparam name="D">What multiplies bytes; no wider.</typeparam>
    internal abstract WeightMatrix PackInt8<V, D>(Int8Tensors tensors)
        where V : unmanaged, IVector<V>
        where D : unmanaged, IDotVector<D>;

    /// <summary>Rows of one gate, of a matrix that is multiplied as a part of this one.</summary>
    private protected static Int8DenseMatrix<D> Stacked<V, D>(int rows, int columns, ReadOnlySpan<sbyte> weights, ReadOnlySpan<float> scales)
        where V : unmanaged, IVector<V>
        where D : unmanaged, IDotVector<D> =>
        new(new UnitOrder(1, rows, V.Lanes), columns, weights, scales);
}
