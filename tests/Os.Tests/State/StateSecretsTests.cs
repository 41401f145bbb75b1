using System.Diagnostics;
using System.Runtime.Versioning;
using Fleet.Os.State;

namespace Fleet.Os.Tests.State;

/// <summary>What a state folder keeps to itself: its token, its identity, and its doors.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class StateSecretsTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Private = OwnerOnly | UnixFileMode.UserExecute;
    private readonly TemporaryFolder temporary = new();

    private string Token => temporary.File(AccessToken.FileName);

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void A_token_is_256_random_bits_that_only_the_owner_reads_and_stays()
    {
        var made = AccessToken.ReadOrCreate(temporary.Path);
        Assert.Matches("^[0-9a-f]{64}$", made.Digits);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Token));
        Assert.Equal(made.Digits, AccessToken.ReadOrCreate(temporary.Path).Digits);
        Assert.Equal(made.Digits, AccessToken.TryRead(Token)!.Digits);

        File.Delete(Token);
        Assert.NotEqual(made.Digits, AccessToken.ReadOrCreate(temporary.Path).Digits);
    }

    [Fact]
    public void A_token_that_others_could_read_is_closed_to_them()
    {
        AccessToken.ReadOrCreate(temporary.Path);
        File.SetUnixFileMode(Token, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        AccessToken.ReadOrCreate(temporary.Path);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Token));
    }

    [Fact]
    public void Only_the_very_token_is_accepted()
    {
        var token = AccessToken.ReadOrCreate(temporary.Path);
        Assert.True(token.Matches($"Bearer {token.Digits}"));
        Assert.True(token.Matches($"bearer {token.Digits}"));
        Assert.All<string?>(
            [
                null, "", "Bearer ", token.Digits, $"Bearer {token.Digits}0", $"Bearer {token.Digits[..^1]}", $"Basic {token.Digits}",
                $"Bearer {new string('0', 64)}",
            ],
            guess => Assert.False(token.Matches(guess)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ")]
    public void A_file_that_holds_no_token_is_told_with_the_way_out(string content)
    {
        Assert.Null(AccessToken.TryRead(Token));
        File.WriteAllText(Token, content);
        var error = Assert.Throws<AccessTokenException>(() => AccessToken.TryRead(Token));
        Assert.Contains(Token, error.Message, StringComparison.Ordinal);
        Assert.Contains("Delete", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_the_tokens_place_is_told()
    {
        Directory.CreateDirectory(Token);
        Assert.Contains(Token, Assert.Throws<AccessTokenException>(() => AccessToken.TryRead(Token)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_in_a_files_place_holds_nobody_up()
    {
        foreach (var name in new[] { AccessToken.FileName, StateIdentity.FileName, SiloAddress.FileName })
        {
            using var made = Process.Start("mkfifo", temporary.File(name));
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, made.ExitCode);
        }

        Assert.Contains("no regular file", Assert.Throws<AccessTokenException>(() => AccessToken.TryRead(Token)).Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => StateIdentity.TryRead(temporary.Path));
        Assert.Null(SiloAddress.TryRead(temporary.Path));
    }

    [Fact]
    public void A_copy_of_a_folder_has_its_id_but_not_its_identity()
    {
        var original = Directory.CreateDirectory(temporary.File("original")).FullName;
        var copy = Directory.CreateDirectory(temporary.File("copy")).FullName;
        Assert.Null(StateIdentity.TryRead(original));
        var identity = StateIdentity.ReadOrCreate(original);
        File.Copy(Path.Combine(original, StateIdentity.FileName), Path.Combine(copy, StateIdentity.FileName));

        Assert.Equal(identity, StateIdentity.ReadOrCreate(original));
        Assert.Equal(identity, StateIdentity.TryRead(original));
        Assert.Equal(identity.Id, StateIdentity.TryRead(copy)!.Id);
        Assert.NotEqual(identity, StateIdentity.TryRead(copy));

        Directory.Move(original, temporary.File("moved"));
        Assert.Equal(identity, StateIdentity.TryRead(temporary.File("moved")));
    }

    [Fact]
    public void A_state_folder_is_its_owners_alone()
    {
        var made = temporary.File("a/b/state");
        StateFolder.CreatePrivate(made);
        Assert.Equal(Private, File.GetUnixFileMode(made));

        // One of an older version, which was made as the umask would have it.
        File.SetUnixFileMode(made, Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        File.WriteAllText(Path.Combine(made, StateFolder.LockFileName), "");
        StateFolder.CreatePrivate(made);
        Assert.Equal(Private, File.GetUnixFileMode(made));
    }

    [Fact]
    public void A_folder_with_other_things_in_it_is_not_closed_and_not_used_where_others_write()
    {
        var shared = Directory.CreateDirectory(temporary.File("shared")).FullName;
        File.WriteAllText(Path.Combine(shared, "thesis.tex"), "");
        File.SetUnixFileMode(shared, Private | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        var before = File.GetUnixFileMode(shared);
        StateFolder.CreatePrivate(shared);
        Assert.Equal(before, File.GetUnixFileMode(shared));

        File.SetUnixFileMode(shared, before | UnixFileMode.OtherWrite);
        Assert.Contains("chmod 700", Assert.Throws<IOException>(() => StateFolder.CreatePrivate(shared)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void An_empty_state_folder_is_an_error(string option) =>
        Assert.Contains("--state is empty", Assert.Throws<InvalidOperationException>(() => StateFolder.Resolve(option)).Message, StringComparison.Ordinal);
}
