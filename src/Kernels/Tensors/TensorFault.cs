namespace Fleet.Kernels.Tensors;

/// <summary>What is wrong with a stored tensor.</summary>
/// <param name="Tensor">Its name within the matrix.</param>
public sealed record TensorFault(string Tensor, string Cause);
