using System.Text.Json.Serialization;

namespace OssCallbackFunctions.DeadLetters;

/// <summary>What is told of a dead letter.</summary>
/// <param name="Queue">Queue that it was on.</param>
/// <param name="Id">Its id, with the queue.</param>
/// <param name="Code">Stable code of why.</param>
/// <param name="Reason">For people.</param>
/// <param name="DiedAt">When it came to the poison queue.</param>
/// <param name="IsCut">Whether only the message's beginning is there, so that it cannot be sent back.</param>
/// <param name="Message">The message.</param>
public sealed record DeadLetterStatus(string Queue, string Id, string Code, string Reason, DateTimeOffset DiedAt, bool IsCut, string Message);

/// <summary>A page of dead letters.</summary>
/// <param name="DeadLetters">By queue, the newest first.</param>
/// <param name="Next">Give it as <c>after</c> to get the next page; null: there is none.</param>
public sealed record DeadLetterList(IReadOnlyList<DeadLetterStatus> DeadLetters, string? Next);

/// <summary>Which letters to send back.</summary>
/// <param name="Queue">Of this queue.</param>
/// <param name="Code">Those of this code; or else</param>
/// <param name="All">all of them.</param>
/// <param name="After">What <c>next</c> was; null: from the newest on.</param>
public sealed record DeadLetterOrder(string Queue = "", string? Code = null, bool All = false, string? After = null);

/// <summary>Which letters to drop.</summary>
/// <param name="Queue">Of this queue.</param>
/// <param name="Code">Those of this code; null: of any.</param>
/// <param name="Before">Those that died before this time; null: all.</param>
/// <param name="After">What <c>next</c> was; null: from the newest on.</param>
public sealed record DeadLetterPurge(string Queue = "", string? Code = null, DateTimeOffset? Before = null, string? After = null);

/// <summary>What was sent back.</summary>
/// <param name="Requeued">So many.</param>
/// <param name="Cut">So many were left, since they are not there as a whole.</param>
/// <param name="Next">Give it as <c>after</c> to go on; null: that is all.</param>
public sealed record RequeuedLetters(int Requeued, int Cut, string? Next);

/// <summary>What was dropped.</summary>
/// <param name="Purged">So many.</param>
/// <param name="Next">Give it as <c>after</c> to go on; null: that is all.</param>
public sealed record PurgedLetters(int Purged, string? Next);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true, AllowDuplicateProperties = false, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(DeadLetterStatus))]
[JsonSerializable(typeof(DeadLetterList))]
[JsonSerializable(typeof(DeadLetterOrder))]
[JsonSerializable(typeof(DeadLetterPurge))]
[JsonSerializable(typeof(RequeuedLetters))]
[JsonSerializable(typeof(PurgedLetters))]
internal sealed partial class DeadLetterStatusJson : JsonSerializerContext;
