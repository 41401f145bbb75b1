using System.Net;
using System.Text.Json;
using Fleet.Cli.Failures;
using Fleet.Os.Processes;
using Fleet.Protocol;
using Fleet.Protocol.Api;

namespace Fleet.Cli.Http;

/// <summary>Turns an answer that is no success into words.</summary>
internal static class ProblemAnswer
{
    private const int MostForeignText = 300;

    public static async Task<CommandFailedException> ReadAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        string body;
        try
        {
            body = await response.Content.ReadAsStringAsync(cancel).ConfigureAwait(false);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            body = "";
        }

        var exitCode = response.StatusCode switch
        {
            HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity => ExitCodes.Usage,
            _ => ExitCodes.Failed,
        };
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            return new TokenRefusedException(TryParse(body) is { } refusal ? Sentence(refusal) : "The silo does not accept this call's token.");
        }

        return TryParse(body) is { } problem
            ? new CommandFailedException(exitCode, Sentence(problem)) { Problems = problem.Problems ?? [] }
            : new CommandFailedException(
                exitCode,
                $"The silo answered {(int)response.StatusCode} to {response.RequestMessage?.Method}"
                    + $" {response.RequestMessage?.RequestUri?.AbsolutePath}{Quote(body)}");
    }

    private static Problem? TryParse(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ProtocolJson.Default.Problem);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The title is no more than the status in words.
    private static string Sentence(Problem problem) => string.IsNullOrEmpty(problem.Detail) ? problem.Title : problem.Detail;

    private static string Quote(string body) => body.Trim() switch
    {
        "" => ".",
        { Length: > MostForeignText } text => $": {text[..MostForeignText]} ...",
        var text => $": {text}",
    };
}
