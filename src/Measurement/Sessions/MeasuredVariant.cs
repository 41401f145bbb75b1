using Fleet.Measurement.Models;

namespace Fleet.Measurement.Sessions;

/// <summary>A variant that a session measures.</summary>
/// <param name="Key">What results name it by.</param>
/// <param name="Name">Short name for people.</param>
/// <param name="Load">
/// Loads the model anew. Called once more than there are modes, for the first inference of each load is timed as the cold one.
/// An exception fails this variant's runs with its message, and no others'.
/// </param>
public sealed record MeasuredVariant(string Key, string Name, Func<IMeasuredModel> Load);
