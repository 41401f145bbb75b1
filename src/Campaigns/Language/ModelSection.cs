using Fleet.Campaigns.Language.Keys;
using Fleet.Domain.Artefacts;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Recipes;
using Fleet.Kernels.Methods;
using Fleet.Kernels.Structures;

namespace Fleet.Campaigns.Language;

/// <summary>What <c>model</c> says: the recurrent layers that all variants of a campaign have.</summary>
/// <param name="Cell">One of <see cref="CellNames.All"/>.</param>
/// <param name="Embedding">Width of the embedding of a task of tokens; null: as many as <paramref name="Hidden"/>.</param>
internal sealed record ModelSection(string Cell, int Hidden, int Layers, bool Bidirectional, int? Embedding)
{
    /// <summary>The model that is imported as the dense variant; null where that is trained here.</summary>
    public ModelImport? Import { get; private init; }

    /// <summary>What is bound as that model; null before.</summary>
    public ImportSettings? Imported { get; private init; }

    /// <summary>What the layers are like is not known before the imported model is bound.</summary>
    public bool IsOpen => Import is not null && Imported is null;

    /// <param name="readsTokens">The campaign's task is one of tokens.</param>
    /// <param name="bound">The model that the campaign imports; null as long as only the file is known.</param>
    public static ModelSection Read(SectionReader model, bool readsTokens, ImportedModel? bound)
    {
        var read = ImportReader.Read(model, readsTokens) is { } import ? Of(model, import, bound) : new ModelSection(
            model.Choice(ModelKeys.Cell),
            model.Integer(ModelKeys.Hidden),
            model.Integer(ModelKeys.Layers),
            model.Boolean(ModelKeys.Bidirectional),
            model.OptionalOfTokens(ModelKeys.Embedding, readsTokens));
        if (readsTokens && read.Bidirectional)
        {
            model.Problems.Add(
                model.PlaceOf(ModelKeys.Bidirectional), "A bidirectional model would read the tokens that it is to predict.", "Leave 'bidirectional' out.");
        }

        model.Finish("'model'");
        return read;
    }

    /// <summary>The layers under a method.</summary>
    /// <param name="input">Features a step.</param>
    /// <inheritdoc cref="LayerAllocator.Allocate"/>
    public IReadOnlyList<LayerStructure> Allocate(int input, ICellMethod method, double compression, IReadOnlyDictionary<string, string> arguments) =>
        LayerAllocator.Allocate(CellNames.Shape(Cell, input, Hidden), Layers, Bidirectional, method, compression, arguments);

    private static ModelSection Of(SectionReader model, ModelImport import, ImportedModel? bound)
    {
        foreach (var key in new Key[] { ModelKeys.Cell, ModelKeys.Hidden, ModelKeys.Layers, ModelKeys.Bidirectional, ModelKeys.Embedding })
        {
            if (model.Value(key) is { } value)
            {
                model.Problems.Add(value.At, $"'{key}' is what the imported model has.", "Remove it.");
            }
        }

        if (bound is null)
        {
            // So large that no parameter of a method is refused which the model itself would allow.
            return new ModelSection(CellShape.Lstm, ModelKeys.MaxHidden, 1, false, null) { Import = import };
        }

        foreach (var fault in Faults(bound))
        {
            model.Problems.Add(model.PlaceOf(ModelKeys.Import), $"The imported model cannot be compressed: {fault}");
        }

        return new ModelSection(
            CellNames.All.Contains(bound.Cell) ? bound.Cell : CellShape.Lstm,
            Math.Clamp(bound.Hidden, 1, ModelKeys.MaxHidden),
            Math.Clamp(bound.Layers, 1, ModelKeys.MaxLayers),
            bound.Bidirectional,
            bound.Embedding)
        {
            Import = import,
            Imported = new ImportSettings { Sha256 = bound.Sha256, Normalise = import.ByTask ? ImportSettings.ByTask : null },
        };
    }

    private static IEnumerable<string> Faults(ImportedModel bound)
    {
        if (!ArtefactName.IsValid(bound.Sha256))
        {
            yield return $"sha256 is '{bound.Sha256}', not 64 hexadecimal digits in lower case.";
        }

        if (!CellNames.All.Contains(bound.Cell))
        {
            yield return $"its cell is '{bound.Cell}', but must be {WordList.Or([.. CellNames.All])}.";
        }

        var sizes = new[]
        {
            ("units", bound.Hidden, ModelKeys.MaxHidden),
            ("layers", bound.Layers, ModelKeys.MaxLayers),
            ("values in its embedding", bound.Embedding ?? 1, ModelKeys.MaxWidth),
        };
        foreach (var (name, value, max) in sizes)
        {
            if (value < 1 || value > max)
            {
                yield return $"it has {value} {name}; a campaign takes 1 to {max}.";
            }
        }
    }
}
