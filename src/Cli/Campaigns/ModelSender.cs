using System.Security.Cryptography;
using Fleet.Cli.Failures;
using Fleet.Cli.Http;
using Fleet.Cli.Models;
using Fleet.Cli.Terminals;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Tasks;
using Fleet.Interchange;
using Fleet.Interchange.PyTorch;
using Fleet.Kernels.Models;
using Fleet.Os.Processes;
using Fleet.Reports.Quantities;

namespace Fleet.Cli.Campaigns;

/// <summary>Imports the model that a campaign compresses and brings it to the silo, if it is not there yet.</summary>
/// <param name="campaign">Path of the campaign file, to whose folder that of the model is relative.</param>
internal sealed class ModelSender(SiloClient client, string campaign, Output output)
{
    /// <exception cref="CommandFailedException">The file is no model, or not one for the task; the message names all that differs.</exception>
    public async Task<ImportedModel> SendAsync(ModelImport import, TaskData data, CancellationToken cancel)
    {
        var (model, bytes) = await ImportAsync(campaign, import, data, output, cancel).ConfigureAwait(false);
        if (!await client.HasArtefactAsync(model.Sha256, cancel).ConfigureAwait(false))
        {
            await client.PutArtefactAsync(model.Sha256, bytes, new Progress<long>(), cancel).ConfigureAwait(false);
        }

        return model;
    }

    /// <param name="campaign">Path of the campaign file.</param>
    /// <returns>What the model is, and the bytes of its file.</returns>
    /// <inheritdoc cref="SendAsync" path="/exception"/>
    public static async Task<(ImportedModel Model, byte[] Bytes)> ImportAsync(
        string campaign, ModelImport import, TaskData data, Output output, CancellationToken cancel)
    {
        var path = Path.Combine(Path.GetDirectoryName(campaign) ?? "", import.File);
        output.Progress($"Importing {path} ...");
        var readsTokens = KnownTasks.Find(data.Task)?.ReadsTokens ?? false;
        var hints = new StateDictHints(import.Nonlinearity, PerStep: readsTokens, import.Head, import.Embedding);
        var read = await Task.Run(() => ModelFiles.Guard(() => ModelExchange.Read(path, hints)), cancel).WaitAsync(cancel).ConfigureAwait(false);
        Check(campaign, path, import, data, CampaignModel.Misfits(read.Document, import, data, readsTokens));
        foreach (var part in read.LeftOut)
        {
            output.Progress($"Left out: {part}");
        }

        var model = CampaignModel.Bare(read.Document, import, read.Document.Metadata.Source ?? "fleet");
        using var stream = new MemoryStream();
        ModelFile.Write(stream, model);
        var bytes = stream.ToArray();
        output.Progress($"Imported: {Quantity.Count(model.Structure.Parameters)} parameters.");
        return (CampaignModel.Describe(model.Structure, Convert.ToHexStringLower(SHA256.HashData(bytes))), bytes);
    }

    private static void Check(string campaign, string path, ModelImport import, TaskData data, IEnumerable<string> misfits)
    {
        var problems = misfits.Select(misfit => new FileProblem { Source = campaign, Message = $"{import.File}: {misfit}" }).ToArray();
        if (problems.Length > 0)
        {
            throw new CommandFailedException(ExitCodes.Usage, $"{path} is no model to compress for {data.Task}.", $"See what it is: fleet model show {path}")
            {
                Problems = problems,
            };
        }
    }
}
