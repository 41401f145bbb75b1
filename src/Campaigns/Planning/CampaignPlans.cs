using Fleet.Campaigns.Ports;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Jobs;

namespace Fleet.Campaigns.Planning;

/// <summary>Plans with what this fleet knows: its devices, its trained variants, how long its runs took.</summary>
public static class CampaignPlans
{
    /// <param name="trainingsAtOnce">Of the silo.</param>
    public static async Task<CampaignPlan> PlanAsync(CampaignSpecification specification, IFleetIndex index, int trainingsAtOnce, CancellationToken cancel)
    {
        var jobs = await index.JobsAsync(cancel);
        var perRun = (await index.CampaignsAsync(cancel))
            .Where(entry => entry.Task == specification.Data.Task).Select(entry => entry.SecondsPerRun).OfType<double>().ToArray();
        return CampaignPlanner.Plan(specification, new PlanningFacts
        {
            Ready = jobs.Where(job => job.Summary.State == JobStatus.Ready).Select(job => job.Summary.Variant).ToHashSet(),
            Trained =
            [
                .. from job in jobs
                   where job.Model is not null
                   select new PastTraining(job.Summary.Variant, job.Summary.Task, job.Recipe, job.Model!.TrainingSeconds),
            ],
            TrainingsAtOnce = trainingsAtOnce,
            Devices = [.. from entry in await index.DevicesAsync(cancel) where entry.Description.Matches(specification.Devices) select Planned(entry)],
            SecondsPerRun = perRun.Length > 0 ? perRun.Average() : null,
        });

        PlannedDevice Planned(DeviceEntry entry) => new()
        {
            Device = entry.Description.Device,
            Name = entry.Description.Name,
            Board = entry.Description.Board,
            Arch = entry.Description.Arch,
            Runs = specification.RunsPerDevice,
        };
    }
}
