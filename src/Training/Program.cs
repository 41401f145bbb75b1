return await Fleet.Training.Jobs.TrainerProgram.RunAsync(args).ConfigureAwait(false);
