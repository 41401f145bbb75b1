using Fleet.Analysis.Ranking;
using Fleet.Domain.Devices;
using Fleet.Reports.Model;

namespace Fleet.Reports.Html.Sections;

/// <summary>Devices and conditions as people call them.</summary>
internal static class Names
{
    /// <summary>The mode, and what else was asked for.</summary>
    public static string Mode(RankingGroup condition) => Mode(condition.Mode) + Setting(condition);

    /// <summary>What else was asked for, to be put behind the mode; mostly nothing.</summary>
    public static string Setting(RankingGroup condition) => condition.Setting.Length == 0 ? "" : $", {condition.Setting}";

    public static string Mode(string mode) => mode switch
    {
        "window" => "Window mode: a whole sequence a call",
        "streaming" => "Streaming mode: one time step a call",
        _ => mode,
    };

    /// <summary>The device's own name, and its board where the name does not say it.</summary>
    public static string Device(ReportModel model, RankingGroup condition) =>
        DeviceOf(model, condition) is { } device && device.Name != condition.Board ? $"{device.Name} ({condition.Board})" : condition.Board;

    public static DeviceSummary? DeviceOf(ReportModel model, RankingGroup condition) =>
        model.Devices.FirstOrDefault(device => device.Device == condition.Device);
}
