namespace Fleet.Interchange.Arrays;

/// <summary>
/// Stands for a number that is not known before a model is run: element <paramref name="Index"/> of what <paramref name="Source"/>
/// gives. Layout operators move atoms as they move numbers, so where an atom ends up says what a graph does with it.
/// </summary>
internal readonly record struct Atom(object Source, int Index);
