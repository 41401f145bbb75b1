namespace Fleet.Tasks.Data;

/// <summary>A data set is not what its task expects. The message names the place, the cause and, where there is one, the way out.</summary>
public sealed class TaskDataException : Exception
{
    public TaskDataException(string message)
        : base(message)
    {
    }

    public TaskDataException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
