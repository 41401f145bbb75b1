using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Domain.Measuring;

/// <summary>How a variant is run. Each axis that has not its default makes another run of it.</summary>
/// <remarks>
/// A new axis is a property with its default, and a line in <see cref="Axes"/>: file, names of runs, digests, messages to agents and rows follow. At its
/// default it is left out of all of them, so that no run of before is renamed.
/// </remarks>
public sealed record Condition(InferenceMode Mode, MeasuringPhase Phase, ClockPolicy Clock)
{
    private static readonly Axis[] Axes =
    [
        new(
            "cores",
            one => one.Cores == CoreChoice.Any ? null : one.Cores.ToString(),
            (one, text) => CoreChoice.TryParse(text, out var cores) ? one with { Cores = cores } : null),
    ];

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public CoreChoice Cores { get; init; }

    /// <summary>The names of the axes beyond mode, phase and clock.</summary>
    public static IReadOnlyList<string> FurtherAxes { get; } = [.. Axes.Select(axis => axis.Name)];

    /// <summary>The axes beyond mode, phase and clock that have not their default, by name.</summary>
    [JsonIgnore]
    public IReadOnlyList<KeyValuePair<string, string>> Further =>
        [.. Axes.Select(axis => KeyValuePair.Create(axis.Name, axis.Text(this)!)).Where(axis => axis.Value is not null)];

    /// <summary>The same with this value of the axis; null where there is no such axis, or it has no such value.</summary>
    public Condition? With(string axis, string text) => Axes.FirstOrDefault(known => known.Name == axis)?.Set(this, text);

    /// <param name="Text">Null at its default.</param>
    private sealed record Axis(string Name, Func<Condition, string?> Text, Func<Condition, string, Condition?> Set);
}

/// <summary>What a board has behind it when a block begins.</summary>
public enum MeasuringPhase
{
    /// <summary>It starts cool, and waits between rounds when it has become warmer.</summary>
    Burst,
}

/// <summary>What is done about the processor's clock.</summary>
public enum ClockPolicy
{
    /// <summary>The frequency governor is left alone.</summary>
    AsIs,

    /// <summary>The governor is set to performance while it is measured, and put back.</summary>
    Performance,
}

/// <summary>
/// Which core of a board a run is measured on: <c>any</c>, <c>big</c>, <c>little</c>, or a core's number. A board with two kinds of core has two speeds, and
/// a mixture of them is neither.
/// </summary>
[JsonConverter(typeof(CoreChoiceConverter))]
public readonly record struct CoreChoice
{
    /// <summary>The highest number that a campaign may ask for: a mask of glibc holds 1,024 cores.</summary>
    public const int MaxNumber = 1023;

    private const string AnyWord = "any";
    private const string BigWord = "big";
    private const string LittleWord = "little";

    // Null is "any", so that the default value is what is meant where nothing is said.
    private readonly string? word;

    private CoreChoice(string word) => this.word = word;

    public static CoreChoice Any => default;

    /// <summary>The kind of core with the greatest capacity.</summary>
    public static CoreChoice Big { get; } = new(BigWord);

    /// <summary>The kind of core with the least capacity.</summary>
    public static CoreChoice Little { get; } = new(LittleWord);

    /// <summary>Of a core that is named by its number; null elsewhere.</summary>
    public int? Number => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The forms that are read, for messages.</summary>
    public static string Forms => $"{AnyWord}, {BigWord}, {LittleWord} or the number of a core from 0 to {MaxNumber}";

    public static bool TryParse([NotNullWhen(true)] string? text, out CoreChoice choice)
    {
        choice = text switch
        {
            BigWord => Big,
            LittleWord => Little,
            _ when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MaxNumber =>
                new CoreChoice(number.ToString(CultureInfo.InvariantCulture)),
            _ => Any,
        };
        return choice != Any || text == AnyWord;
    }

    /// <summary>As files, messages and rows spell it.</summary>
    public override string ToString() => word ?? AnyWord;
}

/// <summary>A text in JSON.</summary>
public sealed class CoreChoiceConverter : JsonConverter<CoreChoice>
{
    public override CoreChoice Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && CoreChoice.TryParse(reader.GetString(), out var choice)
            ? choice
            : throw new JsonException($"Cores must be {CoreChoice.Forms}.");

    public override void Write(Utf8JsonWriter writer, CoreChoice value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
