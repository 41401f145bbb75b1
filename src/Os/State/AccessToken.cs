using System.Security.Cryptography;
using System.Text;
using Fleet.Os.Files;

namespace Fleet.Os.State;

/// <summary>
/// The secret that every call to a silo carries (<c>Authorization: Bearer TOKEN</c>), 256 random bits in hexadecimal digits. It lies in the
/// state folder, where only its owner can read it; so neither a web page nor another user of the machine can call the silo.
/// </summary>
public sealed class AccessToken
{
    /// <summary>In the state folder. Deleted, it is replaced by a new one at the silo's next start.</summary>
    public const string FileName = "token";

    /// <summary>Names the file for an agent that has the token elsewhere: on a board.</summary>
    public const string Variable = "FLEET_TOKEN_FILE";

    private const string Scheme = "Bearer ";
    private const int Bytes = 32;
    private readonly byte[] digits;

    private AccessToken(string digits)
    {
        Digits = digits;
        this.digits = Encoding.ASCII.GetBytes(digits);
    }

    /// <summary>The token itself.</summary>
    public string Digits { get; }

    /// <summary>The value of the Authorization header.</summary>
    public string Header => Scheme + Digits;

    /// <summary>
    /// Is this the Authorization header of a caller who knows the token? Takes the same time whatever was guessed rightly. The scheme's case
    /// does not matter (RFC 9110, 11.1).
    /// </summary>
    public bool Matches(string? authorization) =>
        authorization is not null
        && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(authorization[Scheme.Length..]), digits);

    /// <summary>Null where there is no such file.</summary>
    /// <exception cref="AccessTokenException">It cannot be read, or holds no token.</exception>
    public static AccessToken? TryRead(string path)
    {
        string text;
        try
        {
            text = PrivateFile.ReadText(path).Trim();
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new AccessTokenException($"The token {path} cannot be read: {error.Message} Only its owner may read it; run this as that user.", error);
        }

        return text.Length == 2 * Bytes && text.All(char.IsAsciiHexDigitLower)
            ? new AccessToken(text)
            : throw new AccessTokenException(
                $"{path} does not hold a token ({2 * Bytes} hexadecimal digits in lower case). "
                + "Delete the silo's own for a new one at its next start; copy a board's from the silo again.");
    }

    /// <summary>Makes the token where there is none, and takes the file from others who may read it. Only for the silo that holds the folder.</summary>
    /// <exception cref="AccessTokenException">It cannot be read or holds no token.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file is another user's.</exception>
    public static AccessToken ReadOrCreate(string stateFolder)
    {
        var path = Path.Combine(stateFolder, FileName);
        if (TryRead(path) is { } known)
        {
            PrivateFile.Close(path);
            return known;
        }

        var made = new AccessToken(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes)));
        PrivateFile.Write(path, Encoding.ASCII.GetBytes(made.Digits + "\n"));
        return made;
    }
}

/// <summary>A token's file cannot be used; the message says which, why, and what to do.</summary>
public sealed class AccessTokenException(string message, Exception? inner = null) : Exception(message, inner);
