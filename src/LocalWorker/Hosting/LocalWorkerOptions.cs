using System.ComponentModel.DataAnnotations;

namespace LocalWorker.Hosting;

/// <summary>The section <c>LocalWorker</c>: what the host in Azure knows without being told.</summary>
internal sealed class LocalWorkerOptions
{
    public const string Section = "LocalWorker";

    /// <summary>Where to listen; several by ';'. Port 0 takes a free one.</summary>
    [Required]
    public string Urls { get; set; } = "http://127.0.0.1:7071";

    /// <summary>The host-wide function key. Without it every route of level Function answers 401.</summary>
    public string? FunctionKey { get; set; }

    /// <summary>The master key. Without it no route of level Admin opens.</summary>
    public string? MasterKey { get; set; }

    /// <summary>
    /// Proxies in front, by address or network such as <c>10.0.0.0/8</c>, separated by ';': their <c>X-Forwarded-Proto</c> and <c>X-Forwarded-Host</c> are believed, so that requests have the URL that
    /// callers used. Null: nobody's are.
    /// </summary>
    public string? Proxies { get; set; }

    /// <summary>How long a message that is being worked on stays hidden; renewed at half time. Lower it to see a crash made good sooner.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan MessageVisibility { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The name of the assembly with the functions. Null: the program itself.</summary>
    public string? FunctionsAssembly { get; set; }
}
