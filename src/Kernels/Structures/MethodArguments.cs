using System.Globalization;

namespace Fleet.Kernels.Structures;

/// <summary>A method's argument is unknown or out of range; the message says which and what may be given.</summary>
public sealed class MethodArgumentException(string argument, string message) : ArgumentException(message)
{
    /// <summary>Name of the argument, as the recipe writes it.</summary>
    public string Argument { get; } = argument;
}

internal static class MethodArguments
{
    public static int Integer(IReadOnlyDictionary<string, string> arguments, MethodParameter parameter, int min, int max)
    {
        var text = arguments.GetValueOrDefault(parameter.Name, parameter.Default);
        return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
            ? value
            : throw Wrong(parameter, text, $"{min} to {max}");
    }

    public static int Choice(IReadOnlyDictionary<string, string> arguments, MethodParameter parameter, params ReadOnlySpan<int> choices)
    {
        var text = arguments.GetValueOrDefault(parameter.Name, parameter.Default);
        return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && choices.Contains(value)
            ? value
            : throw Wrong(parameter, text, parameter.Values);
    }

    public static bool Boolean(IReadOnlyDictionary<string, string> arguments, MethodParameter parameter)
    {
        var text = arguments.GetValueOrDefault(parameter.Name, parameter.Default);
        return bool.TryParse(text, out var value) ? value : throw Wrong(parameter, text, parameter.Values);
    }

    /// <summary>An argument of a stored structure, which has no default.</summary>
    public static int Required(IReadOnlyDictionary<string, string> arguments, string name, int min, int max) =>
        arguments.TryGetValue(name, out var text)
            && int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
            ? value
            : throw new MethodArgumentException(name, $"{name} is {(text is null ? "missing" : $"'{text}'")}, but must be {min} to {max}.");

    private static MethodArgumentException Wrong(MethodParameter parameter, string text, string values) =>
        new(parameter.Name, $"{parameter.Name} is '{text}', but must be {values} ({parameter.Description}).");
}
