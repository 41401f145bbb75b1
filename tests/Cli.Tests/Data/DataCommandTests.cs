using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Fleet.Cli.Data;
using Fleet.Cli.Tests.Support;
using Fleet.Os.Processes;
using Fleet.Tasks;
using Fleet.Tasks.Tests.Speech;

namespace Fleet.Cli.Tests.Data;

public sealed class DataCommandTests : IAsyncLifetime
{
    private const string Marker = "recordings/0_speaker0_0.wav";

    private static readonly byte[] Digits = PackDigits();

    private readonly CommandHarness fleet = new() { Time = new TestTime { Factor = 10 } };
    private FileServer server = null!;

    private string Part => fleet.Folder["state", "data", "digits.part"];

    public async ValueTask InitializeAsync()
    {
        server = await FileServer.StartAsync();
        server.Content = Digits;
        Publish(sha256: null);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        fleet.Dispose();
    }

    [Fact]
    public async Task Get_fetches_unpacks_and_records_the_hash_and_check_and_list_find_it()
    {
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("data", "get", "spoken-digits"));
        var folder = fleet.Folder["state", "data", "digits", "free"];
        Assert.Contains($"spoken-digits is in {folder}", fleet.Out);
        Assert.Contains($"SHA-256 {Hash(Digits)}. Its publishers do not say", fleet.Error);
        Assert.Contains(Hash(Digits), File.ReadAllText(fleet.Folder["state", "data", "digits.lock.json"]));
        Assert.Equal(["digits", "digits.lock.json"], Directory.GetFileSystemEntries(fleet.Folder["state", "data"]).Select(Path.GetFileName).Order());

        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("data", "check", "spoken-digits"));
        Assert.Contains("spoken-digits is sound: 40 training and 100 test", fleet.Out);
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("data", "list"));
        Assert.Contains($"In {folder}", fleet.Out);

        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("data", "get", "spoken-digits"));
        Assert.Contains($"spoken-digits is here already: {folder}", fleet.Out);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task List_shows_every_task_also_as_a_document()
    {
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("data", "list", "--json"));

        var tasks = JsonDocument.Parse(fleet.Out).RootElement.EnumerateArray().ToDictionary(task => task.GetProperty("task").GetString()!);
        Assert.Equal(TaskCatalogue.All.Select(task => task.Name).Order(), tasks.Keys.Order());
        Assert.Equal(
            ("CC BY-SA", false), (tasks["spoken-digits"].GetProperty("licence").GetString(), tasks["synthetic-har"].GetProperty("needs_folder").GetBoolean()));
        Assert.Equal(JsonValueKind.Null, tasks["spoken-digits"].GetProperty("folder").ValueKind);
    }

    [Fact]
    public void Every_published_data_set_is_of_tasks_that_take_a_folder()
    {
        var tasks = DataSet.Published.SelectMany(data => data.Tasks).ToList();

        Assert.Equal(tasks.Distinct(), tasks);
        Assert.All(tasks, task => Assert.True(TaskCatalogue.Find(task) is { NeedsFolder: true }, task));
        Assert.All(DataSet.Published, data => Assert.Equal("https", data.Url.Scheme));
        Assert.All(DataSet.Published.Where(data => data.Sha256 is not null), data => Assert.Matches("^[0-9a-f]{64}$", data.Sha256));
    }

    [Fact]
    public async Task A_connection_that_breaks_is_gone_on_with_where_it_broke()
    {
        server.Cuts.Enqueue((3000, Arrived));
        server.Cuts.Enqueue((2000, Arrived));
        server.Refusals.Enqueue(HttpStatusCode.ServiceUnavailable);
        Publish(Hash(Digits));

        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("data", "get", "spoken-digits"));

        Assert.Equal([" if ", " if ", "bytes=3000- if \"one\"", "bytes=5000- if \"one\""], server.Requests);
        Assert.Contains("as its publishers say", fleet.Error);
    }

    [Fact]
    public async Task A_server_that_is_busy_in_between_does_not_lose_what_is_there()
    {
        server.HoldAfter = 4000;
        await InterruptAsync();
        server.Refusals.Enqueue(HttpStatusCode.BadGateway);

        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("data", "get", "spoken-digits"));

        Assert.Equal([" if ", "bytes=4000- if \"one\"", "bytes=4000- if \"one\""], server.Requests);
    }

    [Fact]
    public async Task Interrupted_it_leaves_a_part_that_the_next_call_goes_on_with()
    {
        server.HoldAfter = 7000;
        await InterruptAsync();

        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("data", "get", "spoken-digits"));

        Assert.Equal([" if ", "bytes=7000- if \"one\""], server.Requests);
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("data", "check", "spoken-digits"));
    }

    [Fact]
    public async Task A_file_that_has_changed_since_is_fetched_from_the_start()
    {
        server.Content = [.. Digits.Select(value => (byte)(value ^ 1))];
        server.HoldAfter = 7000;
        await InterruptAsync();
        server.Content = Digits;
        server.EntityTag = "\"two\"";
        Publish(Hash(Digits));

        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("data", "get", "spoken-digits"));
        Assert.Equal([" if ", "bytes=7000- if \"one\""], server.Requests);
    }

    [Fact]
    public async Task A_part_whose_beginnings_are_not_known_is_not_trusted()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Part)!);
        File.WriteAllText(Part, "who knows");
        Publish(Hash(Digits));

        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("data", "get", "spoken-digits"));
        Assert.Equal([" if "], server.Requests);
    }

    [Fact]
    public async Task Another_hash_than_the_published_one_is_refused_and_nothing_of_it_is_kept()
    {
        Publish(new string('0', 64));

        Assert.Equal(ExitCodes.Failed, await fleet.RunAsync("data", "get", "spoken-digits"));

        Assert.Contains($"has SHA-256 {Hash(Digits)}, but its publishers say {new string('0', 64)}", fleet.Error);
        Assert.Empty(Directory.GetFileSystemEntries(fleet.Folder["state", "data"]));
    }

    [Fact]
    public async Task Another_hash_than_the_first_time_is_refused_until_the_record_is_deleted()
    {
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("data", "get", "spoken-digits"));
        Directory.Delete(fleet.Folder["state", "data", "digits"], recursive: true);
        server.Content = Archives.Zip((Marker, Archives.Text("changed")));

        Assert.Equal(ExitCodes.Failed, await fleet.RunAsync("data", "get", "spoken-digits"));
        Assert.Contains($"has SHA-256 {Hash(server.Content)}, but on ", fleet.Error);
        Assert.Contains($"it had {Hash(Digits)}", fleet.Error);
        Assert.False(Directory.Exists(fleet.Folder["state", "data", "digits"]));

        File.Delete(fleet.Folder["state", "data", "digits.lock.json"]);
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("data", "get", "spoken-digits"));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task An_archive_within_the_archive_is_unpacked_as_well()
    {
        server.Content = Archives.Zip(("names.txt", []), ("inner data.zip", Digits));

        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("data", "get", "spoken-digits"));

        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("data", "check", "spoken-digits"));
    }

    [Theory]
    [InlineData("../../evil.txt", "lies outside of the archive's folder")]
    [InlineData("something/else.txt", "no folder of it holds recordings/0_speaker0_0.wav")]
    public async Task What_is_not_the_data_set_is_not_kept_and_later_downloads_are_not_held_to_it(string name, string said)
    {
        server.Content = Archives.Zip((name, Archives.Text("x")));

        Assert.Equal(ExitCodes.Failed, await fleet.RunAsync("data", "get", "spoken-digits"));

        Assert.Contains(said, fleet.Error);
        Assert.Empty(Directory.GetFileSystemEntries(fleet.Folder["state", "data"]));
        Assert.False(File.Exists(fleet.Folder["state", "evil.txt"]));

        server.Content = Digits;
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("data", "get", "spoken-digits"));
    }

    [Fact]
    public async Task What_the_server_does_not_have_and_a_server_that_is_not_there_are_named()
    {
        server.Refusals.Enqueue(HttpStatusCode.NotFound);
        Assert.Equal(ExitCodes.Unreachable, await fleet.RunAsync("data", "get", "spoken-digits"));
        Assert.Contains("the server answers 404", fleet.Error);
        Assert.Contains("--data DIR", fleet.Error);

        var url = server.Url;
        await server.DisposeAsync();
        Assert.Equal(ExitCodes.Unreachable, await fleet.RunAsync("data", "get", "spoken-digits"));
        Assert.Equal(2, fleet.Error.Split($"{url} cannot be fetched").Length - 1);
    }

    [Fact]
    public async Task A_task_that_needs_no_data_and_one_that_is_not_there_are_wrong_usage()
    {
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("data", "get", "synthetic-har"));
        Assert.Contains("synthetic-har needs no data", fleet.Error);
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("data", "get", "spoken-digit"));
        Assert.Contains("Did you mean spoken-digits?", fleet.Error);
    }

    private bool Arrived(int bytes) => File.Exists(Part) && new FileInfo(Part).Length == bytes;

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] PackDigits()
    {
        using var digits = new SmallDigits();
        return Archives.Zip(
            [.. Directory.GetFiles(digits.Folder).Order(StringComparer.Ordinal)
                .Select(path => ($"free/recordings/{Path.GetFileName(path)}", File.ReadAllBytes(path)))]);
    }

    private void Publish(string? sha256) => fleet.DataSets =
        [new DataSet("digits", ["spoken-digits"], "example.org", "CC BY-SA", server.Url, Digits.Length, sha256, ArchiveKind.Zip, Marker)];

    // Ctrl-C once the server waits, in a command of its own on the same state: an interruption is for good.
    private async Task InterruptAsync()
    {
        using var interrupted = new CommandHarness { DataSets = fleet.DataSets, State = fleet.State };
        var running = interrupted.RunAsync("data", "get", "spoken-digits");
        await Eventually.HoldsAsync(() => Arrived(server.HoldAfter!.Value), "the part is there");
        interrupted.Interruption.Signal();
        Assert.Equal(ExitCodes.Interrupted, await running);
        Assert.Contains($"are in {Part}", interrupted.Error);
        Assert.Contains("Resume: fleet data get spoken-digits", interrupted.Error);
        server.HoldAfter = null;
    }
}
