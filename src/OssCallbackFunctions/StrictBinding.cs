using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OssCallbackFunctions;

/// <summary>Binds settings so that one which is not known, or cannot be read, stops the start: in dictionaries it would take its whole entry with it otherwise, and nobody would hear of it.</summary>
internal static class StrictBinding
{
    public static OptionsBuilder<T> BindStrictly<T>(this OptionsBuilder<T> builder, string section)
        where T : class =>
        builder.Configure<IConfiguration>((options, configuration) =>
        {
            try
            {
                configuration.GetSection(section).Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
            }
            catch (InvalidOperationException e)
            {
                // Some of the messages name the setting: which, depends on where it is.
                throw new InvalidOperationException($"The settings {section}__* cannot be read: {string.Join(" ", Causes(e).Select(cause => cause.Message))}", e);
            }
        });

    private static IEnumerable<Exception> Causes(Exception? exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }
}
