using System.Text.Json.Serialization;
using Fleet.Domain.Text;

namespace Fleet.Domain.Explanations;

[JsonConverter(typeof(WordConverter<CauseKind>))]
public enum CauseKind
{
    Done,
    Paused,
    Cancelled,
    Failed,
    NothingRanked,
    RunFailed,
    Training,
    TrainingQueued,
    TrainingWaits,
    TrainingFailed,
    NoDevice,
    DeviceSilent,
    DeviceLeft,
    SameIdentity,
    DeviceBusy,
    DeviceMeasures,
    DeviceWaits,
}
