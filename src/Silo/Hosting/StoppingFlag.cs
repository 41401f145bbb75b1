namespace Fleet.Silo.Hosting;

/// <summary>The silo has been asked to stop. Known to the logging, which is there before everything else.</summary>
internal sealed class StoppingFlag
{
    private volatile bool raised;

    public bool Raised => raised;

    public void Raise() => raised = true;
}
