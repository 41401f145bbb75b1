using System.Security.Cryptography;
using System.Text.Json;
using Fleet.Kernels.Models;
using Fleet.Protocol;
using Fleet.Protocol.Training;
using Fleet.Tasks.Data;
using Fleet.Tasks.Packs;
using Fleet.Training.Runs;

namespace Fleet.Trainer.Jobs;

/// <summary>Reads what a job is made of, and believes none of it before it is checked.</summary>
internal static class JobInputs
{
    /// <exception cref="JobException">The file cannot be read or is no job.</exception>
    public static TrainingJob ReadJob(string path)
    {
        try
        {
            var job = JsonSerializer.Deserialize(File.ReadAllText(path), ProtocolJson.Default.TrainingJob) ?? throw new JsonException("It is null.");
            // What is not in the file is null, whatever the type's initialiser says: generated readers do not run it.
            return job.Recipe.MethodParameters is null ? throw new JsonException("recipe.method_parameters is missing.") : job;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JobException($"The job file {path} cannot be read: {error.Message}", error);
        }
        catch (JsonException error)
        {
            throw new JobException($"{path} is no training job: {error.Message}", error);
        }
    }

    /// <exception cref="JobException">The data is missing, is not the data that was promised, or is not for training.</exception>
    public static TaskPack ReadData(TrainingJob job)
    {
        try
        {
            var bytes = ReadPromised("training data", job.TrainingDataPath, job.TrainingDataSha256);
            var data = TaskPack.Read(bytes, job.TrainingDataPath);
            return data.Metadata is { Split: PackMetadata.TrainingSplit } metadata && metadata.Task == job.Task
                ? data
                : throw new JobException($"{job.TrainingDataPath} is the {data.Metadata.Split} part of {data.Metadata.Task},"
                    + $" but the job trains on the training part of {job.Task}.");
        }
        catch (FileFormatException error)
        {
            throw new JobException(error.Message, error);
        }
    }

    /// <summary>The trained model that the recipe refers to, the dense one or its like in fp32; null where it refers to none.</summary>
    /// <exception cref="JobException">It is missing, or is not the model that was promised.</exception>
    public static ModelDocument? ReadGiven(TrainingJob job)
    {
        if (job is not { DenseModelPath: { } path, DenseModelSha256: { } sha256 })
        {
            return null;
        }

        try
        {
            return ModelFile.Read(ReadPromised(job.Recipe.NeedsFp32 ? "fp32 model" : "dense model", path, sha256), path);
        }
        catch (FileFormatException error)
        {
            throw new JobException(error.Message, error);
        }
    }

    /// <exception cref="JobException">The recipe cannot be followed with this data.</exception>
    public static TrainingPlan Plan(TrainingJob job, TaskPack data, ModelDocument? given)
    {
        try
        {
            return TrainingPlan.Of(job.Recipe, job.Seed, data, given);
        }
        catch (Exception error) when (error is ArgumentException or TaskDataException)
        {
            throw new JobException(error.Message, error);
        }
    }

    private static byte[] ReadPromised(string what, string path, string sha256)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
            return hash.Equals(sha256, StringComparison.OrdinalIgnoreCase)
                ? bytes
                : throw new JobException($"The {what} {path} has SHA-256 {hash}, but the job asks for {sha256}. It is damaged or another file: send it again.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JobException($"The {what} {path} cannot be read: {error.Message}", error);
        }
    }
}
