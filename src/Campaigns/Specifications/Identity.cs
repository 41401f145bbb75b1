using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Domain.Text;
using Fleet.Domain.Measuring;
using Fleet.Domain.Json;
using Fleet.Domain.Recipes;
using Fleet.Kernels;
using Fleet.Kernels.Structures;

namespace Fleet.Campaigns.Specifications;

/// <summary>Names that follow from contents, so that the same thing is found again after any crash.</summary>
public static class Identity
{
    private const int VariantDigits = 32;
    private const int RunDigits = 24;

    /// <summary>Hash of all that decides a variant's weights: task, training data, recipe, seed, and the arithmetic's version.</summary>
    /// <param name="dense">The key of the variant that it learns from, the dense one or its like in fp32; null where it learns from none.</param>
    public static string Variant(string task, string trainingSha256, Recipe recipe, long seed, string? dense = null)
    {
        var content = new JsonObject
        {
            ["task"] = task,
            ["training_data"] = trainingSha256,
            ["recipe"] = JsonSerializer.SerializeToNode(recipe, DomainJson.Default.Recipe),
            ["seed"] = seed,
            ["numerics"] = NumericsVersion.Current,
        };
        if (recipe.Training.Patience is not null)
        {
            // Which epoch early stopping takes was changed once; no other recipe's weights were.
            content["early_stopping"] = 2;
        }

        if (recipe.Cell == CellShape.FastGrnn)
        {
            // With which of an earlier epoch's zeta and nu a model is written was changed once.
            content["fastgrnn_scalars"] = 2;
        }

        if (dense is not null)
        {
            content["dense"] = dense;
        }

        return CanonicalJson.Hash(content, VariantDigits);
    }

    /// <summary>One (campaign, variant, device, condition, replicate).</summary>
    public static string Run(string campaign, string variant, string device, Condition condition, int replicate)
    {
        var content = new JsonObject
        {
            ["campaign"] = campaign,
            ["variant"] = variant,
            ["device"] = device,
            ["mode"] = condition.Mode.Word(),
            ["phase"] = condition.Phase.Word(),
            ["clock"] = condition.Clock.Word(),
            ["replicate"] = replicate,
        };
        foreach (var (axis, value) in condition.Further)
        {
            content[axis] = value;
        }

        return CanonicalJson.Hash(content, RunDigits);
    }

    /// <summary>A campaign's name and what tells it from others of that name.</summary>
    public static string Campaign(string name, string digest, DateTimeOffset createdAt) =>
        $"{name}-{CanonicalJson.Hash(new JsonArray(digest, createdAt.UtcTicks), 6)}";

    /// <summary>A device's session; the epoch only grows, so no two are alike.</summary>
    public static string Session(string device, ulong epoch) =>
        string.Create(CultureInfo.InvariantCulture, $"{CanonicalJson.Hash(JsonValue.Create(device), 8)}-{epoch}");

    /// <summary>Orders a session's rounds: as good as random, and the same whenever it is computed.</summary>
    public static ulong Seed(string campaign, string session) =>
        ulong.Parse(CanonicalJson.Hash(new JsonArray(campaign, session), 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
