using Fleet.Protocol;
using Fleet.Protocol.V1;

namespace Fleet.Silo.Gateway;

/// <summary>May this agent come in?</summary>
internal static class HelloCheck
{
    private const int LongestText = 256;
    private const int MostTags = 64;

    /// <summary>Why not, in words for the person at the board; null if it may.</summary>
    public static string? Refuse(Hello hello)
    {
        if (hello.ProtocolVersion != ProtocolVersion.Current)
        {
            var older = hello.ProtocolVersion < ProtocolVersion.Current ? "agent" : "silo";
            return $"The agent speaks protocol {hello.ProtocolVersion}, this silo speaks {ProtocolVersion.Current}: upgrade the {older}.";
        }

        if (!Guid.TryParseExact(hello.Device, "D", out _))
        {
            return "The agent's identity is not a UUID.";
        }

        if (hello.Board is not { } board)
        {
            return "The agent did not say what board it runs on.";
        }

        if (hello.Tags.Count > MostTags)
        {
            return $"The agent has {hello.Tags.Count} tags; at most {MostTags} are taken.";
        }

        var texts = new[] { hello.Name, hello.AgentVersion, board.Model, board.Arch, board.Isa, board.Os, board.Kernel, board.Runtime, board.Machine };
        return texts.Concat(hello.Tags.Keys).Concat(hello.Tags.Values).Any(text => text.Length > LongestText || text.Any(char.IsControl))
            ? $"One of the agent's names or tags is longer than {LongestText} letters, or has a control character in it."
            : hello.Name.Length == 0 || board.Arch.Length == 0
                ? "The agent gave no name or no architecture."
                : null;
    }
}
