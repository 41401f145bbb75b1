using Fleet.Kernels.Matrices;
using Fleet.Kernels.Models;
using Fleet.Kernels.Simd;

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

    /// <summary>The parameters that describe this form, by name: <c>r</c>, <c>k</c>, <c>d</c>, <c>sparsity</c>.</summary>
    public abstract IReadOnlyDictionary<string, string> Arguments { get; }

    /// <summary>What is wrong with the stored tensors beyond their types and shapes, which are those of <see cref="Tensors"/>; null if nothing.</summary>
    /// <param name="tensor">Gives a tensor by its name within the matrix.</param>
    public virtual TensorFault? FindFault(Func<string, Tensor> tensor) => null;

    /// <summary>The form that is run, for one vector width.</summary>
    /// <param name="tensor">Gives a tensor by its name within the matrix.</param>
    internal abstract WeightMatrix Pack<V>(Func<string, Tensor> tensor)
        where V : unmanaged, IVector<V>;
}

/// <summary>What is wrong with a stored tensor.</summary>
/// <param name="Tensor">Its name within the matrix.</param>
public sealed record TensorFault(string Tensor, string Cause);
