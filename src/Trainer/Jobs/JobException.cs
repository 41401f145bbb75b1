namespace Fleet.Trainer.Jobs;

/// <summary>The job cannot be done; the message says why, in plain words.</summary>
internal sealed class JobException(string message, Exception? cause = null) : Exception(message, cause);
