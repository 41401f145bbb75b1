using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Fleet.Domain.Recipes;

/// <summary>What a variant is made of: method, parameters, precision and training settings. Part of the variant's identity.</summary>
public sealed record Recipe
{
    /// <summary>lstm | gru | gru-reset-before | rnn | rnn-relu | fastgrnn</summary>
    public required string Cell { get; init; }
    public required int Hidden { get; init; }
    /// <summary>Recurrent layers one upon the other; null stands for one, which is written as null: see <see cref="LayerCount"/>.</summary>
    /// <remarks>What has its usual value is left out, as in all settings that came later, so that the keys of variants without it stay what they
    /// were.</remarks>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Layers { get; init => field = value == 1 ? null : value; }
    [JsonIgnore]
    public int LayerCount => Layers ?? 1;
    /// <summary>Each layer reads the sequence from both ends.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Bidirectional { get; init; }
    /// <summary>Of a task of tokens: width of the embedding; null: as many as <see cref="Hidden"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Embedding { get; init; }
    /// <summary>As campaign files name it: dense, small, or a way to structure the weights.</summary>
    public required string Method { get; init; }
    /// <summary>Asked compression factor over the cell's weights; 1 for dense.</summary>
    public required double Compression { get; init; }
    /// <summary>The method's own parameters, by name (<c>k</c>, <c>shared</c>, <c>input</c>), only those that were given.</summary>
    public ImmutableSortedDictionary<string, string> MethodParameters { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
    /// <summary>One of <see cref="Precisions.All"/>.</summary>
    public string Precision { get; init; } = Precisions.Fp32;
    /// <summary>
    /// Of int8: <see cref="Quantisations.Aware"/>, where training itself counts with quantised weights and activations; null:
    /// <see cref="Quantisations.After"/>, which is written as null.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Quantisation { get; init => field = value == Quantisations.After ? null : value; }
    public required TrainingSettings Training { get; init; }
    /// <summary>
    /// What the weights begin as: <c>dense</c>, those of the campaign's dense variant of the same seed, compressed; <c>fp32</c>, those
    /// of the fp32 variant of the same form; null for random ones.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? From { get; init; }
    /// <summary>How much is learnt from what the dense variant answers; null where only the labels teach.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DistillationSettings? Distil { get; init; }
    /// <summary>Of a campaign's dense variant that was trained elsewhere: the model that it is, as it is; null where it is trained here.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImportSettings? Import { get; init; }
    /// <summary>No training of its own: the trained model of the same recipe in fp32 is quantised.</summary>
    [JsonIgnore]
    public bool QuantisesTrained => Precision == Precisions.Int8 && Quantisation is null;
    /// <summary>The trained fp32 model of the same form decides the weights, too.</summary>
    [JsonIgnore]
    public bool NeedsFp32 => QuantisesTrained || From == Precisions.Fp32;
    /// <summary>The trained dense model decides the weights, too.</summary>
    [JsonIgnore]
    public bool NeedsDense => !NeedsFp32 && (From is not null || Distil is not null);
    /// <summary>A model that is there already decides the weights, too.</summary>
    [JsonIgnore]
    public bool NeedsModel => NeedsDense || NeedsFp32 || Import is not null;
}

/// <summary>A model that was trained elsewhere, and how it is fed.</summary>
public sealed record ImportSettings
{
    /// <summary>Value of <see cref="Normalise"/>: each feature is brought to mean 0 and variance 1 over the samples that are trained on.</summary>
    public const string ByTask = "task";

    /// <summary>Of the model, as a file of Fleet.</summary>
    public required string Sha256 { get; init; }
    /// <summary><see cref="ByTask"/>; null: the model reads the data's features as they come, or normalises them itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Normalise { get; init; }
}
