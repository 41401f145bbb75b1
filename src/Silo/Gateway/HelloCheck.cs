using Fleet.Domain.Text;
using Fleet.Protocol;
using Fleet.Protocol.V1;

namespace Fleet.Silo.Gateway;

/// <summary>May this agent come in?</summary>
internal static class HelloCheck
{
    private const int MaxTags = 64;
    private const int MaxCores = 1 << 16;
    private const long MaxMemoryBytes = 1L << 50;

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

        if (hello.Tags.Count > MaxTags)
        {
            return $"The agent has {hello.Tags.Count} tags; at most {MaxTags} are taken.";
        }

        if (board.Cores is < 0 or > MaxCores || board.MemoryBytes is < 0 or > MaxMemoryBytes)
        {
            return $"A board with {board.Cores} cores and {board.MemoryBytes} bytes of memory cannot be.";
        }

        string[] texts =
        [
            hello.Name, hello.AgentVersion, hello.Session, hello.Instance, board.Model,
            board.Arch, board.Isa, board.Os, board.Kernel, board.Runtime, board.Machine,
        ];
        return texts.Concat(hello.Tags.Keys).Concat(hello.Tags.Values).Any(text => !PlainText.IsPlain(text, PlainText.MaxName))
            ? $"One of the agent's names or tags is longer than {PlainText.MaxName} characters, or has characters in it that cannot be shown."
            : hello.Name.Length == 0 || board.Arch.Length == 0
                ? "The agent gave no name or no architecture."
                : null;
    }
}
