using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Domain.Reasons;

/// <summary>
/// <c>{"code", "count", "total", "detail"}</c>. Version 0.1.0 wrote a reason as a string: rows and measurements of that time are read too.
/// </summary>
public sealed class ReasonConverter : JsonConverter<Reason>
{
    // A null in a list of reasons is no reason.
    public override bool HandleNull => true;

    public override Reason Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return FormerReason.Recognise(reader.GetString()!);
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A reason is an object with a code.");
        }

        string? code = null, detail = null;
        int? count = null, total = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "code":
                    code = Text(ref reader);
                    break;
                case "count":
                    count = Number(ref reader);
                    break;
                case "total":
                    total = Number(ref reader);
                    break;
                case "detail":
                    detail = Text(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return string.IsNullOrEmpty(code) ? throw new JsonException("A reason has no code.") : new Reason(code, count, total, detail);
    }

    public override void Write(Utf8JsonWriter writer, Reason value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("code", value.Code);
        Write(writer, "count", value.Count);
        Write(writer, "total", value.Total);
        writer.WriteString("detail", value.Detail);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, int? number)
    {
        if (number is { } known)
        {
            writer.WriteNumber(name, known);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static string? Text(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String => reader.GetString(),
        _ => throw new JsonException("A reason's code and detail are strings."),
    };

    private static int? Number(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.Number when reader.TryGetInt32(out var number) => number,
        _ => throw new JsonException("A reason's count and total are whole numbers."),
    };
}
