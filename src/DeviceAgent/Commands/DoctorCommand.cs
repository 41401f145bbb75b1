using System.CommandLine;
using System.Text.Json;
using Fleet.DeviceAgent.Connection;
using Fleet.DeviceAgent.Doctor;
using Fleet.Measurement.Boards;
using Fleet.Os.Processes;

namespace Fleet.DeviceAgent.Commands;

/// <summary><c>fleet-agent doctor</c>: what the agent sees of its board, and what stands in its way.</summary>
internal static class DoctorCommand
{
    private static readonly Option<Uri?> Silo = new("--silo")
    {
        Description = "Also try to reach this silo, as http://127.0.0.1:5081.",
        CustomParser = SiloAddressOption.Parse,
    };

    private static readonly Option<string?> State =
        StateOption.Create("The agent's state folder. Default: $FLEET_STATE/agent, else the XDG state folder's fleet/agent, as of 'run'.");

    private static readonly Option<string?> Token = TokenFileOption.Create();

    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON document." };

    public static Command Create()
    {
        var command = new Command("doctor", "Says what the agent sees of this board, and what stands in its way.") { Silo, State, Token, Json };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        List<Finding> findings =
        [
            .. BoardExamination.Examine(new BoardRoot()),
            await PlaceExamination.LockAsync(TimeProvider.System, cancel).ConfigureAwait(false),
            PlaceExamination.State(parsed.GetValue(State)),
        ];
        if (parsed.GetValue(Silo) is { } silo)
        {
            var token = new TokenFile(TokenFileOption.Resolve(parsed.GetValue(Token)));
            findings.Add(await SiloExamination.ExamineAsync(silo, token, cancel).ConfigureAwait(false));
        }

        var sound = findings.TrueForAll(finding => finding.Severity != Severity.Problem);
        if (parsed.GetValue(Json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new Diagnosis(sound, findings.ConvertAll(WrittenFinding.Of)), DiagnosisJson.Default.Diagnosis));
        }
        else
        {
            Print(sound, findings);
        }

        return sound ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static void Print(bool sound, List<Finding> findings)
    {
        var width = findings.Max(finding => finding.Name.Length);
        foreach (var finding in findings)
        {
            var mark = finding.Severity switch { Severity.Ok => "  ", Severity.Note => "- ", _ => "! " };
            Console.Out.WriteLine($"{mark}{finding.Name.PadRight(width)}  {finding.Value}");
            if (finding.Advice is { } advice)
            {
                Console.Out.WriteLine($"  {"".PadRight(width)}  {advice}");
            }
        }

        Console.Out.WriteLine(sound ? "This board can measure." : "This board cannot measure yet.");
    }
}
