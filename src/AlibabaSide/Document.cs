namespace AlibabaSide;

/// <summary>One of the documents.</summary>
/// <param name="Part">What it is asked for by.</param>
/// <param name="File">Name of the file that the commands keep it in.</param>
/// <param name="Title">What it is.</param>
/// <param name="Text">JSON or XML.</param>
public sealed record Document(string Part, string File, string Title, string Text);
