using System.Security.Cryptography;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Measurement.Sessions;
using Fleet.Tasks.Packs;

namespace Fleet.DeviceAgent.Worker;

/// <summary>Loads a variant for the session, each time anew from its file, whose bytes must be those leased.</summary>
internal sealed class VariantLoader(WorkerVariant variant, PackedSet test, TestWindows windows)
{
    private ExpectedOutputs? expected;

    /// <exception cref="FormatException">The file is damaged, or is no model for this test set.</exception>
    public IMeasuredModel Load()
    {
        var bytes = ReadChecked(variant.Model, $"model of {variant.Name}");
        var document = ModelFile.Read(bytes, $"model of {variant.Name} ({variant.Model.Sha256})");
        CheckFits(document.Metadata, document.Structure);
        expected ??= new ExpectedOutputs(document, windows);
        return new FleetModel(document, bytes.Length, test, windows, expected, evaluate: variant.Runs.Count > 0);
    }

    /// <summary>The bytes of a file, if they are the ones that its hash says.</summary>
    /// <exception cref="FormatException">They are others.</exception>
    public static byte[] ReadChecked(WorkerFile file, string what)
    {
        var bytes = File.ReadAllBytes(file.Path);
        var found = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return found == file.Sha256
            ? bytes
            : throw new FormatException($"{what}: {file.Path} does not hold what was leased: its SHA-256 is {found}, not {file.Sha256}.");
    }

    private void CheckFits(ModelMetadata model, ModelStructure structure)
    {
        if (model.Task != test.Metadata.Task)
        {
            throw new FormatException($"the model is for task {model.Task}, but the test set is of {test.Metadata.Task}.");
        }

        if (structure.Embedding is not null)
        {
            throw new FormatException($"the model reads tokens, but the test set has {test.Data.Features} features a step.");
        }

        if (structure.Features != test.Data.Features)
        {
            throw new FormatException($"the model reads {structure.Features} features a step, but the test set has {test.Data.Features}.");
        }

        if (!model.Labels.SequenceEqual(test.Metadata.Labels))
        {
            throw new FormatException($"the model's classes ({string.Join(", ", model.Labels)}) are not those of the test set ({string.Join(", ", test.Metadata.Labels)}).");
        }
    }
}
