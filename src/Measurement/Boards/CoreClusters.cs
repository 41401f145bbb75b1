using System.Globalization;
using Fleet.Domain.Measuring;

namespace Fleet.Measurement.Boards;

/// <summary>The kinds of core that a board has, by how much they can do, as the kernel tells it.</summary>
/// <remarks>
/// ARM's device trees give each core a capacity from 0 to 1024 (<c>cpu_capacity</c>, Linux 4.15); Intel's hybrid processors list both kinds. A highest clock
/// that differs a little from core to core, as with a turbo, is no other kind.
/// </remarks>
public static class CoreClusters
{
    private const string Cpus = "sys/devices/system/cpu";

    /// <summary>The core to measure on: of those that are asked for, one that the kernel keeps other work off where there is one, else the last.</summary>
    /// <param name="allowed">Cores that the thread may use, in rising order.</param>
    /// <param name="isolated">Cores that the kernel keeps other work off.</param>
    /// <exception cref="SettingRefusedException">The board has no such core; the message says which it has.</exception>
    public static int Choose(BoardRoot root, IReadOnlyList<int> allowed, IReadOnlySet<int> isolated, CoreChoice choice)
    {
        var fitting = Fitting(root, allowed, choice);
        return fitting.LastOrDefault(isolated.Contains, fitting[^1]);
    }

    private static IReadOnlyList<int> Fitting(BoardRoot root, IReadOnlyList<int> allowed, CoreChoice choice)
    {
        if (choice == CoreChoice.Any)
        {
            return allowed;
        }

        if (choice.Number is { } number)
        {
            return allowed.Contains(number)
                ? [number]
                : throw new SettingRefusedException(
                    $"The campaign asks for core {number}, but the agent may use {string.Join(", ", allowed)} here. Ask for one of these, or for any.");
        }

        var capacities = Capacities(root);
        if (capacities.Values.Distinct().Count() < 2)
        {
            throw new SettingRefusedException($"The campaign asks for {choice} cores, but all cores of this board are of one kind. Leave 'cores' out for it.");
        }

        var wanted = choice == CoreChoice.Big ? capacities.Values.Max() : capacities.Values.Min();
        int[] fitting = [.. allowed.Where(core => capacities.GetValueOrDefault(core) == wanted)];
        return fitting.Length > 0
            ? fitting
            : throw new SettingRefusedException(
                $"The campaign asks for {choice} cores, but the agent may only use {string.Join(", ", allowed)} here, none of which is one. Let it use more.");
    }

    /// <summary>By core; empty where the kernel says nothing of it.</summary>
    private static Dictionary<int, long> Capacities(BoardRoot root)
    {
        var capacities = new Dictionary<int, long>();
        foreach (var folder in root.Folders(Cpus, "cpu*"))
        {
            if (int.TryParse(Path.GetFileName(folder)["cpu".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var core)
                && root.ReadNumber($"{folder}/cpu_capacity") is { } capacity)
            {
                capacities[core] = capacity;
            }
        }

        if (capacities.Count == 0)
        {
            Add("sys/devices/cpu_atom/cpus", 0);
            Add("sys/devices/cpu_core/cpus", 1);
        }

        return capacities;

        void Add(string list, long capacity)
        {
            foreach (var core in ProcessorPin.ParseCores(root.ReadText(list)))
            {
                capacities[core] = capacity;
            }
        }
    }
}

/// <summary>The board has no such setting, or the agent may not change it; the message says what is there, and the way out.</summary>
public sealed class SettingRefusedException(string message) : IOException(message);
