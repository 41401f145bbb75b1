using System.Security.Cryptography;

namespace Fleet.Tasks.Packs;

/// <summary>A packed file in memory and the name that its content gives it.</summary>
/// <param name="Sha256">Lower-case hex.</param>
public sealed record PackedFile(byte[] Bytes, string Sha256)
{
    internal static PackedFile Of(byte[] bytes) => new(bytes, Convert.ToHexStringLower(SHA256.HashData(bytes)));
}

/// <summary>A task's data, ready to be sent: what trainers get and what agents get are two files.</summary>
/// <param name="Input">Features a time step; 1 where a step is a token.</param>
/// <param name="Steps">Time steps a sequence.</param>
/// <param name="Classes">Or tokens of the vocabulary.</param>
/// <param name="TrainingSamples">Sequences, or tokens.</param>
/// <param name="TestSamples">The same.</param>
public sealed record PackedTask(
    string Task, PackedFile Training, PackedFile Test, int Input, int Steps, int Classes, int TrainingSamples, int TestSamples)
{
    /// <summary>What was found, for people: "950 training and 475 test sequences of 128 steps x 9 features, 6 classes".</summary>
    public required string Summary { get; init; }
}
