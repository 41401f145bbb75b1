using System.Security.Cryptography;
using Fleet.Cli.Http;
using Fleet.Cli.Models;
using Fleet.Cli.Terminals;
using Fleet.Cli.Views;
using Fleet.Interchange;
using Fleet.Interchange.PyTorch;
using Fleet.Kernels.Models;
using Fleet.Protocol;
using Fleet.Protocol.Api;

namespace Fleet.Cli.Campaigns;

/// <summary>Imports the model that a campaign compresses and brings it to the silo, if it is not there yet.</summary>
/// <param name="campaign">Path of the campaign file, to whose folder that of the model is relative.</param>
internal sealed class ModelSender(SiloClient client, string campaign, Output output)
{
    /// <exception cref="CommandFailedException">The file is no model, or not one for the task; the message names all that differs.</exception>
    public async Task<ImportedModel> SendAsync(ModelImport import, TaskData data, CancellationToken cancel)
    {
        var path = Path.Combine(Path.GetDirectoryName(campaign) ?? "", import.File);
        output.Progress($"Importing {path} ...");
        var readsTokens = KnownTasks.Find(data.Task)?.ReadsTokens ?? false;
        var hints = new StateDictHints(import.Nonlinearity, PerStep: readsTokens, import.Head, import.Embedding);
        var read = await Task.Run(() => ModelFiles.Guard(() => ModelExchange.Read(path, hints)), cancel).WaitAsync(cancel).ConfigureAwait(false);
        Check(path, import, data, CampaignModel.Misfits(read.Document, import, data, readsTokens));
        foreach (var part in read.LeftOut)
        {
            output.Progress($"Left out: {part}");
        }

        var model = CampaignModel.Bare(read.Document, import, read.Document.Metadata.Source ?? "fleet");
        using var stream = new MemoryStream();
        ModelFile.Write(stream, model);
        var bytes = stream.ToArray();
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (!await client.HasArtefactAsync(sha256, cancel).ConfigureAwait(false))
        {
            await client.PutArtefactAsync(sha256, bytes, new Progress<long>(), cancel).ConfigureAwait(false);
        }

        output.Progress($"Imported: {Quantity.Count(model.Structure.Parameters)} parameters.");
        return CampaignModel.Describe(model.Structure, sha256);
    }

    private void Check(string path, ModelImport import, TaskData data, IEnumerable<string> misfits)
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
