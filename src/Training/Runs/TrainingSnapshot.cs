namespace Fleet.Training.Runs;

/// <summary>A training between two steps: all that decides how it goes on.</summary>
/// <param name="Epoch">Epochs done.</param>
/// <param name="Steps">Optimiser steps done, those of the epoch under way with them.</param>
/// <param name="Loss">Sum of the losses of the steps of the epoch under way.</param>
/// <param name="Carried">What the next mini-batch of the epoch takes over (<see cref="TrainingBatches.Carried"/>); empty between two epochs.</param>
/// <param name="First">Adam's first moments.</param>
/// <param name="Second">Adam's second moments.</param>
/// <param name="Masks">Of each pruned matrix, which weights are kept.</param>
public sealed record TrainingSnapshot(
    int Epoch, long Steps, double Loss, float[] Carried, float[] Parameters, float[] First, float[] Second, IReadOnlyList<bool[]> Masks);
