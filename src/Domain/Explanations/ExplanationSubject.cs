using System.Text.Json.Serialization;
using Fleet.Domain.Text;

namespace Fleet.Domain.Explanations;

/// <summary>What can be explained.</summary>
[JsonConverter(typeof(WordConverter<ExplanationSubject>))]
public enum ExplanationSubject
{
    Campaign,
    Device,
    Run,
}
