using System.Text.Json.Serialization;
using Fleet.Domain.Text;

namespace Fleet.Domain.Jobs;

[JsonConverter(typeof(WordConverter<TrainingEventKind>))]
public enum TrainingEventKind
{
    /// <summary>Comes again when the machine was waited for and is had.</summary>
    Started,

    /// <summary>For the machine.</summary>
    Waiting,
    Epoch,

    /// <summary>The training begins anew at a smaller learning rate.</summary>
    Diverged,
    Done,
    Failed,
}
