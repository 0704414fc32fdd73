using System.Text.Json.Serialization;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Whether a job overtakes others.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BulkUploadPriority>))]
public enum BulkUploadPriority
{
    /// <summary>In the order of their messages.</summary>
    [JsonStringEnumMemberName("normal")]
    Normal,

    /// <summary>By a queue of its own, so that it waits for no other job.</summary>
    [JsonStringEnumMemberName("urgent")]
    Urgent,
}
