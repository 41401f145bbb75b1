namespace Fleet.Cli.Silos;

/// <summary>The silo and the agent that a command started.</summary>
internal sealed class OwnPrograms(IRunningProgram silo, Tail siloTail) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Haste = TimeSpan.FromSeconds(0.6);

    private readonly List<(string Name, IRunningProgram Program, Tail Tail)> programs = [("silo", silo, siloTail)];

    public void AddAgent(IRunningProgram agent, Tail tail) => programs.Add(("local agent", agent, tail));

    public async Task<string> ProgramEndedAsync(CancellationToken cancel)
    {
        var ends = programs.ConvertAll(one => one.Program.WaitAsync(cancel));
        var ended = await Task.WhenAny(ends).ConfigureAwait(false);
        var code = await ended.ConfigureAwait(false);
        var (name, _, tail) = programs[ends.IndexOf(ended)];
        return $"The {name} ended with code {code}.{Environment.NewLine}{tail}".TrimEnd();
    }

    /// <summary>The agent first, so that the silo hears it say goodbye.</summary>
    /// <param name="force">Kills all of them.</param>
    public async Task StopAsync(CancellationToken force)
    {
        await using var kill = force.UnsafeRegister(_ => KillAll(), null);
        foreach (var (_, program, _) in Enumerable.Reverse(programs))
        {
            await program.StopAsync(Patience).ConfigureAwait(false);
        }
    }

    /// <summary>All at once, each with a moment to put its things in order.</summary>
    /// <inheritdoc cref="StopAsync"/>
    public async Task StopInHasteAsync(CancellationToken force)
    {
        await using var kill = force.UnsafeRegister(_ => KillAll(), null);
        await Task.WhenAll(programs.Select(one => one.Program.StopAsync(Haste))).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, program, _) in Enumerable.Reverse(programs))
        {
            await program.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void KillAll()
    {
        foreach (var (_, program, _) in programs)
        {
            program.Kill();
        }
    }
}
