using System.CommandLine;
using System.CommandLine.Parsing;
using Fleet.DeviceAgent.Diagnostics;
using Fleet.DeviceAgent.Hosting;
using Fleet.DeviceAgent.Introduction;
using Fleet.DeviceAgent.State;
using Fleet.Os.Processes;

namespace Fleet.DeviceAgent.Commands;

/// <summary><c>fleet-agent run</c>: the agent itself.</summary>
internal static class RunCommand
{
    private static readonly Option<Uri> Silo = new("--silo")
    {
        Description = "The silo's address for agents, as http://127.0.0.1:5081.",
        CustomParser = SiloAddressOption.Parse,
        DefaultValueFactory = _ => SiloAddressOption.Default,
    };

    private static readonly Option<string?> State =
        StateOption.Create("Folder for identity, journal and cache. Default: $FLEET_STATE/agent, else the XDG state folder's fleet/agent.");

    private static readonly Option<string?> Token = TokenFileOption.Create();

    private static readonly Option<string?> Name = new("--name") { Description = "What people call this device. Default: the host's name." };

    private static readonly Option<Dictionary<string, string>> Tags = new("--tag")
    {
        Description = "key=value that campaigns can select devices by; may be given more than once.",
        CustomParser = ParseTags,
        DefaultValueFactory = _ => [],
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<int> CacheMebibytes = new("--cache")
    {
        Description = "MiB that models and test sets may take on the disk.",
        DefaultValueFactory = _ => 512,
    };

    private static readonly Option<bool> Child = new("--child") { Description = "Stop when standard input ends: for programs that start the agent." };

    public static Command Create()
    {
        CacheMebibytes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("--cache must be at least 1 (MiB).");
            }
        });
        var command = new Command("run", "Enrols this board with a silo and measures what it is given, until stopped.")
        {
            Silo, State, Token, Name, Tags, CacheMebibytes, Child,
        };
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        using var signals = new Signals(parsed.GetValue(Child));
        var log = new AgentLog(Console.Error, TimeProvider.System);
        try
        {
            var options = new AgentOptions
            {
                Silo = parsed.GetValue(Silo)!,
                StateFolder = StatePlace.OfAgent(parsed.GetValue(State)),
                TokenFile = TokenFileOption.Resolve(parsed.GetValue(Token)),
                Name = parsed.GetValue(Name) is { Length: > 0 } name ? name : Environment.MachineName,
                Tags = parsed.GetValue(Tags)!,
                CacheBytes = (long)parsed.GetValue(CacheMebibytes) << 20,
            };
            await using var agent = new Agent(options, TimeProvider.System, log);
            await agent.RunAsync(signals.Stop).ConfigureAwait(false);
            return signals.Interrupted ? ExitCodes.Interrupted : ExitCodes.Done;
        }
        catch (AgentException error)
        {
            await Console.Error.WriteLineAsync($"fleet-agent: {error.Message}").ConfigureAwait(false);
            return error.ExitCode;
        }
    }

    private static Dictionary<string, string> ParseTags(ArgumentResult result)
    {
        var tags = new Dictionary<string, string>();
        foreach (var token in result.Tokens)
        {
            var sign = token.Value.IndexOf('=', StringComparison.Ordinal);
            var (key, value) = sign > 0 ? (token.Value[..sign], token.Value[(sign + 1)..]) : ("", "");
            if (key.Length == 0 || value.Length == 0)
            {
                result.AddError($"--tag {token.Value}: a tag is key=value, as in --tag room=attic.");
            }
            else if (DeviceIntroduction.FoundTags.Contains(key))
            {
                result.AddError($"--tag {token.Value}: {key} is what the board says of itself and cannot be given.");
            }
            else
            {
                tags[key] = value;
            }
        }

        return tags;
    }
}
