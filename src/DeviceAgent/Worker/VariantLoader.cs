using System.Security.Cryptography;
using Fleet.Kernels.Models;
using Fleet.Measurement.Models;

namespace Fleet.DeviceAgent.Worker;

/// <summary>Loads a variant for the session, each time anew from its file, whose bytes must be those leased.</summary>
internal sealed class VariantLoader(WorkerVariant variant, TestInputs test)
{
    private ExpectedOutputs? expected;

    /// <exception cref="FormatException">The file is damaged, or is no model for this test set.</exception>
    public IMeasuredModel Load()
    {
        var bytes = ReadChecked(variant.Model, $"model of {variant.Name}");
        var document = ModelFile.Read(bytes, $"model of {variant.Name} ({variant.Model.Sha256})");
        CheckFits(document);
        expected ??= new ExpectedOutputs(document, test);
        return new FleetModel(document, bytes.Length, test, expected, evaluate: variant.Runs.Count > 0);
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

    private void CheckFits(ModelDocument model)
    {
        if (model.Metadata.Task != test.Metadata.Task)
        {
            throw new FormatException($"the model is for task {model.Metadata.Task}, but the test set is of {test.Metadata.Task}.");
        }

        if (test.FindMisfit(model) is { } misfit)
        {
            throw new FormatException(misfit);
        }
    }
}
