using Fleet.Analysis.Comparing;
using Fleet.Domain.Devices;
using Fleet.Domain.Measuring;
using Fleet.Domain.Results;
using Fleet.Domain.Tasks;
using Fleet.Reports.Html.Writing;
using Fleet.Reports.Model;

namespace Fleet.Reports.Html.Sections;

/// <summary>How the numbers came about: settings, machines, and what each condition took.</summary>
internal static class MethodSection
{
    private const string Stream = "over the test stream, the state carried from its first token to its last;"
        + " its interval is a t interval over the means of 30 contiguous blocks";

    public static Markup Of(ReportModel model, IReadOnlyList<ConditionRuns> conditions)
    {
        var measurements = conditions.SelectMany(condition => condition.Measurements.Select(measurement => (condition.Condition, measurement))).ToList();
        var seeds = measurements.Select(one => Numbers.Plain(one.measurement.Seed));
        var pins = from one in measurements
                   let pin = one.measurement.Pin
                   where pin is not null
                   select $"{Names.Device(model, one.Condition)}: {Pin(pin)}";
        return Markup.Of(
            $"""
            <section>
            <h2>How it was measured</h2>
            <p>Variants ran side by side, in a process of its own on each device, while no other measuring or training ran on the machine (one lock a machine).
            A round is a random order of all variants followed by its mirror, so that drift hits all alike; the ratio to {model.Reference} comes from the
            rounds' paired ratios, with a t interval over the rounds. Rounds end on the width of the intervals, never on significance. {Evaluation(model)}</p>
            <dl>
            {Term("Imported", Imported(model))}
            {Term("Stop at",
                $"ratio intervals {Numbers.Setting(100 * model.Protocol.RatioWidth, "%")} wide, looked at after {model.Protocol.MinRounds} rounds"
                + $" and then at preset counts up to {model.Protocol.MaxRounds}")}
            {Term("Limits",
                $"{Numbers.Setting(model.Protocol.TimeLimit.TotalSeconds, "s")} a condition;"
                + $" blocks of {Numbers.Setting(model.Protocol.BlockDuration.TotalMilliseconds, "ms")}")}
            {Term("Thermal gate",
                $"within {Numbers.Setting(model.Protocol.GateCelsius, "°C")} of the start,"
                + $" waiting up to {Numbers.Setting(model.Protocol.GateLimit.TotalSeconds, "s")} a condition")}
            {Term("Invalid blocks", $"measured again up to {Numbers.Count(model.Protocol.InvalidRetries, "time", "times")}")}
            {Term("Verdicts",
                $"of speed: same, where the 90 % interval of the ratio lies within 2 % of 1; faster or slower, where the 95 % interval leaves out 1. Of the"
                + " metric, paired by seed: no loss, where the 90 % interval lies above a loss of"
                + $" {Numbers.Difference(TaskMetric.Accuracy, MetricVerdict.AccuracyMargin).TrimStart('+')} of accuracy or"
                + $" {Numbers.Fixed(MetricVerdict.NatsMargin, 2)}"
                + " nats; loss, where it lies below. Best: every other variant with a latency is slower or worse by 95 % intervals;"
                + " not told apart: the intervals allow that another is as good in both")}
            {Term("Measuring thread", string.Join("; ", pins.Distinct()))}
            {Term("Order seeds", string.Join(", ", seeds.Distinct()))}
            </dl>
            {Machines(model)}{Conditions(model, conditions)}</section>

            """);
    }

    private static string Evaluation(ReportModel model) => string.Join(
        ' ', model.Table.Rows.Select(row => TaskMetric.Of(row.Row.Metric)).Distinct().Select(metric =>
        $"{metric.Title} was measured on the device, by the kernels that were timed, {(metric == TaskMetric.Nats ? Stream : "on the test set")}."));

    // A variant that is no training of this fleet, but what others began as or learnt from.
    private static string Imported(ReportModel model) => string.Join("; ", model.Table.Rows.Select(row => row.Row)
        .Where(row => row.MethodParameters.ContainsKey("import"))
        .Select(row => $"{row.VariantName} was trained elsewhere and measured as it is (SHA-256 {row.MethodParameters["import"]}...)")
        .Distinct());

    private static Markup Term(string name, string text) => text.Length == 0 ? Markup.Empty : Markup.Of($"<div><dt>{name}</dt><dd>{text}</dd></div>");

    private static string Pin(PinResult pin)
    {
        string core = pin.Core is { } number ? $"on core {Numbers.Count(number)}{(pin.Isolated ? ", isolated" : "")}" : "not pinned";
        return pin.RaisedPriority ? $"{core}, raised priority" : core;
    }

