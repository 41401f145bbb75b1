using Fleet.Os.State;

namespace Fleet.DeviceAgent.Connection;

/// <summary>The silo's token as a file on this board, read anew for each call: one that is put there or replaced later is found without a restart.</summary>
internal sealed class TokenFile(string path)
{
    /// <summary>The value of the Authorization header; null where there is no usable token.</summary>
    public string? Header
    {
        get
        {
            try
            {
                return AccessToken.TryRead(path)?.Header;
            }
            catch (AccessTokenException)
            {
                return null;
            }
        }
    }

    /// <summary>Why a silo that wants a token refused, and the way out.</summary>
    public string ExplainRefusal()
    {
        try
        {
            var found = AccessToken.TryRead(path) is null ? $"it wants its token, and there is no file {path}" : $"it does not accept the token in {path}";
            return $"{found}. Copy the file '{AccessToken.FileName}' of the silo's state folder there, or name another place with --token-file";
        }
        catch (AccessTokenException error)
        {
            return error.Message.TrimEnd('.');
        }
    }
}

/// <summary>Lets every call to the silo carry its token.</summary>
internal sealed class TokenHandler(TokenFile token, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (token.Header is { } header)
        {
            request.Headers.TryAddWithoutValidation("Authorization", header);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
