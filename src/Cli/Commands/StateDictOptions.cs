using System.CommandLine;
using Fleet.Cli.Failures;
using Fleet.Cli.Models;
using Fleet.Interchange;
using Fleet.Interchange.Networks;
using Fleet.Interchange.PyTorch;

namespace Fleet.Cli.Commands;

/// <summary>What a PyTorch state dict does not tell, as options.</summary>
internal sealed class StateDictOptions
{
    private readonly Option<string?> nonlinearity = new("--nonlinearity")
    {
        Description = "Of a PyTorch RNN: tanh or relu",
        HelpName = "NAME",
    };
    private readonly Option<string?> answers = new("--answers")
    {
        Description = "Of a PyTorch model: whether its linear layer answers each step or the"
            + " sequence (default: step if it tells tokens)",
        HelpName = "step|sequence",
    };
    private readonly Option<string?> head = new("--head")
    {
        Description = "Of a PyTorch model: its linear layer, where several could be it",
        HelpName = "NAME",
    };
    private readonly Option<string?> embedding = new("--embedding")
    {
        Description = "Of a PyTorch model: its embedding, where several could be it",
        HelpName = "NAME",
    };

    public StateDictOptions()
    {
        nonlinearity.AcceptOnlyFromAmong("tanh", "relu");
        answers.AcceptOnlyFromAmong("step", "sequence");
    }

    public void AddTo(Command command)
    {
        command.Options.Add(nonlinearity);
        command.Options.Add(answers);
        command.Options.Add(head);
        command.Options.Add(embedding);
    }

    public StateDictHints Hints(Invocation invocation) => new(
        invocation.Get(nonlinearity),
        invocation.Get(answers) is { } told ? told == "step" : null,
        invocation.Get(head),
        invocation.Get(embedding));

    /// <exception cref="CommandFailedException">The file is no model, or not one that is supported.</exception>
    public ExchangedModel Read(Invocation invocation, string path) => ModelFiles.Guard(path, () => ModelExchange.Read(path, Hints(invocation)));
}
