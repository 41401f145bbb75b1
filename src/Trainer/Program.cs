return await Fleet.Trainer.TrainerProgram.RunAsync(args).ConfigureAwait(false);
