using System.Text.Json.Serialization;
using Fleet.Domain.Text;

namespace Fleet.Domain.Campaigns;

[JsonConverter(typeof(WordConverter<CampaignEventKind>))]
public enum CampaignEventKind
{
    /// <summary>The campaign's own state is another.</summary>
    State,
    Variant,
    Session,
    Run,
    Note,
}
