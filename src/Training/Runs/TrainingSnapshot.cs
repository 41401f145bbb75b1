namespace Fleet.Training.Runs;

/// <summary>A training between two epochs: all that decides how it goes on.</summary>
/// <param name="Epoch">Epochs done.</param>
/// <param name="Steps">Optimiser steps done.</param>
/// <param name="First">Adam's first moments.</param>
/// <param name="Second">Adam's second moments.</param>
/// <param name="Masks">Of each pruned matrix, which weights are kept.</param>
internal sealed record TrainingSnapshot(
    int Epoch, long Steps, float[] Parameters, float[] First, float[] Second, IReadOnlyList<bool[]> Masks);
