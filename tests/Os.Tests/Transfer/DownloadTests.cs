using System.Net;
using Fleet.Os.Transfer;

namespace Fleet.Os.Tests.Transfer;

public sealed class DownloadTests : IDisposable
{
    private const int Size = 300_000;
    private static readonly Uri Url = new("http://files.example/data");
    private static readonly byte[] Whole = Bytes(1);

    private readonly string folder = Directory.CreateTempSubdirectory("fleet-download-").FullName;
    private readonly ServedFile server = new() { Content = Whole, EntityTag = "\"one\"" };
    private readonly HttpClient http;

    public DownloadTests() => http = new HttpClient(server);

    private string Part => Path.Combine(folder, "file.part");

    public void Dispose()
    {
        http.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_is_fetched_whole(bool known)
    {
        await RunAsync(known);

        Assert.Equal(Whole, File.ReadAllBytes(Part));
        Assert.Equal([""], server.Requests);
    }

    [Theory]
    [InlineData(true, "bytes=1000-")]
    [InlineData(false, "bytes=1000- \"one\"")]
    public async Task What_arrived_before_the_connection_broke_is_not_fetched_again(bool known, string range)
    {
        await BreakAfterAsync(1000, known);

        await RunAsync(known);

        Assert.Equal(Whole, File.ReadAllBytes(Part));
        Assert.Equal(["", range], server.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_without_ranges_sends_all_of_it_again(bool known)
    {
        server.KnowsRanges = false;
        await BreakAfterAsync(1000, known);

        await RunAsync(known);

        Assert.Equal(Whole, File.ReadAllBytes(Part));
    }

    [Fact]
    public async Task A_file_that_has_changed_since_is_fetched_from_the_start()
    {
        await BreakAfterAsync(1000, known: false);
        (server.Content, server.EntityTag) = (Bytes(2), "\"two\"");

        await RunAsync(known: false);

        Assert.Equal(server.Content, File.ReadAllBytes(Part));
        Assert.Equal(["", "bytes=1000- \"one\""], server.Requests);
    }

    [Fact]
    public async Task A_file_that_nothing_tells_from_another_is_fetched_from_the_start()
    {
        server.EntityTag = null;
        await BreakAfterAsync(1000, known: false);

        await RunAsync(known: false);

        Assert.Equal(Whole, File.ReadAllBytes(Part));
        Assert.Equal(["", ""], server.Requests);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("no JSON")]
    [InlineData("""{ "url": "http://files.example/other", "entity_tag": "\"one\"", "bytes": 300000 }""")]
    public async Task A_part_of_which_nothing_is_known_is_not_trusted(string? origin)
    {
        File.WriteAllBytes(Part, Whole[..10]);
        if (origin is not null)
        {
            File.WriteAllText(Part + ".json", origin);
        }

        await RunAsync(known: false);

        Assert.Equal(Whole, File.ReadAllBytes(Part));
        Assert.Equal([""], server.Requests);
    }

    [Fact]
    public async Task A_part_that_an_earlier_version_left_is_resumed()
    {
        File.WriteAllBytes(Part, Whole[..10]);
        File.WriteAllText(Part + ".json", """{ "url": "http://files.example/data", "entity_tag": "\"one\"", "last_modified": null, "bytes": 300000 }""");

        await RunAsync(known: false);

        Assert.Equal(Whole, File.ReadAllBytes(Part));
        Assert.Equal(["bytes=10- \"one\""], server.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_there_already_is_not_asked_for(bool known)
    {
        server.SaysLength = known;
        await RunAsync(known);

        await RunAsync(known);

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task More_than_the_file_should_have_is_refused()
    {
        server.Content = [.. Whole, 1];

        var error = await FailAsync(TransferFailure.Refused, known: true);

        Assert.Equal($"{Url} cannot be fetched: it is longer than the {Size} bytes that it should have.", error.Message);
        Assert.Empty(File.ReadAllBytes(Part));
    }

    [Fact]
    public async Task Less_than_the_file_should_have_may_be_more_another_time()
    {
        server.Content = Whole[..^1];

        var error = await FailAsync(TransferFailure.Interrupted, known: true);

        Assert.Equal($"{Url} cannot be fetched: the server sent {Size - 1} of {Size} bytes.", error.Message);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, TransferFailure.Missing)]
    [InlineData(HttpStatusCode.Gone, TransferFailure.Missing)]
    [InlineData(HttpStatusCode.Forbidden, TransferFailure.Refused)]
    [InlineData(HttpStatusCode.TooManyRequests, TransferFailure.Interrupted)]
    [InlineData(HttpStatusCode.BadGateway, TransferFailure.Interrupted)]
    [InlineData(HttpStatusCode.PartialContent, TransferFailure.Interrupted)]
    public async Task A_server_that_refuses_is_quoted(HttpStatusCode status, TransferFailure failure)
    {
        server.Instead.Enqueue(() => new HttpResponseMessage(status));

        var error = await FailAsync(failure, known: true);

        Assert.StartsWith($"{Url} cannot be fetched: the server answers {(int)status} ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_range_that_the_server_does_not_have_begins_the_file_anew()
    {
        File.WriteAllBytes(Part, Whole[..100]);
        server.Content = Whole[..50];
        await FailAsync(TransferFailure.Interrupted, known: true);
        server.Content = Whole;

        await RunAsync(known: true);

        Assert.Equal(Whole, File.ReadAllBytes(Part));
    }

    [Fact]
    public async Task A_server_that_sends_nothing_is_given_up()
    {
        server.Instead.Enqueue(() => server.Answer(Whole[..1000], new TimeoutException()));

        var error = await Assert.ThrowsAsync<TransferException>(
            () => new Download(http, TimeProvider.System) { Stall = TimeSpan.FromMilliseconds(100) }.RunAsync(Url, Part, Size, CancellationToken.None));

        Assert.Equal(TransferFailure.Interrupted, error.Failure);
        Assert.Contains("nothing came for", error.Message, StringComparison.Ordinal);
        Assert.Equal(1000, new FileInfo(Part).Length);
    }

    [Fact]
    public async Task Whoever_gives_up_keeps_what_has_arrived()
    {
        using var cancel = new CancellationTokenSource();
        server.Instead.Enqueue(() => server.Answer(Whole[..1000], new TimeoutException()));
        var download = new Download(http, TimeProvider.System) { Progress = (_, _) => cancel.Cancel() };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => download.RunAsync(Url, Part, Size, cancel.Token));

        Assert.Equal(1000, new FileInfo(Part).Length);
    }

    [Fact]
    public async Task A_part_that_somebody_else_writes_to_is_left_to_him()
    {
        using var other = new FileStream(Part, FileMode.Create, FileAccess.Write, FileShare.None);

        var error = await FailAsync(TransferFailure.Unwritable, known: true);

        Assert.StartsWith($"{Part} cannot be written: ", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_full_disk_is_told_from_other_trouble()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full here.");
        File.CreateSymbolicLink(Part, "/dev/full");

        await FailAsync(TransferFailure.OutOfSpace, known: true);
    }

    [Fact]
    public async Task A_part_is_discarded_with_what_is_known_of_it()
    {
        await BreakAfterAsync(1000, known: false);
        Assert.Equal(2, Directory.GetFiles(folder).Length);

        Download.Discard(Part);

        Assert.Empty(Directory.GetFiles(folder));
    }

    private static byte[] Bytes(int seed)
    {
        var bytes = new byte[Size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private Task RunAsync(bool known) => new Download(http, TimeProvider.System).RunAsync(Url, Part, known ? Size : null, CancellationToken.None);

    private async Task<TransferException> FailAsync(TransferFailure failure, bool known)
    {
        var error = await Assert.ThrowsAsync<TransferException>(() => RunAsync(known));
        Assert.Equal(failure, error.Failure);
        return error;
    }

    private async Task BreakAfterAsync(int bytes, bool known)
    {
        server.Instead.Enqueue(() => server.Answer(Whole[..bytes], new HttpIOException(HttpRequestError.ResponseEnded)));
        await FailAsync(TransferFailure.Interrupted, known);
        Assert.Equal(bytes, new FileInfo(Part).Length);
    }
}
