using Fleet.Kernels.Models;

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
}

/// <summary>What is wrong with a stored tensor.</summary>
/// <param name="Tensor">Its name within the matrix.</param>
public sealed record TensorFault(string Tensor, string Cause);

/// <summary>Every weight is free.</summary>
public sealed record DenseStructure(int Gates, int Rows, int Columns) : MatrixStructure(Gates, Rows, Columns)
{
    public const string Name = "dense";

    public override string Method => Name;

    public override long Parameters => (long)Gates * Rows * Columns;

    public override long Macs => Parameters;

    /// <summary>weight[gates * rows, columns].</summary>
    public override IReadOnlyList<TensorSpec> Tensors => [new("weight", ElementType.F32, Gates * Rows, Columns)];

    public override IReadOnlyDictionary<string, string> Arguments => new Dictionary<string, string>();
}
