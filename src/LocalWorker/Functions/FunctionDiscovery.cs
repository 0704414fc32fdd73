using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace LocalWorker.Functions;

/// <summary>Finds the functions of an assembly; what the official build does in a source generator.</summary>
internal static class FunctionDiscovery
{
    private const BindingFlags DeclaredPublic = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>The functions of the public classes of <paramref name="assembly"/>, in the order of their names.</summary>
    /// <param name="assembly">Where the function classes are.</param>
    /// <param name="only">host.json's <c>functions</c>: the names of those to run. Empty: all.</param>
    /// <exception cref="InvalidOperationException">Two functions have one name, or a function has no trigger, or more than one.</exception>
    public static IReadOnlyList<Function> Find(Assembly assembly, IReadOnlyCollection<string> only)
    {
        Function[] functions =
        [
            .. from type in assembly.GetExportedTypes()
               where type.IsClass && !type.ContainsGenericParameters
               from method in type.GetMethods(DeclaredPublic)
               let attribute = method.GetCustomAttribute<FunctionAttribute>()
               where attribute is not null && (only.Count == 0 || only.Contains(attribute.Name, StringComparer.OrdinalIgnoreCase))
               orderby attribute.Name
               select Describe(attribute.Name, method),
        ];
        if (functions.GroupBy(function => function.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twins)
        {
            throw new InvalidOperationException(
                $"The function name '{twins.Key}' is used more than once: {string.Join(", ", twins.Select(function => function.EntryPoint))}.");
        }

        return functions;
    }

    private static Function Describe(string name, MethodInfo method)
    {
        var triggers = method.GetParameters()
            .Select(parameter => (Parameter: parameter, Trigger: parameter.GetCustomAttribute<TriggerBindingAttribute>()))
            .Where(candidate => candidate.Trigger is not null)
            .ToArray();
        return triggers is [var (parameter, trigger)]
            ? new Function(name, method, parameter, trigger!)
            : throw new InvalidOperationException(
                $"Function '{name}' ({method.DeclaringType!.FullName}.{method.Name}) has {triggers.Length} trigger parameters; it must have one.");
    }
}