    private static Markup Machines(ReportModel model)
    {
        ResultRow[] devices = [.. model.Table.Rows.Select(row => row.Row).DistinctBy(row => (row.Device, row.AgentVersion))];
        return devices.Length == 0 ? Markup.Empty : Markup.Of(
            $"""
            <h3>Machines</h3>
            <div class="scroll"><table>
            <thead><tr><th scope="col">Device</th><th scope="col">Board</th><th scope="col">Vectors</th><th scope="col" class="n">Cores</th>
            <th scope="col" class="n">Memory</th><th scope="col">System</th><th scope="col">Engine</th><th scope="col">Agent</th></tr></thead>
            <tbody>
            {Markup.Each(devices, row => Machine(row, model.Devices.FirstOrDefault(device => device.Device == row.Device)))}</tbody>
            </table></div>

            """);
    }

    private static Markup Machine(ResultRow row, DeviceSummary? device) => Markup.Of(
        $"""
        <tr><th scope="row">{device?.Name ?? row.Device}</th><td>{row.Board}{(row.Emulated ? " (emulated)" : "")}</td><td>{
            row.Arch}, {row.Isa}</td><td class="n">{device?.Cores.ToString() ?? Numbers.None}</td><td class="n">{
            (device is null ? Numbers.None : Numbers.Bytes(device.MemoryBytes))}</td><td>{
            device?.Os ?? Numbers.None}</td><td>{row.Engine}, {row.Runtime}</td><td>{row.AgentVersion}</td></tr>

        """);

    private static Markup Conditions(ReportModel model, IReadOnlyList<ConditionRuns> conditions) => conditions.Count == 0 ? Markup.Empty : Markup.Of(
        $"""
        <h3>Conditions</h3>
        <div class="scroll"><table>
        <thead><tr><th scope="col">Device, mode</th><th scope="col" class="n">Rounds</th><th scope="col">Ended by</th>
        <th scope="col" class="n">Inferences a sample</th><th scope="col">Governor</th><th scope="col" class="n">Temperature</th>
        <th scope="col" class="n">Lowest clock</th><th scope="col" class="n">CPU of others</th><th scope="col" class="n">Gate waited</th></tr></thead>
        <tbody>
        {Markup.Each(conditions, condition => ConditionRow(model, condition))}</tbody>
        </table></div>

        """);

    private static Markup ConditionRow(ReportModel model, ConditionRuns condition)
    {
        Block[] blocks = [.. condition.Blocks];
        double[] temperatures = [.. blocks.SelectMany(block => new[] { block.TemperatureBeforeCelsius, block.TemperatureAfterCelsius }).OfType<double>()];
        double[] clocks = [.. blocks.Select(block => block.ClockRatio).OfType<double>()];
        double[] others = [.. blocks.Select(block => block.OthersCpuShare).OfType<double>()];
        string heat = temperatures.Length == 0
            ? Numbers.None
            : $"{Numbers.Fixed(temperatures.Min(), 0)} to {Numbers.Fixed(temperatures.Max(), 0)} °C";
        string governors = string.Join(", ", blocks.Select(block => block.Governor).OfType<string>().Distinct());
        return Markup.Of(
            $"""
            <tr><th scope="row">{Names.Device(model, condition.Condition)}, {condition.Condition.Mode}{Names.Setting(condition.Condition)}</th><td class="n">{
                Span([.. condition.Measurements.Select(Rounds)])}</td><td>{
                string.Join(", ", condition.Measurements.Select(measurement => measurement.StoppedBy).Distinct())}</td><td class="n">{
                Span([.. condition.Measurements.Select(measurement => measurement.Latency.BatchSize).OfType<int>()])}</td><td>{
                (governors.Length == 0 ? Numbers.None : governors)}</td><td class="n">{
                heat}</td><td class="n">{
                (clocks.Length == 0 ? Numbers.None : Numbers.Share(clocks.Min(), 0))}</td><td class="n">{
                (others.Length == 0 ? Numbers.None : Numbers.Share(others.Average(), 0))}</td><td class="n">{
                Numbers.Fixed(blocks.Sum(block => block.GateWaitSeconds), 0)} s</td></tr>

            """);
    }

    private static int Rounds(RunMeasurement measurement) => measurement.Blocks.Select(block => block.Round).Distinct().Count();

    private static string Span(IReadOnlyList<int> values) =>
        values.Min() == values.Max() ? Numbers.Count(values[0]) : $"{Numbers.Count(values.Min())} to {Numbers.Count(values.Max())}";
}
