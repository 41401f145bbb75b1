namespace Fleet.Domain.Campaigns;

/// <summary>What a campaign file says of a model that was trained elsewhere.</summary>
public sealed record ModelImport
{
    /// <summary>As the campaign file has it: ONNX, or safetensors with a PyTorch state dict or of Fleet.</summary>
    public required string File { get; init; }
    /// <summary>Of a PyTorch RNN: tanh or relu.</summary>
    public string? Nonlinearity { get; init; }
    /// <summary>Of a PyTorch state dict: name of the linear layer, where several could be it.</summary>
    public string? Head { get; init; }
    /// <summary>Of a PyTorch state dict: name of the embedding, where several could be it.</summary>
    public string? Embedding { get; init; }
    /// <summary>The features are to be normalised over the task's training samples, which the file must not do itself.</summary>
    public bool ByTask { get; init; }
    /// <summary>Mean of each feature where the model was trained, which is taken off; null where nothing was.</summary>
    public IReadOnlyList<double>? Mean { get; init; }
    /// <summary>Of each feature, what it was divided by then.</summary>
    public IReadOnlyList<double>? Deviation { get; init; }
}

/// <summary>A model that was trained elsewhere, by the hash of its file of Fleet, and what it is.</summary>
public sealed record ImportedModel
{
    public required string Sha256 { get; init; }
    /// <summary>As in recipes.</summary>
    public required string Cell { get; init; }
    public required int Hidden { get; init; }
    public required int Layers { get; init; }
    public required bool Bidirectional { get; init; }
    /// <summary>Width of the embedding; null where it reads features.</summary>
    public int? Embedding { get; init; }
}
